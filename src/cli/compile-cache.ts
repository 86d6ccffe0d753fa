/** What Node.js compiled last time, kept for the next: most of the time that a small review takes is starting. */
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';

/**
 * Keeps compiled code in the user's own cache folder (`$XDG_CACHE_HOME`, by default `~/.cache`), for this process and
 * its threads. Not in the folder for temporary files, which is Node's default: others may write there, and what is
 * read from the cache is executed. Where nothing can be written, everything works as before, only slower.
 * https://nodejs.org/docs/latest-v24.x/api/module.html#moduleenablecompilecachecachedir
 */
export function keepCompiledCode(environment: Readonly<Record<string, string | undefined>>): void {
  // Node takes the folder that this variable names, or none, and has done so by now.
  if (environment.NODE_COMPILE_CACHE !== undefined || environment.NODE_DISABLE_COMPILE_CACHE !== undefined)
    return;
  const folder = cacheFolder(environment.XDG_CACHE_HOME);
  if (folder !== undefined) enableCompileCache(path.join(folder, 'patchwarden', 'code'));
}

function cacheFolder(configured: string | undefined): string | undefined {
  // A relative path is to be ignored: https://specifications.freedesktop.org/basedir-spec/latest/
  if (configured && path.isAbsolute(configured)) return configured;
  try {
    return path.join(homedir(), '.cache');
  } catch {
    return undefined;
  }
}
