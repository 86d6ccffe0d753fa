/** What the benchmarks share: Python files as text, CPU time, and the floor below which no analysis can be. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import Parser from 'tree-sitter';
import Python from 'tree-sitter-python';
import { decodePython } from '../src/engine/syntax/decode.ts';
import { inTurns } from '../src/engine/syntax/parse-ahead.ts';

const parser = new Parser();
parser.setLanguage(Python as unknown as Parser.Language);

/** The readable Python files below a folder, by path relative to it. */
export function pythonTexts(folder: string): Map<string, string> {
  const texts = new Map<string, string>();
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.py'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/\/(\.git|node_modules)\//.test(path))
    .sort();
  for (const path of paths) {
    const decoded = decodePython(readFileSync(path));
    if ('text' in decoded) texts.set(relative(folder, path), decoded.text);
  }
  return texts;
}

/** In seconds. */
export interface Cost {
  /** Of all threads, those of V8 among them: it hardly changes with what else the machine does. */
  readonly processor: number;
  /** What a person waits; only on a quiet machine the same each time. */
  readonly clock: number;
}

export async function costOf(work: () => unknown): Promise<Cost> {
  const before = process.cpuUsage();
  const start = performance.now();
  await work();
  const clock = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { processor: (user + system) / 1e6, clock };
}

export function parse(text: string): Parser.Tree {
  return parser.parse((offset) => text.slice(offset, offset + 16_000));
}

/** Does something with each text as the analysis does, with turns of the event loop between. */
export function forEachText(texts: Iterable<string>, work: (text: string) => void): Promise<void> {
  return inTurns(texts, (text) => {
    work(text);
    return text.length;
  });
}

/** The floor: every node's type and range, and nothing done with them. */
export function walkBare(tree: Parser.Tree): number {
  const cursor = tree.walk();
  let sum = 0;
  for (;;) {
    sum += cursor.nodeTypeId + cursor.startIndex + cursor.endIndex;
    if (cursor.gotoFirstChild()) continue;
    while (!cursor.gotoNextSibling()) if (!cursor.gotoParent()) return sum;
  }
}
