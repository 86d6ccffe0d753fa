/** The functions of files that are not analysed for their own sake: those that use what the targets define. */
import type { Callers } from '../project.ts';
import type { Statement } from '../syntax/ast.ts';
import type { FunctionInfo, ModuleInfo } from './program.ts';

export class CallingFunctions {
  private readonly paths: ReadonlySet<string>;
  private readonly names: RegExp;
  private readonly mentioning = new WeakMap<Statement, boolean>();

  constructor({ paths, names }: Callers) {
    this.paths = new Set(paths);
    this.names = new RegExp(`\\b(?:${names.join('|')})\\b`);
  }

  isCaller(module: ModuleInfo): boolean {
    return this.paths.has(module.path);
  }

  /**
   * Whether the definition at the module's top that a function belongs to mentions one of the names. A class counts as
   * a whole: what one method stores, another one uses.
   */
  has({ module, node }: FunctionInfo): boolean {
    if (!this.isCaller(module)) return false;
    const around = module.node.body.find(({ start, end }) => start <= node.start && node.end <= end);
    if (!around) return false;
    let found = this.mentioning.get(around);
    if (found === undefined) {
      found = this.names.test(module.text.slice(around.start, around.end));
      this.mentioning.set(around, found);
    }
    return found;
  }
}
