/** Calls that bring outside input in as a part of what they return. */
import type { Call } from '../syntax/ast.ts';
import type { Frame } from './frame.ts';
import { readItem } from './items.ts';
import type { Native } from './native.ts';
import { knownElements } from './sequences.ts';
import { sourceOrigin } from './sources.ts';
import {
  type Arguments,
  constant,
  constantOf,
  join,
  joinAll,
  makeValue,
  NO_TAINT,
  type Taint,
  tainted,
  taintItem,
  UNKNOWN,
  type Value,
} from './values.ts';

/** What the libraries say that the call brings in. */
function broughtIn(frame: Frame, path: string, node: Call): Taint | undefined {
  const [source] = frame.program.api.lookup(path).callSources;
  return source && [taintItem(sourceOrigin(frame, node, source.level, source.what, source.marks ?? []))];
}

/** `data, address = sock.recvfrom(size)` */
const received: Native = (frame, _args, node) => {
  const taint = broughtIn(frame, 'socket.socket.recvfrom', node);
  return taint && makeValue({ kind: 'tuple', elements: [tainted(taint), UNKNOWN] });
};

/** `options, arguments = getopt(argv, …)`: an option is one of those that the code names, its value is any text. */
const parsedOptions: Native = (frame, args, node) => {
  const taint = broughtIn(frame, 'getopt.getopt', node);
  if (!taint) return undefined;
  const option = makeValue({ kind: 'tuple', elements: [optionName(frame, args), tainted(taint)] });
  return makeValue({
    kind: 'tuple',
    elements: [
      frame.make(node, { kind: 'list', elements: [], rest: option }, NO_TAINT),
      frame.make(node.func, { kind: 'list', elements: [], rest: tainted(taint) }, NO_TAINT),
    ],
  });
};

/** One of `-h`, `-o` and `--help` for `getopt(argv, 'ho:', ['help'])`. */
function optionName(frame: Frame, args: Arguments): Value {
  const [, short, long] = args.positional;
  const letters = short && constantOf(short);
  const words = long ? knownElements(frame, long)?.map(constantOf) : [];
  if (typeof letters !== 'string' || !words) return UNKNOWN;
  const names = [
    ...letters
      .replaceAll(':', '')
      .split('')
      .map((letter) => `-${letter}`),
    ...words.flatMap((word) => (typeof word === 'string' ? [`--${word.replace('=', '')}`] : [])),
  ];
  return names.length > 0 ? joinAll(names.map((name) => constant(name))) : UNKNOWN;
}

/** `environ.get('PATH_INFO', '')` */
const requestVariable: Native = (frame, { positional: [key, fallback] }, node, receiver) => {
  if (!receiver || !key) return undefined;
  const variable = readItem(frame, receiver, key, node);
  return fallback ? join(variable, fallback) : variable;
};

export const SOURCE_NATIVES: readonly (readonly [string, Native])[] = [
  ['socket.socket.recvfrom', received],
  ['getopt.getopt', parsedOptions],
  ['getopt.gnu_getopt', parsedOptions],
  ['wsgi.Environ.get', requestVariable],
];
