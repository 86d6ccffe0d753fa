import { type ParsedModule, parseModule } from './parse.ts';

/** Characters of text whose trees are kept at most: base and head of a change, and what both import. */
const MOST_KEPT = 12_000_000;

const kept = new Map<string, { readonly text: string; readonly parsed: ParsedModule }>();
let size = 0;

/**
 * The tree of a file, from the last time if its text is the same: two versions of a repository share most of what
 * they import. The oldest trees give way to new ones.
 */
export function parsed(path: string, text: string): ParsedModule {
  const before = kept.get(path);
  if (before) {
    kept.delete(path);
    if (before.text === text) {
      kept.set(path, before);
      return before.parsed;
    }
    size -= before.text.length;
  }
  const entry = { text, parsed: parseModule(text) };
  kept.set(path, entry);
  size += text.length;
  for (const [oldest, { text: old }] of kept) {
    if (size <= MOST_KEPT || oldest === path) break;
    kept.delete(oldest);
    size -= old.length;
  }
  return entry.parsed;
}
