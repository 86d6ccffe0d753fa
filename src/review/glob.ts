/**
 * Path patterns of the configuration: `*` and `?` inside one name, `**` for any number of names; a pattern that names
 * a directory means all in it, and one without `/` may stand at any depth (as in .gitignore).
 *
 * Written by hand because the paths come from a hostile pull request: the time is bounded by the product of the two
 * lengths, which translations into regular expressions do not promise.
 */
export function matchesGlob(pattern: string, path: string): boolean {
  const trimmed = pattern.replace(/^\.?\//, '').replace(/\/$/, '');
  const names = trimmed.split('/').filter((name, at, all) => name !== '**' || all[at - 1] !== '**');
  const anywhere = names.length === 1 && !pattern.startsWith('/') ? ['**', ...names] : names;
  return matchNames(anywhere, path.split('/'));
}

/** Whether the patterns match all names, or the first ones: a directory matches what is in it. */
function matchNames(patterns: readonly string[], names: readonly string[]): boolean {
  // reached[n]: the patterns so far can match the first n names.
  let reached = names.map(() => false).concat(false);
  reached[0] = true;
  for (const pattern of patterns) {
    const next = reached.map(() => false);
    for (let at = 0; at <= names.length; at++) {
      if (pattern === '**') next[at] = Boolean(reached[at] || (at > 0 && next[at - 1]));
      else if (at > 0 && reached[at - 1]) next[at] = matchName(pattern, names[at - 1]!);
    }
    reached = next;
  }
  return patterns.at(-1) === '**' ? reached[names.length]! : reached.some((is, at) => is && at > 0);
}

/** The usual two-pointer match: on a mismatch only the last `*` takes one character more. */
function matchName(pattern: string, name: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let afterStar = 0;
  while (at < name.length) {
    if (pattern[inPattern] === '*') {
      star = inPattern++;
      afterStar = at;
    } else if (pattern[inPattern] === '?' || pattern[inPattern] === name[at]) {
      inPattern++;
      at++;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++afterStar;
    } else return false;
  }
  while (pattern[inPattern] === '*') inPattern++;
  return inPattern === pattern.length;
}
