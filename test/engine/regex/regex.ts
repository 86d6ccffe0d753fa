import { parseRegex } from '../../../src/engine/regex/parse.ts';
import type { Flags, Regex } from '../../../src/engine/regex/syntax.ts';

/** The parsed pattern; fails the test when Python would refuse it. */
export function regex(pattern: string, flags: Flags = {}): Regex {
  const result = parseRegex(pattern, flags);
  if (!result.ok) throw new Error(`${pattern}: ${result.error}`);
  return result.regex;
}
