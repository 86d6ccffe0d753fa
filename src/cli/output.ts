import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import picocolors from 'picocolors';
import { RULES } from '../engine/rules/index.ts';
import { jsonReport } from '../report/json.ts';
import type { Outcome } from '../report/outcome.ts';
import { sarifLog } from '../report/sarif.ts';
import { terminalReport } from '../report/terminal.ts';
import { visible } from '../report/visible.ts';
import type { PullRequest } from '../review/change.ts';
import type { Console } from './console.ts';
import { type ExitCode, Failure } from './failure.ts';
import { VERSION } from './version.ts';

export interface OutputOptions {
  /** A file to write to instead of standard output. */
  readonly output?: string;
  readonly advisories?: boolean;
}

/** The outcome as text, JSON or SARIF. */
export function render(
  outcome: Outcome,
  format: 'text' | 'json' | 'sarif',
  options: OutputOptions,
  console: Console,
  more: { pullRequest?: PullRequest; source: (path: string) => string | undefined },
): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(jsonReport(outcome, VERSION, more.pullRequest), null, 2)}\n`;
    case 'sarif':
      return `${JSON.stringify(sarifLog(outcome, { version: VERSION, rules: RULES }), null, 2)}\n`;
    case 'text':
      return terminalReport(outcome, {
        colors: options.output === undefined ? console.colors : picocolors.createColors(false),
        advisories: options.advisories ?? false,
        source: more.source,
      });
  }
}

/** Prints a report, or writes it to the file that was asked for. @throws {Failure} when it cannot be written */
export async function deliver(report: string, options: OutputOptions, console: Console): Promise<void> {
  if (options.output === undefined) {
    console.print(report);
    return;
  }
  const file = resolve(console.directory, options.output);
  try {
    await writeFile(file, report);
  } catch (error) {
    throw new Failure(
      `${visible(file)} cannot be written: ${reason(error)}. Name another file with --output.`,
    );
  }
}

export function exitCodeOf(outcome: Pick<Outcome, 'defects'>): ExitCode {
  return outcome.defects.length > 0 ? 1 : 0;
}

/** The system's word for an error of the file system, in words. */
export function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  const words: Record<string, string> = {
    ENOENT: 'there is no such file or directory',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EISDIR: 'it is a directory',
    ENOTDIR: 'a part of the path is not a directory',
    ENOSPC: 'the disk is full',
    EROFS: 'the file system is read-only',
  };
  return (code && words[code]) || (error instanceof Error ? error.message : String(error));
}
