/** Where a stretch of text lies: lines and columns from 1; columns count UTF-16 units, the end is exclusive. */
export interface Span {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Turns offsets of one text into lines. `\n`, `\r\n` and a lone `\r` end a line, as in Python. */
export class LineIndex {
  /** The offset at which each line begins. */
  private readonly starts: number[] = [0];
  readonly text: string;

  constructor(text: string) {
    this.text = text;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit === 10 || (unit === 13 && text.charCodeAt(i + 1) !== 10)) this.starts.push(i + 1);
    }
  }

  get lineCount(): number {
    return this.starts.length;
  }

  /** The line, from 1, that holds the offset. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** The offset at which a line, from 1, begins. */
  startOf(line: number): number {
    return this.starts[line - 1] ?? this.text.length;
  }

  /** A line's text without its line break. */
  textOf(line: number): string {
    return this.text.slice(this.startOf(line), this.startOf(line + 1)).replace(/[\r\n]+$/, '');
  }

  span(start: number, end: number): Span {
    const startLine = this.lineAt(start);
    const endLine = this.lineAt(Math.max(start, end));
    return {
      startLine,
      startColumn: start - this.startOf(startLine) + 1,
      endLine,
      endColumn: end - this.startOf(endLine) + 1,
    };
  }
}
