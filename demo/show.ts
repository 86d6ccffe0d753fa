import type { PullRequestView, ThreadView } from '../test/simulated-github/view.ts';
import { type Colors, markdownLines } from './markdown.ts';

/** Lines of the diff above a comment that are shown, as GitHub shows the last few. */
const CONTEXT = 4;
const WIDTH = 100;

/** What a person sees on the page of a pull request, for a terminal. */
export class Page {
  private readonly colors: Colors;
  private readonly write: (line: string) => void;

  constructor(colors: Colors, write: (line: string) => void) {
    this.colors = colors;
    this.write = write;
  }

  heading(text: string): void {
    this.write('');
    this.write(this.colors.bold(text));
    this.write(this.colors.dim('─'.repeat(WIDTH)));
  }

  note(text: string): void {
    this.write(this.colors.dim(text));
  }

  /** A review comment below its lines of the diff. */
  thread(thread: ThreadView): void {
    const { colors } = this;
    const comment = thread.comments[0];
    if (!comment) return;
    const place = `${thread.path}${thread.originalLine === null ? '' : ` line ${thread.originalLine}`}`;
    this.write('');
    this.write(colors.underline(place));
    for (const line of thread.diffHunk.split('\n').slice(-CONTEXT)) this.write(`  ${diffLine(line, colors)}`);
    this.write(`  ${colors.dim('╭')} ${colors.bold(comment.author)}`);
    for (const line of markdownLines(comment.body, colors, WIDTH - 4))
      this.write(`  ${colors.dim('│')} ${line}`);
    this.write(`  ${colors.dim('╰')}`);
  }

  /** What became of a thread, in a line. */
  threadState(thread: ThreadView): void {
    const { colors } = this;
    const hidden = thread.comments[0]?.minimizedReason;
    const state = thread.isResolved ? 'resolved' : hidden ? `hidden as ${hidden}` : 'open';
    const mark = state === 'open' ? colors.red('●') : colors.green('✓');
    this.write(`${mark} ${thread.path} line ${thread.originalLine}: ${state}`);
  }

  checkRun(run: PullRequestView['checkRuns'][number]): void {
    const { colors } = this;
    const mark = run.conclusion === 'success' ? colors.green('✓') : colors.red('✗');
    this.write(`${mark} ${colors.bold(run.name)}  ${run.title ?? ''} ${colors.dim(`(${run.conclusion})`)}`);
    this.write('');
    for (const line of markdownLines(run.summary ?? '', colors, WIDTH - 2)) this.write(`  ${line}`.trimEnd());
  }
}

function diffLine(line: string, colors: Colors): string {
  if (line.startsWith('+')) return colors.green(line);
  if (line.startsWith('-')) return colors.red(line);
  return colors.dim(line);
}
