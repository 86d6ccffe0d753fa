import fc from 'fast-check';
import { runShard, shards } from '../../src/cli/shards.ts';
import type { WorkerAnswer } from '../../src/review/workers.ts';

test('directories stay together where they fit', () => {
  const paths = ['a/1', 'a/2', 'a/3', 'b/1', 'b/2', 'c/1', 'c/2', 'c/3', 'c/4', 'c/5', 'c/6'];
  expect(shards(paths, 5)).toEqual([
    ['a/1', 'a/2', 'a/3', 'b/1', 'b/2'],
    ['c/1', 'c/2', 'c/3', 'c/4', 'c/5'],
    ['c/6'],
  ]);
  expect(shards(paths, 4)[0]).toEqual(['a/1', 'a/2', 'a/3']);
});

test('every path is in one shard, and no shard is too large', () => {
  const path = fc
    .tuple(fc.constantFrom('', 'a/', 'a/b/', 'c/'), fc.nat(50))
    .map(([directory, n]) => `${directory}${n}`);
  fc.assert(
    fc.property(fc.uniqueArray(path), fc.integer({ min: 1, max: 7 }), (paths, most) => {
      const sorted = paths.sort();
      const divided = shards(sorted, most);
      expect(divided.flat().sort()).toEqual(sorted);
      for (const shard of divided) {
        expect(shard.length).toBeGreaterThan(0);
        expect(shard.length).toBeLessThanOrEqual(most);
      }
    }),
  );
});

test('a file that breaks the worker is left out alone', async () => {
  const run = async (targets: readonly string[]) => {
    if (targets.includes('bad.py')) return { failure: 'timeout' as const, detail: 'it took longer than 1 s' };
    const files = targets.map(
      (path) => ({ path, role: 'production', status: 'analysed', problems: [] }) as const,
    );
    const answer: WorkerAnswer = {
      findings: [],
      practices: [],
      controls: [],
      contracts: [],
      files,
      wanted: [],
      ignoreComments: [],
    };
    return { answer };
  };
  const answers = await runShard(['1.py', '2.py', 'bad.py', '4.py', '5.py'], run);
  const files = answers.flatMap((answer) => answer.files);
  expect(files.map(({ path, status }) => [path, status])).toEqual([
    ['1.py', 'analysed'],
    ['2.py', 'analysed'],
    ['bad.py', 'skipped'],
    ['4.py', 'analysed'],
    ['5.py', 'analysed'],
  ]);
  expect(files[2]!.problems).toEqual([
    { reason: 'internal-error', detail: 'the analysis was stopped: it took longer than 1 s' },
  ]);
});
