import { ASPECTS, type Aspect, type Practice } from '../engine/finding.ts';
import type { ChangedLines } from './causes.ts';
import type { AspectRow, ReviewFinding } from './review.ts';

/** A row for each aspect that the change touches, in the order of `ASPECTS`. */
export function aspectRows(
  defects: readonly ReviewFinding[],
  advisories: readonly ReviewFinding[],
  practices: readonly Practice[],
  changed: ChangedLines,
): AspectRow[] {
  const touched = practices.filter((practice) => changed.touches(practice.location)).sort(byPlace);
  return (Object.keys(ASPECTS) as Aspect[]).flatMap((aspect) => {
    const row: AspectRow = {
      aspect,
      defects: defects.filter(({ finding }) => finding.aspect === aspect).length,
      advisories: advisories.filter(({ finding }) => finding.aspect === aspect).length,
      practices: touched.filter((practice) => practice.aspect === aspect),
    };
    return row.defects + row.advisories + row.practices.length > 0 ? [row] : [];
  });
}

function byPlace(a: Practice, b: Practice): number {
  if (a.location.path !== b.location.path) return a.location.path < b.location.path ? -1 : 1;
  return a.location.startLine - b.location.startLine || a.location.startColumn - b.location.startColumn;
}
