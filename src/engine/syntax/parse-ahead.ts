import type { ParsedModule } from './parse.ts';
import { parsed } from './parse-cache.ts';

/** Characters of text that are worked on in one turn of the event loop. */
const TURN = 200_000;

/**
 * Does something with each of many texts, with turns of the event loop between. The binding gives the memory of a
 * native tree (about 40 bytes for a character of text) back in a turn that follows the collection of its object
 * (`napi_env__::InvokeFinalizerFromGC` in Node.js): parsed in one turn, the trees of a large repository are all
 * in memory at once, and with every new page comes a page fault.
 *
 * @param work says how many characters it has read.
 */
export async function inTurns<T>(items: Iterable<T>, work: (item: T) => number): Promise<void> {
  let characters = 0;
  for (const item of items) {
    characters += work(item);
    if (characters < TURN) continue;
    characters = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Parses many files, by path. */
export async function parseAhead(
  files: Iterable<readonly [path: string, text: string]>,
): Promise<Map<string, ParsedModule>> {
  const trees = new Map<string, ParsedModule>();
  await inTurns(files, ([path, text]) => {
    trees.set(path, parsed(path, text));
    return text.length;
  });
  return trees;
}
