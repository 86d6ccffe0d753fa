import { analyseWith } from '../../../src/engine/analyse.ts';
import { ApiIndex } from '../../../src/engine/libraries/api.ts';
import { LIBRARIES } from '../../../src/engine/libraries/index.ts';
import { at, type Library } from '../../../src/engine/libraries/library.ts';
import type { Rule } from '../../../src/engine/rules/rule.ts';
import { projectOf } from '../support.ts';

/** A library that exists only here: what comes in, where it must not go, and what makes it safe. */
const LAB: Library = {
  name: 'lab',
  docs: 'https://example.org',
  sources: [{ on: 'call', paths: ['lab.source'], level: 'remote', what: 'a test source' }],
  sinks: [
    { kind: 'shell', paths: ['lab.sink'], arguments: [at(0, 'value')] },
    {
      kind: 'shell',
      paths: ['lab.sink_if'],
      arguments: [at(0)],
      when: [{ argument: at(1, 'on'), is: true }],
    },
  ],
  sanitizers: [{ paths: ['lab.clean'], kinds: ['shell'] }],
  guards: [
    { paths: ['lab.is_safe'], kinds: ['shell'], result: true },
    { paths: ['lab.check'], kinds: ['shell'], result: 'returns' },
  ],
  returns: { 'lab.connect': 'lab.Connection', 'lab.Connection.cursor': 'lab.Cursor' },
  handlers: [
    { what: 'lab handler', level: 'remote', decorators: ['lab.handler'], othersWhat: 'a parameter' },
  ],
};

const LAB_RULE: Rule = {
  id: 'lab',
  title: 'A value reaches the sink',
  cwe: [78],
  aspect: 'injection',
  kind: 'defect',
  severity: 'high',
  rows: [],
  summary: '',
  why: '',
  fix: '',
  references: [],
  roles: { test: 'same' },
  examples: { bad: [], good: [] },
  flow: { sinks: ['shell'], levels: { remote: 'defect' }, message: () => ['reached'] },
};

const withLab = new ApiIndex([...LIBRARIES, LAB], [LAB_RULE]);

/** The lines, from 1, of `path` where the sink of the lab library is reached. */
export function reachedLines(
  files: Readonly<Record<string, string>>,
  path = 'app.py',
  targets = Object.keys(files),
): number[] {
  const { findings } = analyseWith(
    {
      project: projectOf(files),
      targets,
      onError: (error) => {
        throw error;
      },
    },
    [LAB_RULE],
    withLab,
  );
  return findings.filter(({ location }) => location.path === path).map(({ location }) => location.startLine);
}
