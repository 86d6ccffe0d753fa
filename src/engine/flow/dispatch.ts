/** Which method a name means depends on the class of the object: what functions do for each class that has its own. */
import { withEntry } from './empty.ts';
import type { Frame } from './frame.ts';
import { ClassInfo, type Dispatch } from './program.ts';
import { optionsOf, type Value } from './values.ts';

/** Notes that a parameter of the function under analysis was asked for a member of its class. */
export function noteDispatch(frame: Frame, self: Value, name: string, behind: ClassInfo | null): void {
  const { shape } = self;
  if (shape.kind !== 'parameter' || shape.origin.activation !== frame.activation) return;
  const { index, path } = shape.origin;
  if (path.length > 0 || !(shape.type instanceof ClassInfo)) return;
  const key = index === 0 && !behind ? name : `${index} ${name} ${behind?.path ?? ''}`;
  if (!frame.dispatches.has(key))
    frame.dispatches = withEntry(frame.dispatches, key, { index, name, type: shape.type, behind });
}

/** What `super().name` means for an object of the class; undefined where only a library can have it. */
export function memberBehind(cls: ClassInfo, behind: ClassInfo, name: string): Value | undefined {
  const order = cls.lookupOrder.includes(behind) ? cls.lookupOrder : behind.lookupOrder;
  for (let i = order.indexOf(behind) + 1; i < order.length; i++) {
    const base = order[i]!;
    const member = base instanceof ClassInfo ? base.members.get(name) : undefined;
    if (member) return member;
  }
  return undefined;
}

/** Whether an object of the class has another method, or holds another class, than the function was run with. */
export function findsAnother(cls: ClassInfo, { name, type, behind }: Dispatch): boolean {
  if (cls === type) return false;
  const found = behind ? memberBehind(cls, behind, name) : cls.member(name)?.value;
  if (!found || !optionsOf(found.shape).some(({ kind }) => kind === 'function' || kind === 'class'))
    return false;
  return found !== (behind ? memberBehind(type, behind, name) : type.member(name)?.value);
}
