import { SINK_KINDS, type SinkKind } from '../flow/kinds.ts';

const HARMFUL_AS_NUMBERS: ReadonlySet<string> = new Set<SinkKind>([
  'size',
  'truncation',
  'signal',
  'resource',
  'response',
  'secret-out',
]);

/** The kinds of sink that a number cannot harm: what a conversion to `int`, a UUID or a date makes clean. */
export const TEXT_KINDS: readonly SinkKind[] = (Object.keys(SINK_KINDS) as SinkKind[]).filter(
  (kind) => !HARMFUL_AS_NUMBERS.has(kind),
);
