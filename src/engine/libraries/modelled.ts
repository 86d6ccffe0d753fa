/** Which libraries are described here. */
import { LIBRARIES } from './index.ts';
import type { ApiPath } from './library.ts';

const MODELLED: ReadonlySet<string> = new Set(
  LIBRARIES.flatMap(({ sinks = [], sources = [], handlers = [] }) => [
    ...[...sinks, ...sources].flatMap(({ paths }) => paths),
    ...handlers.flatMap(({ decorators = [], classes = [] }) => [...decorators, ...classes]),
  ]).map(packageOf),
);

function packageOf(path: ApiPath): string {
  return /^\w+/.exec(path)?.[0] ?? '';
}

/** Whether anything is said of what a package offers: `cherrypy`. */
export function isModelled(name: string): boolean {
  return MODELLED.has(name);
}
