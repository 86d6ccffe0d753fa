/** Why a command could not run, and what to do about it: shown as it is, without a stack. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** 0: no defects. 1: defects. 2: the command could not run. */
export type ExitCode = 0 | 1 | 2;
