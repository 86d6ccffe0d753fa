import { existsSync } from 'node:fs';
import { QueueFileError } from '../queue/database.ts';
import { EnvironmentError, readEnvironment } from './environment.ts';
import { createLog } from './log.ts';
import { serve } from './server.ts';

/**
 * `patchwarden serve`: the app, with the settings of the environment and of `.env` in the working directory, until
 * the process is asked to stop. A mistake of the person who starts it is said in plain words, with exit code 2.
 */
export async function start(): Promise<void> {
  try {
    // What is set in the environment goes before what is in the file.
    if (existsSync('.env')) process.loadEnvFile('.env');
    const settings = readEnvironment(process.env);
    const log = await createLog(settings);
    const app = await serve(settings, { log });
    const stop = async (signal: NodeJS.Signals) => {
      log.info(`${signal}: stopping; reviews that were running go on at the next start`);
      await app.stop().catch((error) => log.error({ err: error }, 'Could not stop in order'));
      process.exit(0);
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  } catch (error) {
    const isMistake = error instanceof EnvironmentError || error instanceof QueueFileError;
    console.error(isMistake || isSystemError(error) ? error.message : error);
    process.exit(2);
  }
}

/** Such as a port that is in use. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string';
}
