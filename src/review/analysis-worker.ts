import { analyseInTurns } from '../engine/analyse.ts';
import { serveAnalyses } from './worker-side.ts';

/** What a thread of the analysis pool runs. */
serveAnalyses(analyseInTurns);
