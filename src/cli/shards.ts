import type { WorkerAnswer, WorkerOutcome } from '../review/workers.ts';

/**
 * Divides sorted paths into runs of at most `most` files, cut where the directory changes if possible: files of one
 * directory import one another, and what a shard imports is read again for each shard.
 */
export function shards(sorted: readonly string[], most: number): string[][] {
  const found: string[][] = [];
  let current: string[] = [];
  for (const group of byDirectory(sorted)) {
    if (current.length > 0 && current.length + group.length > most) {
      found.push(current);
      current = [];
    }
    for (const path of group) {
      if (current.length === most) {
        found.push(current);
        current = [];
      }
      current.push(path);
    }
  }
  if (current.length > 0) found.push(current);
  return found;
}

function byDirectory(paths: readonly string[]): string[][] {
  return [...Map.groupBy(paths, (path) => path.slice(0, path.lastIndexOf('/') + 1)).values()];
}

/**
 * Runs a shard. Where it breaks the time or memory limit of a worker its halves are run, until the file that does it
 * stands alone and is reported as skipped.
 */
export async function runShard(
  shard: readonly string[],
  run: (targets: readonly string[]) => Promise<WorkerOutcome>,
): Promise<WorkerAnswer[]> {
  const outcome = await run(shard);
  if ('answer' in outcome) return [outcome.answer];
  if (shard.length === 1) return [skipped(shard[0]!, outcome.detail)];
  const middle = shard.length >> 1;
  const halves = [shard.slice(0, middle), shard.slice(middle)];
  return (await Promise.all(halves.map((half) => runShard(half, run)))).flat();
}

function skipped(path: string, why: string): WorkerAnswer {
  const problems = [{ reason: 'internal-error' as const, detail: `the analysis was stopped: ${why}` }];
  return {
    findings: [],
    practices: [],
    controls: [],
    contracts: [],
    files: [{ path, role: 'production', status: 'skipped', problems }],
    wanted: [],
    ignoreComments: [],
  };
}
