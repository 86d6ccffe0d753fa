import type { Span } from './syntax/lines.ts';

/** What a reader of a review wants to know was looked at. Every rule belongs to one. */
export const ASPECTS = {
  access: 'Access and privilege',
  network: 'Network exposure',
  secrets: 'Secrets and keys',
  injection: 'Injection',
  parsing: 'Parsing and deserialization',
  cryptography: 'Cryptography and TLS',
  validation: 'Input validation',
  errors: 'Error handling',
  resources: 'Resource cleanup',
  concurrency: 'Concurrency',
  exposure: 'Logging and data exposure',
  isolation: 'Test isolation',
  configuration: 'Configuration',
} as const;
export type Aspect = keyof typeof ASPECTS;

/** defect: the code shows the evidence. advisory: it depends on context that the code does not show. */
export type Kind = 'defect' | 'advisory';
export type Severity = 'critical' | 'high' | 'medium' | 'low';
export type Confidence = 'high' | 'medium' | 'low';

/** A name, a path or a piece of code, quoted from the analysed file: hostile text, escaped where it is shown. */
export interface Code {
  readonly code: string;
}
/** Words of ours, with quoted code between them. */
export type RichText = readonly (string | Code)[];

/** A place in one version of one file. The path is relative to the repository, with `/`. */
export interface Location extends Span {
  readonly path: string;
}

/** One step on the way from cause to consequence. */
export interface TraceStep {
  readonly location: Location;
  readonly text: RichText;
}

/** Whole lines to put in place of the lines startLine..endLine of a file; `lines` without line breaks. */
export interface Replacement {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly lines: readonly string[];
}

export interface Fix {
  /** What to do, in words. */
  readonly text: RichText;
  /** Only where it is certain. */
  readonly replacement?: Replacement;
}

export interface Finding {
  readonly ruleId: string;
  /** Most specific first. */
  readonly cwe: readonly number[];
  readonly aspect: Aspect;
  readonly kind: Kind;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** One sentence that names what is in the code. */
  readonly message: RichText;
  /** Where it shows: for a flow the sink. */
  readonly location: Location;
  /** The enclosing function or class, dotted; '' at module level. */
  readonly symbol: string;
  /** In order, from the source to the sink. Empty when the location says it all. */
  readonly trace: readonly TraceStep[];
  readonly fix: Fix;
  /**
   * The same finding in another version of the file has the same fingerprint: made of rule, path, enclosing
   * symbol and the code in question without layout, not of line numbers. Hexadecimal.
   */
  readonly fingerprint: string;
  /** Advisories marked quiet are listed in the summary only, whatever the configuration asks. */
  readonly quiet: boolean;
}

/** A line of good practice that was seen: what makes an aspect clear. */
export interface Practice {
  readonly aspect: Aspect;
  readonly location: Location;
  readonly text: RichText;
}

/** `text\`The argument ${code(name)} …\`` builds a RichText. */
export function text(
  strings: TemplateStringsArray,
  ...values: readonly (Code | RichText | string | number)[]
): RichText {
  const out: (string | Code)[] = [];
  strings.forEach((piece, i) => {
    if (piece) out.push(piece);
    const value = values[i];
    if (value === undefined) return;
    if (typeof value === 'object' && Symbol.iterator in value) out.push(...(value as RichText));
    else if (typeof value === 'object') out.push(value as Code);
    else out.push(String(value));
  });
  return out;
}

/** Quotes code; longer pieces are cut in the middle of nothing: at `limit` characters, with an ellipsis. */
export function code(value: string, limit = 80): Code {
  const flat = value.replace(/\s+/g, ' ').trim();
  return { code: flat.length > limit ? `${flat.slice(0, limit - 1)}…` : flat };
}

/** The plain words of a rich text, code in backticks. */
export function plain(rich: RichText): string {
  return rich.map((part) => (typeof part === 'string' ? part : `\`${part.code}\``)).join('');
}
