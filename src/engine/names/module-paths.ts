/** From dotted module names to files and back, for one version of a repository. */
import { isModelled } from '../libraries/modelled.ts';

/** A file as a module: its path without what says that it is Python. */
interface ModuleFile {
  readonly path: string;
  readonly stem: string;
}

/** Where a repository's packages are rooted is not written anywhere: every folder without `__init__.py` can be a root. */
export class ModulePaths {
  private readonly paths: ReadonlySet<string>;
  /** The last part of a module's name, and the last two (`components/sensor`) → the files that can be it. */
  private readonly byTail = new Map<string, ModuleFile[]>();

  constructor(paths: ReadonlySet<string>) {
    this.paths = paths;
    for (const path of paths) {
      const parts = moduleParts(path);
      const file: ModuleFile = { path, stem: parts.join('/') };
      if (parts.length > 0) this.add(parts.slice(-1), file);
      if (parts.length > 1) this.add(parts.slice(-2), file);
    }
  }

  private add(tail: readonly string[], file: ModuleFile): void {
    const key = tail.join('/');
    const files = this.byTail.get(key);
    if (files) files.push(file);
    else this.byTail.set(key, [file]);
  }

  /** The dotted name by which a file is imported: from the topmost folder of its package. `src/a/b.py` with `src/a/__init__.py` is `a.b`. */
  nameOf(path: string): string {
    const parts = moduleParts(path);
    const isPackage = /(^|\/)__init__\.pyi?$/.test(path);
    const folders = path.split('/').slice(0, -1);
    let first = folders.length;
    while (first > 0 && this.isPackage(folders.slice(0, first).join('/'))) first--;
    const rest = isPackage ? folders.slice(first) : [...folders.slice(first), parts[parts.length - 1]!];
    return rest.join('.');
  }

  private isPackage(folder: string): boolean {
    return this.paths.has(`${folder}/__init__.py`);
  }

  /**
   * The file of an absolute module name, nearest to the importing file where several fit; undefined when it is not in
   * the repository, and where it is a copy of a library of which more is known than its code tells.
   */
  resolve(name: string, importer: string): string | undefined {
    const parts = name.split('.');
    const tail = parts.join('/');
    let best: string | undefined;
    let bestScore = -1;
    for (const { path, stem } of this.byTail.get(parts.slice(-2).join('/')) ?? []) {
      // A file `redis.py` with `import redis` means the library.
      if (path === importer) continue;
      if (stem !== tail && !stem.endsWith(`/${tail}`)) continue;
      const root = stem.slice(0, stem.length - tail.length);
      // A name of one part only fits next to the importer or at a root; `json` must not find `a/b/json.py`.
      const rootFolder = root.replace(/\/$/, '');
      if (rootFolder !== '' && this.isPackage(rootFolder)) continue;
      if (
        parts.length === 1 &&
        rootFolder !== '' &&
        !importer.startsWith(root) &&
        rootFolder !== 'src' &&
        rootFolder !== 'lib'
      )
        continue;
      if (COPIES.test(rootFolder) && !importer.startsWith(root) && isModelled(parts[0]!)) continue;
      const form = path.endsWith('/__init__.py') ? 2 : path.endsWith('.py') ? 1 : 0;
      const score = commonPrefix(root, importer) * 3 + form;
      if (score > bestScore) {
        best = path;
        bestScore = score;
      }
    }
    return best;
  }

  /** The file of `from ..module import`: `level` dots, relative to the importing file. */
  resolveRelative(module: string, level: number, importer: string): string | undefined {
    const folders = importer.split('/').slice(0, -1);
    const up = level - 1;
    if (up > folders.length) return undefined;
    const base = folders.slice(0, folders.length - up);
    const stem = [...base, ...(module ? module.split('.') : [])].join('/');
    // A package goes before a module of the same name.
    for (const path of [`${stem}/__init__.py`, `${stem}.py`, `${stem}.pyi`]) {
      const clean = path.replace(/^\//, '');
      if (this.paths.has(clean)) return clean;
    }
    return undefined;
  }
}

/** Folders for copies of libraries, which the application puts on its path: `lib/cherrypy`. */
const COPIES = /(?:^|\/)(?:libs?|ext|deps|_?vendor(?:ed)?|third[_-]?party|site-packages)$/;

/** `a/b/__init__.py` → a, b; `a/b.py` → a, b. */
function moduleParts(path: string): string[] {
  const parts = path.replace(/\.(py|pyi|pyw)$/, '').split('/');
  if (parts[parts.length - 1] === '__init__') parts.pop();
  return parts;
}

function commonPrefix(a: string, b: string): number {
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i++;
  return i;
}
