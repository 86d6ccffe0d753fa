import fc from 'fast-check';

/**
 * Property tests try the same inputs on every run: a check that fails by chance stops the change of somebody who did
 * nothing wrong. `npm run fuzz` tries new inputs, and more of them; what it finds becomes an example of its own.
 */
const runs = process.env.PROPERTY_RUNS;
fc.configureGlobal(
  runs === undefined ? { seed: 20_260_701 } : { numRuns: Number(runs), interruptAfterTimeLimit: 120_000 },
);
