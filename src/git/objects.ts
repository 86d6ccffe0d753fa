import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { GitError, type GitPlace, gitArguments, gitEnvironment, startError } from './run.ts';

/** A file's content that is larger is not read. Python source of this size is data. */
export const MOST_BYTES = 5_000_000;

export type Blob = { readonly bytes: Buffer } | { readonly tooLarge: number };

/**
 * Reads many objects through one long-lived `git cat-file`: no process for each file.
 * Requests are object ids only, so no name can break the line protocol
 * (https://git-scm.com/docs/git-cat-file#_batch_output).
 */
export class ObjectReader {
  private readonly sizes: BatchProcess;
  private readonly contents: BatchProcess;

  constructor(place: GitPlace) {
    this.sizes = new BatchProcess(place, '--batch-check');
    this.contents = new BatchProcess(place, '--batch');
  }

  /** The blobs that exist, by object id. @throws {GitError} failed */
  async blobs(ids: Iterable<string>): Promise<Map<string, Blob>> {
    const wanted = [...new Set(ids)];
    const headers = await Promise.all(wanted.map((id) => this.sizes.request(id)));
    const found = new Map<string, Blob>();
    await Promise.all(
      wanted.map(async (id, at) => {
        const header = headers[at];
        if (header?.type !== 'blob') return;
        if (header.size > MOST_BYTES) found.set(id, { tooLarge: header.size });
        else {
          const object = await this.contents.request(id);
          if (object) found.set(id, { bytes: object.bytes });
        }
      }),
    );
    return found;
  }

  /** Ends the processes; the reader can be used again and then starts new ones. */
  close(): void {
    this.sizes.close();
    this.contents.close();
  }
}

interface GitObject {
  readonly type: string;
  readonly size: number;
  /** Empty for --batch-check. */
  readonly bytes: Buffer;
}

interface Pending {
  resolve(object: GitObject | undefined): void;
  reject(error: Error): void;
}

/** One `git cat-file` that answers requests in order. */
class BatchProcess {
  private readonly place: GitPlace;
  private readonly mode: '--batch' | '--batch-check';
  private child: ChildProcessWithoutNullStreams | undefined;
  private readonly pending: Pending[] = [];
  private chunks: Buffer[] = [];
  private available = 0;
  /** Bytes that must be there before the next answer can be complete. */
  private needed = 1;

  constructor(place: GitPlace, mode: '--batch' | '--batch-check') {
    this.place = place;
    this.mode = mode;
  }

  request(id: string): Promise<GitObject | undefined> {
    if (!/^[0-9a-f]{40,64}$/.test(id)) throw new TypeError(`not an object id: ${JSON.stringify(id)}`);
    return new Promise((resolve, reject) => {
      this.child ??= this.start();
      this.pending.push({ resolve, reject });
      this.child.stdin.write(`${id}\n`);
    });
  }

  close(): void {
    const child = this.child;
    this.child = undefined;
    child?.stdin.end();
    this.fail(new GitError('failed', 'the reading of objects was stopped'));
  }

  private start(): ChildProcessWithoutNullStreams {
    const child = spawn('git', gitArguments(this.place, ['cat-file', this.mode]), {
      env: gitEnvironment(this.place.environment),
      windowsHide: true,
    });
    let said = '';
    const isCurrent = () => this.child === child;
    child.stdout.on('data', (chunk: Buffer) => isCurrent() && this.receive(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      if (said.length < 1000) said += chunk.toString();
    });
    child.stdin.on('error', () => {}); // EPIPE: 'close' tells why
    child.on('error', (error) => isCurrent() && this.fail(startError(error)));
    child.on('close', () => {
      if (!isCurrent()) return;
      this.child = undefined;
      this.fail(new GitError('failed', `git cat-file ended: ${said.trim() || 'no reason given'}`));
    });
    return child;
  }

  private fail(error: Error): void {
    this.chunks = [];
    this.available = 0;
    this.needed = 1;
    for (const { reject } of this.pending.splice(0)) reject(error);
  }

  private receive(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.available += chunk.length;
    if (this.available < this.needed) return;
    let rest = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks);
    this.needed = 1;
    while (rest.length > 0) {
      const lineEnd = rest.indexOf(10);
      if (lineEnd < 0) {
        this.needed = rest.length + 1;
        break;
      }
      const [, type = '', size = ''] = rest.toString('latin1', 0, lineEnd).split(' ');
      let end = lineEnd + 1;
      let object: GitObject | undefined;
      // "<id> missing", "<id> ambiguous" have no size.
      if (/^\d+$/.test(size)) {
        if (this.mode === '--batch') end += Number(size) + 1;
        if (rest.length < end) {
          this.needed = end;
          break;
        }
        const bytes = this.mode === '--batch' ? Buffer.from(rest.subarray(lineEnd + 1, end - 1)) : EMPTY;
        object = { type, size: Number(size), bytes };
      }
      this.pending.shift()?.resolve(object);
      rest = rest.subarray(end);
    }
    this.chunks = rest.length > 0 ? [rest] : [];
    this.available = rest.length;
  }
}

const EMPTY = Buffer.alloc(0);
