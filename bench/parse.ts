/** How fast files become trees: `npx node bench/parse.ts DIR…`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Parser from 'tree-sitter';
import Python from 'tree-sitter-python';
import { decodePython } from '../src/engine/syntax/decode.ts';
import { parseModule } from '../src/engine/syntax/parse.ts';

const parser = new Parser();
parser.setLanguage(Python as unknown as Parser.Language);

const texts = process.argv.slice(2).flatMap(readTexts);
if (texts.length === 0) {
  console.error('Give directories that hold Python files: npx node bench/parse.ts DIR…');
  process.exit(2);
}
const lines = texts.reduce((sum, text) => sum + text.split('\n').length, 0);

const parseOnly = seconds((text) => void parse(text).rootNode);
const bare = seconds((text) => walkBare(parse(text)));
const lowering = seconds((text) => void parseModule(text));

console.log(`${texts.length} files, ${lines} lines`);
report('parse only', parseOnly);
report('parse + bare walk', bare);
report('parse + lowering', lowering);
console.log(`lowering / bare walk: ${(lowering / bare).toFixed(2)}`);

function readTexts(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.py'))
    .map((entry) => decodePython(readFileSync(join(entry.parentPath, entry.name))))
    .flatMap((decoded) => ('text' in decoded ? [decoded.text] : []));
}

function parse(text: string): Parser.Tree {
  return parser.parse((offset) => text.slice(offset, offset + 16_000));
}

/** The floor: every node's type and range, and nothing done with them. */
function walkBare(tree: Parser.Tree): number {
  const cursor = tree.walk();
  let sum = 0;
  for (;;) {
    sum += cursor.nodeTypeId + cursor.startIndex + cursor.endIndex;
    if (cursor.gotoFirstChild()) continue;
    while (!cursor.gotoNextSibling()) if (!cursor.gotoParent()) return sum;
  }
}

function seconds(work: (text: string) => void): number {
  const begin = performance.now();
  for (const text of texts) work(text);
  return (performance.now() - begin) / 1000;
}

function report(name: string, time: number): void {
  const speed = (lines / 1000 / time).toFixed(0);
  console.log(`${name.padEnd(18)} ${time.toFixed(2).padStart(6)} s ${speed.padStart(6)} kLOC/s`);
}
