import { serveAnalyses } from '../../src/review/worker-side.ts';
import { fakeAnalyse } from './fake-engine.ts';

serveAnalyses(fakeAnalyse);
