import type { ModulePaths } from '../engine/names/module-paths.ts';

/** `from ..a.b import`, and whether a parenthesis follows. All repetitions are bounded: the text is hostile. */
const FROM_IMPORT =
  /^[ \t]{0,200}from[ \t]{1,20}(\.{0,20})[ \t]{0,20}([\p{L}\p{N}_.]{0,300})[ \t]{1,20}import\b[ \t]{0,20}(\(?)/gmu;
const IMPORT = /^[ \t]{0,200}import[ \t]{1,20}([^\n#;]{1,1000})/gmu;
const LONGEST_LIST = 2000;
/** More text than the engine analyses. */
const MOST_CHARACTERS = 2_000_000;

/**
 * The files of the repository that a file may import, told from its lines. It is only used to fetch texts before the
 * engine runs, so one too many (from a string, say) costs a little time and one too few is seen through less.
 */
export function importedPaths(path: string, text: string, modules: ModulePaths): Set<string> {
  const found = new Set<string>();
  const add = (file: string | undefined) => {
    if (file !== undefined && file !== path) found.add(file);
  };
  const source = text.slice(0, MOST_CHARACTERS);
  let close = 0;
  for (const match of source.matchAll(FROM_IMPORT)) {
    const [all, dots = '', module = '', parenthesis] = match;
    const start = match.index + all.length;
    let end = source.indexOf('\n', start);
    if (parenthesis) {
      // Looked for once, however often a parenthesis is opened.
      if (close >= 0 && close < start) close = source.indexOf(')', start);
      if (close >= 0 && close - start <= LONGEST_LIST) end = close;
    }
    if (end < 0) end = source.length;
    const resolve = (name: string) =>
      dots === '' ? modules.resolve(name, path) : modules.resolveRelative(name, dots.length, path);
    if (module !== '' || dots !== '') add(resolve(module));
    // An imported name can be a module of that package.
    for (const name of namesIn(source.slice(start, Math.min(end, start + LONGEST_LIST)))) {
      add(resolve(module === '' ? name : `${module}.${name}`));
    }
  }
  for (const [, list = ''] of source.matchAll(IMPORT)) {
    for (const name of namesIn(list)) add(modules.resolve(name, path));
  }
  return found;
}

/** `a.b as c, d  # comment` → a.b, d */
function namesIn(list: string): string[] {
  return list
    .replace(/#[^\n]*/g, '')
    .split(',')
    .flatMap((item) => /^[\s(\\]*([\p{L}_][\p{L}\p{N}_.]*)/u.exec(item)?.[1] ?? []);
}
