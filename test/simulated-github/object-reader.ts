import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

/** Reads objects through one long-lived `git cat-file --batch`, since a process for each would be slow. */
export class ObjectReader {
  private readonly directory: string;
  private readonly environment: NodeJS.ProcessEnv;
  private process: ChildProcessWithoutNullStreams | undefined;
  private received = Buffer.alloc(0);
  private readonly waiting: ((blob: Buffer | undefined) => void)[] = [];

  constructor(directory: string, environment: NodeJS.ProcessEnv) {
    this.directory = directory;
    this.environment = environment;
  }

  /** A blob's bytes; undefined where there is no such blob. */
  blob(sha: string): Promise<Buffer | undefined> {
    if (!/^[0-9a-f]{40}$/.test(sha)) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.started().stdin.write(`${sha}\n`);
    });
  }

  stop(): void {
    this.process?.kill();
  }

  private started(): ChildProcessWithoutNullStreams {
    if (!this.process) {
      this.process = spawn('git', ['cat-file', '--batch'], { cwd: this.directory, env: this.environment });
      this.process.stdout.on('data', (chunk: Buffer) => {
        this.received = Buffer.concat([this.received, chunk]);
        while (this.takeOne());
      });
    }
    return this.process;
  }

  /** `<sha> <type> <size>` LF, the bytes, LF; or `<sha> missing` LF. */
  private takeOne(): boolean {
    const end = this.received.indexOf(10);
    if (end < 0) return false;
    const [, type, size] = this.received.toString('latin1', 0, end).split(' ');
    if (type === 'missing') {
      this.received = this.received.subarray(end + 1);
      this.waiting.shift()?.(undefined);
      return true;
    }
    const next = end + 1 + Number(size);
    if (this.received.length <= next) return false;
    const bytes = this.received.subarray(end + 1, next);
    this.received = this.received.subarray(next + 1);
    this.waiting.shift()?.(type === 'blob' ? bytes : undefined);
    return true;
  }
}
