import Parser from 'tree-sitter';
import Python from 'tree-sitter-python';
import type { Comment, UnreadRange } from './ast.ts';

const parser = new Parser();
parser.setLanguage(Python as unknown as Parser.Language);

/** The binding copies at most 32 KB at a time, so text is handed over in pieces of UTF-16 units. */
const CHUNK = 16_000;

/** The grammar's names of node types by their ids, learnt as they come: a number crosses from native code cheaply. */
const TYPE_NAMES: string[] = [];

/** Identifiers as they are written, and as Python reads them. */
const NAMES = new Map<string, string>();
const MOST_NAMES = 500_000;

const COMMENT = 'comment';
const LINE_CONTINUATION = 'line_continuation';
export const ERROR = 'ERROR';

/**
 * Walks the native tree of one text, once, for the functions that lower it. The cursor stands on one node;
 * `enter` and `leave` come in pairs, also on nodes without children. Comments are collected on the way; what
 * the grammar could not read is stepped over and recorded.
 *
 * Every call into native code costs about 100 ns, more than everything else that is done for a node.
 */
export class TreeReader {
  readonly text: string;
  readonly comments: Comment[] = [];
  readonly unread: UnreadRange[] = [];
  /** Whether the grammar could not read some of the text. */
  readonly broken: boolean;
  /** Whether the grammar could make nothing of the text as a whole: its root is an error. */
  readonly isUnreadable: boolean;
  /** How deep the expression and the statement in work are nested. */
  expressionDepth = 0;
  statementDepth = 0;

  private readonly cursor: Parser.TreeCursor;
  /** The current node's start, or -1 while it is not known. */
  private knownStart = 0;
  /** How often a node without children was entered. */
  private leafDepth = 0;

  /** Where the part that is parsed begins in the text. */
  private readonly base: number;

  /** Parses a text, or only the part from..to of it; all positions are those in the text. */
  constructor(text: string, from = 0, to = text.length) {
    this.text = text;
    this.base = from;
    const source = withPlainLineBreaks(text.slice(from, to));
    const tree = parser.parse((offset) => source.slice(offset, offset + CHUNK));
    this.isUnreadable = tree.rootNode.type === ERROR;
    this.broken = tree.rootNode.hasError;
    this.cursor = tree.walk();
    this.knownStart = -1;
  }

  get start(): number {
    if (this.knownStart < 0) this.knownStart = this.cursor.startIndex + this.base;
    return this.knownStart;
  }

  get end(): number {
    return this.cursor.endIndex + this.base;
  }

  /** Goes to the first child and returns its type; '' when there is none. */
  enter(): string {
    const type = this.enterAny();
    return isExtra(type) ? this.skip(type) : type;
  }

  /** Goes to the next sibling and returns its type; '' when there is none. */
  next(): string {
    const type = this.nextAny();
    return isExtra(type) ? this.skip(type) : type;
  }

  leave(): void {
    this.knownStart = -1;
    if (this.leafDepth > 0) this.leafDepth--;
    else this.cursor.gotoParent();
  }

  /** Like `enter`, but stops at comments and errors too. */
  enterAny(): string {
    // The first child begins where its parent begins, so a start that is known stays known.
    if (this.leafDepth === 0 && this.cursor.gotoFirstChild()) return this.type();
    this.leafDepth++;
    return '';
  }

  /** Like `next`, but stops at comments and errors too. */
  nextAny(): string {
    if (this.leafDepth > 0 || !this.cursor.gotoNextSibling()) return '';
    this.knownStart = -1;
    return this.type();
  }

  /** Goes to the last child, without a look at the others, and returns its type; '' when there is none. */
  enterLast(): string {
    if (this.leafDepth === 0 && this.cursor.gotoLastChild()) {
      this.knownStart = -1;
      return this.type();
    }
    this.leafDepth++;
    return '';
  }

  /**
   * The identifier at `start`..`end`. Python normalises identifiers, so that `ｅｖａｌ` is `eval`
   * (https://docs.python.org/3/reference/lexical_analysis.html#identifiers). Equal ones are one string: it is
   * hashed once, compared at a glance and kept once.
   */
  identifier(start: number, end: number): string {
    const name = this.text.slice(start, end);
    const known = NAMES.get(name);
    if (known !== undefined) return known;
    if (NAMES.size >= MOST_NAMES) NAMES.clear();
    const identifier = isAscii(name) ? name : name.normalize('NFKC');
    const kept = copied(identifier);
    NAMES.set(identifier === name ? kept : copied(name), kept);
    return kept;
  }

  /** Where the identifier that begins at `start` ends; asks the native tree only for letters beyond ASCII. */
  identifierEnd(start: number): number {
    let end = start;
    while (isIdentifierUnit(this.text.charCodeAt(end))) end++;
    return this.broken || this.text.charCodeAt(end) > 127 ? this.end : end;
  }

  /** Where the identifier that ends at `end` begins; -1 when that takes a look at the native tree. */
  identifierStart(end: number): number {
    let start = end;
    while (start > 0 && isIdentifierUnit(this.text.charCodeAt(start - 1))) start--;
    return this.broken || start === end || this.text.charCodeAt(start - 1) > 127 ? -1 : start;
  }

  addComment(): void {
    const { start, end } = this;
    this.comments.push({ start, end, text: this.text.slice(start, end) });
  }

  addUnread(start: number, end: number, reason: UnreadRange['reason']): void {
    if (start === end || this.text.slice(start, end).trim() !== '') this.unread.push({ start, end, reason });
  }

  private type(): string {
    const id = this.cursor.nodeTypeId;
    let name = TYPE_NAMES[id];
    if (name === undefined) {
      name = this.cursor.nodeType;
      TYPE_NAMES[id] = name;
    }
    if (this.broken && this.cursor.nodeIsMissing) this.addUnread(this.start, this.start, 'syntax-error');
    return name;
  }

  /** From a comment or an error on to the next sibling that is neither. */
  private skip(extra: string): string {
    let type = extra;
    while (isExtra(type)) {
      if (type === COMMENT) this.addComment();
      else if (type === ERROR) this.addUnread(this.start, this.end, 'syntax-error');
      type = this.nextAny();
    }
    return type;
  }
}

/** A lone `\r` ends a line for Python, but not for the grammar. The length stays. */
function withPlainLineBreaks(text: string): string {
  return text.includes('\r') ? text.replace(/\r(?!\n)/g, '\n') : text;
}

function isIdentifierUnit(unit: number): boolean {
  return (
    (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || unit === 95 || (unit >= 48 && unit <= 57)
  );
}

/** The same text with memory of its own: a slice keeps the file that it was cut from. A key of an object is none. */
function copied(text: string): string {
  return Object.keys({ [text]: true })[0]!;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

function isExtra(type: string): boolean {
  return type === COMMENT || type === LINE_CONTINUATION || type === ERROR;
}
