import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Hunk } from '../../src/review/change.ts';
import { diffHunks, PatchError, parsePatch } from '../../src/review/hunks.ts';

const lineOfText = fc.constantFrom(
  'a',
  'b',
  'c',
  'd',
  '',
  '  x',
  '-',
  '+',
  '@@ -1 +1 @@',
  '\\ No',
  'e\r',
  '--- a',
  '+++ b',
);
const fileText = fc
  .tuple(fc.array(lineOfText, { maxLength: 40 }), fc.boolean())
  .map(([lines, isEnded]) => lines.join('\n') + (isEnded && lines.length > 0 ? '\n' : ''));

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => line.replace(/\r$/, ''));
}

/** Hunks in the words of a unified diff. */
function toPatch(hunks: readonly Hunk[]): string {
  return hunks
    .map((hunk) => {
      const header = `@@ -${hunk.baseStart},${hunk.baseLines} +${hunk.headStart},${hunk.headLines} @@ def f():`;
      const marks = { context: ' ', removed: '-', added: '+' };
      return [header, ...hunk.lines.map((line) => marks[line.kind] + line.text)].join('\n');
    })
    .join('\n');
}

/** The head text's lines, made from the base's lines and the hunks. */
function applyHunks(base: readonly string[], hunks: readonly Hunk[]): string[] {
  const out: string[] = [];
  let at = 1;
  for (const hunk of hunks) {
    const first = hunk.baseLines === 0 ? hunk.baseStart + 1 : hunk.baseStart;
    while (at < first) out.push(base[at++ - 1]!);
    for (const line of hunk.lines) {
      if (line.kind !== 'added') {
        expect(line.baseLine).toBe(at);
        expect(line.text).toBe(base[at++ - 1]);
      }
      if (line.kind !== 'removed') {
        out.push(line.text);
        expect(line.headLine).toBe(out.length);
      }
    }
  }
  while (at <= base.length) out.push(base[at++ - 1]!);
  return out;
}

function changedCount(hunks: readonly Hunk[]): number {
  return hunks.flatMap((hunk) => hunk.lines).filter((line) => line.kind !== 'context').length;
}

describe('diffHunks', () => {
  test('turns the base into the head, with the right line numbers', () => {
    fc.assert(
      fc.property(fileText, fileText, fc.integer({ min: 0, max: 4 }), (base, head, context) => {
        expect(applyHunks(linesOf(base), diffHunks(base, head, context))).toEqual(linesOf(head));
      }),
    );
  });

  test('is empty for equal texts', () => {
    expect(diffHunks('a\nb\n', 'a\nb\n')).toEqual([]);
    expect(diffHunks('', '')).toEqual([]);
  });

  test('a final newline that is missing on one side changes the last line', () => {
    expect(diffHunks('a\nb\n', 'a\nb', 0)).toEqual([
      {
        baseStart: 2,
        baseLines: 1,
        headStart: 2,
        headLines: 1,
        lines: [
          { kind: 'removed', baseLine: 2, text: 'b' },
          { kind: 'added', headLine: 2, text: 'b' },
        ],
      },
    ]);
  });

  test('shows no carriage return, and sees that it came', () => {
    const [hunk] = diffHunks('a\n', 'a\r\n');
    expect(hunk!.lines.map((line) => line.text)).toEqual(['a', 'a']);
  });

  test('a new file begins at base line 0', () => {
    expect(diffHunks('', 'a\nb\n')).toMatchObject([
      { baseStart: 0, baseLines: 0, headStart: 1, headLines: 2 },
    ]);
  });

  test('merges changes that share context, as git does', () => {
    const base = Array.from({ length: 30 }, (_, at) => `line ${at}`);
    const changedAt = (...places: number[]) => base.map((line, at) => (places.includes(at) ? 'new' : line));
    expect(diffHunks(base.join('\n'), changedAt(5, 12).join('\n'))).toHaveLength(1);
    expect(diffHunks(base.join('\n'), changedAt(5, 13).join('\n'))).toHaveLength(2);
  });

  test('large texts with nothing in common take seconds, not minutes, and still give a valid diff', () => {
    const text = (step: number) =>
      Array.from({ length: 30_000 }, (_, at) => `${(at * step) % 9973}`).join('\n');
    const started = performance.now();
    const hunks = diffHunks(text(7), text(8));
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(applyHunks(linesOf(text(7)), hunks)).toEqual(linesOf(text(8)));
  });

  test('beyond the exact search, unique lines keep the diff small', () => {
    const base = Array.from({ length: 20_000 }, (_, at) => `line ${at}`);
    const head = base.map((line, at) => (at % 4 === 0 ? `${line} changed` : line));
    expect(changedCount(diffHunks(base.join('\n'), head.join('\n')))).toBe(10_000);
  });
});

describe('against git', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'hunks-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  function gitDiff(base: string, head: string): string {
    writeFileSync(join(directory, 'base'), base);
    writeFileSync(join(directory, 'head'), head);
    const result = spawnSync(
      'git',
      ['diff', '--no-index', '--no-color', '--minimal', '--no-indent-heuristic', '--', 'base', 'head'],
      { cwd: directory },
    );
    expect(result.status).toBeLessThan(2);
    return result.stdout.toString();
  }

  test('what git prints is read with the right line numbers, and is as short as ours', () => {
    fc.assert(
      fc.property(fileText, fileText, (base, head) => {
        const theirs = parsePatch(gitDiff(base, head));
        expect(applyHunks(linesOf(base), theirs)).toEqual(linesOf(head));
        expect(changedCount(diffHunks(base, head))).toBe(changedCount(theirs));
      }),
      { numRuns: 60 },
    );
  });

  test('git accepts our hunks', () => {
    fc.assert(
      fc.property(fileText, fileText, (base, head) => {
        // `\r` and a missing final newline are not part of a hunk's text.
        const [from, to] = [base, head].map((text) =>
          linesOf(text)
            .map((line) => `${line}\n`)
            .join(''),
        );
        fc.pre(from !== to);
        writeFileSync(join(directory, 'file'), from!);
        const patch = `--- a/file\n+++ b/file\n${toPatch(diffHunks(from!, to!))}\n`;
        execFileSync('git', ['apply', '--unidiff-zero', '--whitespace=nowarn', '-'], {
          cwd: directory,
          input: patch,
        });
        expect(execFileSync('cat', ['file'], { cwd: directory }).toString()).toBe(to);
      }),
      { numRuns: 40 },
    );
  });
});

describe('parsePatch', () => {
  test('reads back what diffHunks computes', () => {
    fc.assert(
      fc.property(fileText, fileText, (base, head) => {
        const hunks = diffHunks(base, head);
        expect(parsePatch(toPatch(hunks))).toEqual(hunks);
      }),
    );
  });

  test("reads GitHub's patch field: no file headers, no final newline, counts left out", () => {
    expect(
      parsePatch('@@ -1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No newline at end of file'),
    ).toEqual([
      {
        baseStart: 1,
        baseLines: 1,
        headStart: 1,
        headLines: 2,
        lines: [
          { kind: 'removed', baseLine: 1, text: 'a' },
          { kind: 'added', headLine: 1, text: 'a' },
          { kind: 'added', headLine: 2, text: 'b' },
        ],
      },
    ]);
  });

  test('an empty context line may have lost its space', () => {
    expect(parsePatch('@@ -1,3 +1,3 @@\n a\n\n-b\n+c')[0]!.lines[1]).toEqual({
      kind: 'context',
      baseLine: 2,
      headLine: 2,
      text: '',
    });
  });

  test('the byte order mark of the first line is no part of its text', () => {
    expect(parsePatch('@@ -1 +1 @@\n-\uFEFFa\n+\uFEFFb')[0]!.lines.map((line) => line.text)).toEqual([
      'a',
      'b',
    ]);
  });

  test('no text, or headers without hunks, have no hunks', () => {
    expect(parsePatch('')).toEqual([]);
    expect(parsePatch('diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n')).toEqual([]);
  });

  test.each([
    ['a hunk that was cut off', '@@ -1,2 +1,2 @@\n a\n'],
    ['more lines than the header says', '@@ -1 +1 @@\n a\n b'],
    ['more lines on one side', '@@ -1,2 +1,1 @@\n-a\n+b\n+c\n-d'],
    ['a header that is none', '@@ what @@\n a'],
    ['a combined diff', '@@@ -1,1 -1,1 +1,1 @@@\n  a'],
    ['a line without mark', '@@ -1,2 +1,2 @@\n a\nb\n'],
    ['line 0', '@@ -0,1 +0,1 @@\n a'],
    ['numbers without end', '@@ -1,99999999999999999999 +1 @@\n a'],
    ['hunks that overlap', '@@ -1,2 +1,2 @@\n a\n b\n@@ -2 +2 @@\n b'],
    ['lines without a header', '+a\n-b'],
  ])('refuses %s', (_, patch) => {
    expect(() => parsePatch(patch)).toThrow(PatchError);
  });

  test('any text is either read or refused', () => {
    const piece = fc.oneof(
      lineOfText,
      fc.string({ unit: 'binary' }),
      fc.constantFrom('@@ -1,2 +1,2 @@', '@@ -1 +0,0 @@'),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        try {
          parsePatch(pieces.join('\n'));
        } catch (error) {
          expect(error).toBeInstanceOf(PatchError);
        }
      }),
    );
  });
});
