import type { ParsedModule } from './parse.ts';
import { parsed } from './parse-cache.ts';

/** Characters of text parsed in one turn of the event loop. */
const TURN = 200_000;

/**
 * Parses many files, by path. The binding gives the memory of a native tree (about 40 bytes for a character of text)
 * back in a turn of the event loop that follows the collection of its object
 * (`napi_env__::InvokeFinalizerFromGC` in Node.js): parsed in one turn, the trees of a large repository are all
 * in memory at once, and with every new page comes a page fault.
 */
export async function parseAhead(
  files: Iterable<readonly [path: string, text: string]>,
): Promise<Map<string, ParsedModule>> {
  const trees = new Map<string, ParsedModule>();
  let characters = 0;
  for (const [path, text] of files) {
    trees.set(path, parsed(path, text));
    characters += text.length;
    if (characters < TURN) continue;
    characters = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return trees;
}
