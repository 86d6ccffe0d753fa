/** Methods that a class inherits, run for it where it has something of its own that they use. */
import { derivedHandler } from './definitions.ts';
import { findsAnother } from './dispatch.ts';
import type { ClassInfo, FunctionInfo, ModuleInfo, Program } from './program.ts';
import { summarise } from './summaries.ts';

/** A method is run for so many classes, the general run and those for callers included. */
const MAX_RUNS = 6;

/** What a framework or an unknown caller reaches in the classes of a module through the methods of their bases. */
export function runInherited(program: Program, module: ModuleInfo): void {
  for (const cls of module.classes.values()) {
    for (const base of cls.projectOrder) {
      if (base === cls) continue;
      for (const [name, { shape }] of base.members) {
        if (shape.kind !== 'function' || shape.fn.owner !== base) continue;
        const { fn } = shape;
        if (fn.decoration === 'staticmethod' || fn.summaries.size > MAX_RUNS || !fn.isBound) continue;
        if (cls.member(name)?.owner === base && isOwnBusiness(program, cls, fn))
          summarise(program, shape, new Map([[0, cls]]));
      }
    }
  }
}

/** Whether a method that is inherited does something else for the class, or is called by a framework for its sake. */
function isOwnBusiness(program: Program, cls: ClassInfo, fn: FunctionInfo): boolean {
  if (derivedHandler(program, cls, fn)) return true;
  const general = fn.summaries.get(`${fn.closure?.id ?? ''}|`);
  if (!general || general === 'running') return false;
  for (const dispatch of general.dispatches.values())
    if (dispatch.index === 0 && findsAnother(cls, dispatch)) return true;
  return false;
}
