import { NO_DEFECTS, type Verdict } from './review.ts';

/** The verdict follows from the number of defects and from whether everything was seen, and from nothing else. */
export function verdictOf(defects: number, complete: boolean): Verdict {
  if (defects === 0) return { conclusion: complete ? 'clean' : 'incomplete', sentence: NO_DEFECTS };
  const sentence =
    defects === 1
      ? '1 security defect is detected in the code.'
      : `${defects} security defects are detected in the code.`;
  return { conclusion: 'defects', sentence };
}
