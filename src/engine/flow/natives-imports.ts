/** Modules that are imported by calling a function with their name. */
import { moduleValue } from './modules.ts';
import type { Native } from './native.ts';
import { type Arguments, constantOf, resolved } from './values.ts';

/** The module of that name, where the name is known and not relative to a package. */
function importedBy(givesLast: (args: Arguments) => boolean): Native {
  return (frame, args) => {
    const given = args.positional[0] ?? args.keywords.get('name');
    const name = given && constantOf(given);
    if (typeof name !== 'string' || !/^[A-Za-z_][\w.]*$/.test(name)) return undefined;
    return resolved(moduleValue(frame, givesLast(args) ? name : name.split('.', 1)[0]!));
  };
}

export const IMPORT_NATIVES: readonly (readonly [string, Native])[] = [
  // `import_module('a.b')` is `a.b`; `__import__('a.b')` is `a`, unless names to take from it are given.
  // https://docs.python.org/3/library/functions.html#import__
  ['importlib.import_module', importedBy(() => true)],
  [
    'builtins.__import__',
    importedBy(({ positional, keywords }) => positional.length > 3 || keywords.has('fromlist')),
  ],
];
