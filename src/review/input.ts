import type { ChangedFile, PullRequest } from './change.ts';

/** The merge base, or the head of the pull request. */
export type Side = 'base' | 'head';

/** Where a repository keeps its configuration; read from the base branch. */
export const CONFIGURATION_PATH = '.github/patchwarden.yml';

/** What a review is made from; github/ and git/ make the same. */
export interface ReviewInput {
  readonly pullRequest: PullRequest;
  /** Every changed file, Python or not; the ledger has an entry for each. */
  readonly files: readonly ChangedFile[];
  /** What could not be read of the change as a whole, in plain words: a file list that was cut, for example. */
  readonly limits: readonly string[];
  readonly configuration: ConfigurationTexts;
}

export interface ConfigurationTexts {
  /** The text at the tip of the base branch; absent where there is no such file. */
  readonly base?: string;
  /** The text at the head, where the change touches it; null where the change removes the file. */
  readonly head?: string | null;
}

/** Reads more of the two versions than the change itself, to follow imports and to find callers. */
export interface Sources {
  /** Every Python file of a version, relative to the repository, with `/`. */
  paths(side: Side): Promise<ReadonlySet<string>>;
  /** Decoded texts by path; a path that cannot be read is left out. */
  fetchTexts(side: Side, paths: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Files of a version that hold one of the words, which are identifiers. Absent where nothing can be searched. */
  search?(side: Side, words: readonly string[]): Promise<ReadonlySet<string>>;
}
