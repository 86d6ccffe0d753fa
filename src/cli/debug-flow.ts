import { basename } from 'node:path';
import { inspectLine } from '../engine/analyse.ts';
import type { Inspected } from '../engine/flow/inspect.ts';
import { directoryProject } from '../git/project.ts';
import { visible } from '../report/visible.ts';
import type { Console } from './console.ts';
import { Failure } from './failure.ts';
import { findPythonFiles } from './python-files.ts';

/**
 * `patchwarden scan --debug-flow FILE:LINE`: what the engine believes of every name, attribute, call and text at that
 * line: the value, and for outside input in it where it came from and which kinds of sink it may still not reach.
 * @throws {Failure}
 */
export async function debugFlow(place: string, console: Console): Promise<void> {
  const match = /^(.+):(\d+)$/.exec(place);
  if (!match)
    throw new Failure(`--debug-flow takes FILE:LINE, such as src/app.py:12, not ${visible(place)}.`);
  const line = Number(match[2]);
  const { root, paths, targets } = await findPythonFiles([match[1]!], console);
  const path = targets[0]!;
  const project = directoryProject(root, paths);
  const text = project.read(path);
  if (basename(path) !== basename(match[1]!))
    throw new Failure(`${visible(match[1]!)} is a directory; name one file.`);
  if (text === undefined) throw new Failure(`${visible(path)} cannot be read as Python.`);
  const count = text.split(/\r\n|\r|\n/).length;
  if (line < 1 || line > count)
    throw new Failure(`${visible(path)} has ${count} lines; there is no line ${line}.`);
  const beliefs = inspectLine({ project, targets: [path] }, path, line);
  console.print(
    `${console.colors.bold(`${visible(match[1]!)}:${line}`)}  ${visible(text.split(/\r\n|\r|\n/)[line - 1]!.trim())}\n`,
  );
  if (beliefs.length === 0) {
    console.print(
      'Nothing at this line is evaluated: no code, code that is never reached, or code of a kind without values.\n',
    );
  }
  for (const belief of beliefs) console.print(`\n${described(belief, console)}`);
}

function described({ symbol, expression, value, taint }: Inspected, { colors }: Console): string {
  const lines = [
    `${colors.cyan(visible(expression))}${symbol ? colors.dim(`  in ${symbol}`) : ''}`,
    `  is ${visible(value)}`,
  ];
  for (const { from, steps, dirtyFor } of taint) {
    lines.push(`  carries ${colors.yellow(visible(from))}`);
    for (const step of steps) lines.push(`    ${visible(step)}`);
    lines.push(
      `    may not reach: ${dirtyFor.length > 8 ? `${dirtyFor.slice(0, 8).join(', ')} and ${dirtyFor.length - 8} more kinds` : dirtyFor.join(', ') || 'nothing: it is clean'}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
