/** How fast files become trees: `npx node bench/parse.ts DIR…`. */
import { parseModule } from '../src/engine/syntax/parse.ts';
import { costOf, forEachText, parse, pythonTexts, walkBare } from './floor.ts';

const texts = process.argv.slice(2).flatMap((folder) => [...pythonTexts(folder).values()]);
if (texts.length === 0) {
  console.error('Give directories that hold Python files: npx node bench/parse.ts DIR…');
  process.exit(2);
}
const lines = texts.reduce((sum, text) => sum + text.split('\n').length, 0);

const parseOnly = await seconds((text) => void parse(text).rootNode);
const bare = await seconds((text) => void walkBare(parse(text)));
const lowering = await seconds((text) => void parseModule(text));

console.log(`${texts.length} files, ${lines} lines; processor time`);
report('parse only', parseOnly);
report('parse + bare walk', bare);
report('parse + lowering', lowering);
console.log(`lowering / bare walk: ${(lowering / bare).toFixed(2)}`);

async function seconds(work: (text: string) => void): Promise<number> {
  return (await costOf(() => forEachText(texts, work))).processor;
}

function report(name: string, time: number): void {
  const speed = (lines / 1000 / time).toFixed(0);
  console.log(`${name.padEnd(18)} ${time.toFixed(2).padStart(6)} s ${speed.padStart(6)} kLOC/s`);
}
