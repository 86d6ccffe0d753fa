import { resolve } from 'node:path';
import picocolors from 'picocolors';
import type { Colors } from 'picocolors/types.js';

/** What a command has of the process that it runs in. */
export interface Console {
  /** The directory in which the person stands; paths are relative to it. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** For standard output: without colours in a pipe and where NO_COLOR is set. */
  readonly colors: Colors;
  readonly progress: Progress;
  /** Writes to standard output. */
  print(text: string): void;
  /** Writes a line to standard error. */
  note(text: string): void;
}

export interface Progress {
  /** Shows what is being done, in place of what was shown before; nothing where nobody watches. */
  show(text: string): void;
  /** Takes the line away, before other output. */
  clear(): void;
}

export function processConsole(process: NodeJS.Process): Console {
  const environment = process.env;
  const progress = progressLine(process.stderr);
  return {
    directory: standingDirectory(process.cwd(), environment),
    environment,
    colors: picocolors.createColors(wantsColors(process.stdout, environment)),
    progress,
    print: (text) => {
      progress.clear();
      process.stdout.write(text);
    },
    note: (text) => {
      progress.clear();
      process.stderr.write(`${text}\n`);
    },
  };
}

/** `npm run` changes into the package's directory and says in INIT_CWD where it was called. */
function standingDirectory(current: string, environment: NodeJS.ProcessEnv): string {
  const isOwnScript =
    environment.npm_lifecycle_event === 'patchwarden' && environment.npm_package_name === 'patchwarden';
  return isOwnScript && environment.INIT_CWD ? resolve(environment.INIT_CWD) : current;
}

/** https://no-color.org: any value but an empty one. */
function wantsColors(stream: { isTTY?: boolean }, environment: NodeJS.ProcessEnv): boolean {
  if (environment.NO_COLOR) return false;
  if (environment.FORCE_COLOR) return environment.FORCE_COLOR !== '0';
  return stream.isTTY === true && environment.TERM !== 'dumb';
}

function progressLine(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { show: () => {}, clear: () => {} };
  let isShown = false;
  return {
    show(text) {
      const width = Math.max(20, (stream.columns ?? 80) - 1);
      stream.write(`\r\u001b[2K${text.slice(0, width)}`);
      isShown = true;
    },
    clear() {
      if (isShown) stream.write('\r\u001b[2K');
      isShown = false;
    },
  };
}
