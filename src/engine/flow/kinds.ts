/**
 * The kinds of sink: what a value must not carry outside input into. Libraries say which call is of which kind,
 * sanitizers and guards say which kinds a value is clean for, rules say which kinds they report.
 */
export const SINK_KINDS = {
  shell: 'text run by a shell',
  program: 'the program that is started',
  argument: 'an argument of a started program',
  environment: 'an environment variable of a started program',
  'remote-command': 'a command run on another host',
  sql: 'SQL text',
  nosql: 'a query document of a NoSQL store',
  'query-text': 'a query of a NoSQL store that is written as text',
  'ldap-filter': 'an LDAP search filter',
  'ldap-dn': 'an LDAP distinguished name',
  xpath: 'an XPath expression',
  xslt: 'an XSLT stylesheet',
  xml: 'XML markup built as text',
  'xml-parse': 'XML parsed with external entities',
  code: 'Python code that is evaluated',
  'js-code': 'JavaScript code that is evaluated',
  import: 'the name of an imported module',
  attribute: 'the name of an attribute or global that is looked up',
  template: 'the source of a template',
  format: 'a format string',
  prompt: 'the instructions of a language model',
  html: 'an HTML page',
  'mail-html': 'the HTML body of an e-mail',
  'mail-header': 'a header of an e-mail',
  url: 'the address of a request made by the server',
  redirect: 'the target of a redirect',
  path: 'a file path',
  'archive-member': 'the path of an extracted archive member',
  archive: 'an archive that is extracted or decompressed',
  'file-content': 'the content of a file that is written',
  upload: 'an uploaded file stored under a name of the client',
  header: 'a response header',
  'cookie-name': 'the name of a cookie',
  'cookie-value': 'the value of a cookie',
  log: 'a log line',
  csv: 'a cell of a spreadsheet',
  deserialize: 'data decoded by a format that can execute code',
  regex: 'a regular expression',
  'regex-subject': 'text matched against a slow regular expression',
  'unicode-normalize': 'text of any length that is normalised',
  'mass-assignment': 'the fields of a stored object',
  session: 'the session, which the server trusts',
  size: 'a size, count or duration',
  'number-parse': 'a number parsed from text, where the failure is not handled',
  truncation: 'an integer narrowed to a fixed width',
  signal: 'the process that gets a signal',
  container: 'the image or settings of a started container',
  response: 'the body of a response',
  'secret-out': 'a place where a secret becomes readable',
  resource: 'the settings of a created resource',
} as const;

export type SinkKind = keyof typeof SINK_KINDS;

/** remote: HTTP, sockets, queues, uploads, RPC. stored: database, cache, files that others write. local: arguments, environment, own files. caller: parameters of a library's public functions. */
export type SourceLevel = 'remote' | 'stored' | 'local' | 'caller';

/**
 * What has been established about a value besides the kinds it is clean for: half of a check that needs two halves
 * (`normalized` path, then a prefix check), or what the value is (`secret`, `exception`).
 */
export type Mark =
  | 'normalized'
  | 'decoded'
  | 'url-host-checked'
  | 'secret'
  | 'exception'
  | 'json'
  /** What `json.dumps` wrote: quotes and line breaks are escaped in it, `<` is not. */
  | 'json-text'
  | 'file-name'
  /** The host of an address. */
  | 'host'
  /** What begins with a slash: behind a host it is a path. */
  | 'rooted'
  /** A path without `..`, and one that does not begin at the root. */
  | 'no-parent'
  | 'relative'
  /** Not the thing itself, but what is kept in it under keys or at places. */
  | 'entries'
  /** What a validated form or serializer made of a field: text, a number, an upload, or a row of the database. */
  | 'field';

const BITS = new Map<string, bigint>();
function bitOf(name: string): bigint {
  let bit = BITS.get(name);
  if (bit === undefined) {
    bit = 1n << BigInt(BITS.size);
    BITS.set(name, bit);
  }
  return bit;
}
for (const kind of Object.keys(SINK_KINDS)) bitOf(kind);
const ALL_KINDS_MASK = (1n << BigInt(BITS.size)) - 1n;

/** An immutable, interned set of sink kinds and marks: equal sets are the same object. */
export class KindSet {
  private static readonly interned = new Map<bigint, KindSet>();
  static readonly none: KindSet = KindSet.intern(0n);
  /** Clean for everything. */
  static readonly all: KindSet = KindSet.intern(ALL_KINDS_MASK);

  private readonly mask: bigint;

  private constructor(mask: bigint) {
    this.mask = mask;
  }

  private static intern(mask: bigint): KindSet {
    let set = KindSet.interned.get(mask);
    if (!set) {
      set = new KindSet(mask);
      KindSet.interned.set(mask, set);
    }
    return set;
  }

  static of(...names: readonly (SinkKind | Mark)[]): KindSet {
    let mask = 0n;
    for (const name of names) mask |= bitOf(name);
    return KindSet.intern(mask);
  }

  static except(...names: readonly SinkKind[]): KindSet {
    let mask = ALL_KINDS_MASK;
    for (const name of names) mask &= ~bitOf(name);
    return KindSet.intern(mask);
  }

  /** The kinds without the marks, as bits that mean the same in every thread. */
  get kinds(): bigint {
    return this.mask & ALL_KINDS_MASK;
  }

  has(name: SinkKind | Mark): boolean {
    return (this.mask & bitOf(name)) !== 0n;
  }

  with(other: KindSet): KindSet {
    return other === this || other.mask === 0n ? this : KindSet.intern(this.mask | other.mask);
  }

  /** What both sets hold. */
  and(other: KindSet): KindSet {
    return other === this ? this : KindSet.intern(this.mask & other.mask);
  }

  without(other: KindSet): KindSet {
    return other.mask === 0n ? this : KindSet.intern(this.mask & ~other.mask);
  }
}

/** What a number or a date cannot do harm to: it holds no text, but it can still be large or meant for nobody. */
export const NUMBER_IS_HARMLESS: KindSet = KindSet.except(
  'size',
  'truncation',
  'number-parse',
  'signal',
  'resource',
  'response',
);

/** Numbers and names of letters and digits can still be large. */
export const WORD: KindSet = KindSet.except(
  'size',
  'truncation',
  'number-parse',
  'resource',
  'response',
  'mass-assignment',
  'session',
  'secret-out',
  'prompt',
);
