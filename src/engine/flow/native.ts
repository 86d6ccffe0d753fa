import type { Call } from '../syntax/ast.ts';
import type { Frame } from './frame.ts';
import type { Arguments, Value } from './values.ts';

/** What a call of a library function gives that is computed. Undefined: the library's data decides after all. */
export type Native = (frame: Frame, args: Arguments, node: Call, receiver: Value | null) => Value | undefined;
