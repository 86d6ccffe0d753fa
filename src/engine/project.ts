import type { Finding, Location, Practice, RichText } from './finding.ts';
import type { ParsedModule } from './syntax/parse.ts';

/** One version of a repository, as far as the engine needs it. */
export interface Project {
  /** Every Python file of the version, relative to the repository, with `/`. */
  readonly paths: ReadonlySet<string>;
  /** A file's text without byte order mark, or undefined where it is not at hand (it is then reported as wanted). */
  read(path: string): string | undefined;
}

/** Lines from..to of one side of a file, both included, from 1. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

export interface AnalysisRequest {
  readonly project: Project;
  /** The files whose findings are asked for. Files that they import are read as needed. */
  readonly targets: readonly string[];
  /** Other files, of which only flows are asked for that functions that mention these names have a part in. */
  readonly callers?: Callers;
  /** What the repository's configuration says a file is; for other files it is told from path and content. */
  readonly roles?: ReadonlyMap<string, FileRole>;
  /** Of the targets listed here only functions with one of the lines are spoken of; others are run where they are called. */
  readonly focus?: Focus;
  readonly limits?: Partial<Limits>;
  /** Trees of targets that are parsed already, by path. */
  readonly trees?: ReadonlyMap<string, ParsedModule>;
  /** Leaves out practices, controls and contracts, which only a review of a change asks for. */
  readonly findingsOnly?: boolean;
  /** Told of failures of the engine itself; the file is then partial in the result all the same. */
  readonly onError?: (error: unknown, path: string) => void;
}

/** Lines of files, by path. */
export type Focus = ReadonlyMap<string, readonly LineRange[]>;

/** Files that use what targets define. */
export interface Callers {
  readonly paths: readonly string[];
  /** Of functions and classes; identifiers. */
  readonly names: readonly string[];
}

export interface Limits {
  /** Characters of a file; a longer one is left out. */
  readonly fileSize: number;
  /** Steps of interpretation for one file: nodes evaluated. */
  readonly steps: number;
  /** Files read beyond the targets. */
  readonly imports: number;
}

/** What a file is, from its path and content. */
export type FileRole =
  | 'production'
  | 'test'
  | 'example'
  | 'migration'
  | 'settings'
  | 'command'
  | 'generated'
  | 'vendored'
  | 'stub';

/** What became of one target file. */
export interface FileReport {
  readonly path: string;
  readonly role: FileRole;
  /** partial: `problems` says what was left out. skipped: nothing of it was analysed. */
  readonly status: 'analysed' | 'partial' | 'skipped';
  readonly problems: readonly FileProblem[];
}

export interface FileProblem {
  readonly reason:
    | 'too-large'
    | 'syntax-error'
    | 'too-deep'
    | 'out-of-steps'
    | 'not-readable'
    | 'internal-error';
  readonly detail: string;
  /** From 1; absent where the whole file is meant. */
  readonly lines?: LineRange;
}

/**
 * Something in the code that protects: an escaping call, a check that ends the bad path, an authentication decorator,
 * a secure argument. Compared between two versions to see what a change takes away.
 */
export interface Control {
  /** The same control in another version has the same key: kind, symbol and what it protects, no line numbers. */
  readonly key: string;
  readonly symbol: string;
  readonly location: Location;
  readonly text: RichText;
  /**
   * What stands there when nothing but the control is taken away, as `normalised` code; any one of several. Where the
   * symbol has none of these any more, the protected code went or changed too. Absent: the symbol itself is protected.
   */
  readonly leaves?: readonly string[];
}

/** What a function means to those who call it. Compared between two versions; see `isWeaker` in contracts.ts. */
export interface Contract {
  readonly path: string;
  /** Dotted from the module's top. */
  readonly symbol: string;
  /** A line inside, from 1. */
  readonly line: number;
  /** What becomes of the arguments, and what outside input it hands out: in words, with the kinds of sink it is clean for. */
  readonly dangers: ReadonlyMap<string, bigint>;
  /** What is checked once it has returned: in words, with the kinds of sink that are then safe. */
  readonly checks: ReadonlyMap<string, bigint>;
}

export interface AnalysisResult {
  readonly findings: readonly Finding[];
  readonly practices: readonly Practice[];
  readonly controls: readonly Control[];
  /** Of the functions in the targets that callers may rely on: not of tests, nor of what is out of focus. */
  readonly contracts: readonly Contract[];
  readonly files: readonly FileReport[];
  /** Files that the targets import and `read` did not have: fetch them and analyse again to see through them. */
  readonly wanted: readonly string[];
}
