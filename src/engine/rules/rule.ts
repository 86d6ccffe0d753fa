import type { Aspect, Confidence, Fix, Kind, RichText, Severity } from '../finding.ts';
import type { SinkKind, SourceLevel } from '../flow/kinds.ts';
import type { ApiPath } from '../libraries/library.ts';
import type { FileRole } from '../project.ts';
import type { Node } from '../syntax/ast.ts';
import type { RoleEffect } from './role-effects.ts';
import type {
  AssignmentView,
  CallView,
  ClassView,
  CompareView,
  FlowView,
  FunctionView,
  ModuleView,
  StringView,
} from './views.ts';

/** A piece of Python that a rule is shown on. A line that must be reported ends in `# report`. */
export interface Example {
  /** What to see in it, in a few words. */
  readonly title: string;
  readonly code: string;
  /** The file it stands in; default `app.py`. Tests: `test_app.py`. */
  readonly path?: string;
  /** Other files of the example's project, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** What it must be reported as; default the rule's kind. */
  readonly kind?: Kind;
}

/** What a rule says of one place. Everything else of the finding comes from the rule and from the engine. */
export interface Report {
  /** What is wrong, in one sentence with the code's own names. */
  readonly message: RichText;
  readonly at: Node;
  readonly fix?: Fix;
  readonly kind?: Kind;
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  readonly cwe?: readonly number[];
  readonly quiet?: boolean;
  /** Steps that lead there, with what happens at each. */
  readonly steps?: readonly { readonly at: Node; readonly text: RichText }[];
}
export type Reports = Report | readonly Report[] | undefined;

export interface Rule {
  /** kebab-case, the field's standard term. */
  readonly id: string;
  readonly title: string;
  /** Most specific first. */
  readonly cwe: readonly number[];
  readonly aspect: Aspect;
  readonly kind: Kind;
  readonly severity: Severity;
  /** Rows of the weakness catalogue that the rule serves. */
  readonly rows: readonly number[];
  /** What it looks for. Markdown, one paragraph. */
  readonly summary: string;
  /** Why it matters. Markdown, one paragraph. */
  readonly why: string;
  /** How to fix it; also the fix of a report that brings none of its own. One or two sentences. */
  readonly fix: string;
  readonly references: readonly string[];
  /**
   * What happens in files of other roles than production. Default: test → advisory, quiet; example → advisory;
   * migration, command, settings → same; generated, vendored, stub → silent.
   */
  readonly roles?: Partial<Record<FileRole, RoleEffect>>;
  readonly examples: { readonly bad: readonly Example[]; readonly good: readonly Example[] };
  /** Outside input that reaches a sink of these kinds. */
  readonly flow?: FlowRule;
  /** Calls that are wrong by themselves. */
  readonly calls?: readonly CallRule[];
  readonly on?: {
    /** `name = value`, `x.attr = value`, `x['key'] = value`, class attributes and keyword defaults. */
    readonly assignment?: AssignmentRule;
    readonly compare?: (view: CompareView) => Reports;
    /** Functions, classes and files whose text has nothing of this are not asked about. Flags: none. */
    readonly mentions?: RegExp;
    readonly function?: (view: FunctionView) => Reports;
    readonly class?: (view: ClassView) => Reports;
    readonly module?: (view: ModuleView) => Reports;
    readonly string?: (view: StringView) => Reports;
  };
}

export interface FlowRule {
  readonly sinks: readonly SinkKind[];
  /** What a flow from a source of each level is; an absent level is not reported. */
  readonly levels: Partial<Record<SourceLevel, Kind>>;
  /** A closer look at the flow: false where this value is harmless at this sink. */
  readonly accepts?: (flow: FlowView) => boolean;
  readonly message: (flow: FlowView) => RichText;
  readonly fix?: (flow: FlowView) => Fix | undefined;
  readonly severity?: (flow: FlowView) => Severity;
  /** Advisories are listed in the summary only. */
  readonly quiet?: boolean;
  /** Where the flow is real, but harm depends on what the code does not show: a quiet advisory. */
  readonly isDoubtful?: (flow: FlowView) => boolean;
}

/** Names that a rule asks about: a list, or a question that has the same answer for a name each time. */
export type Names = readonly string[] | ((name: string) => boolean);

export interface CallRule {
  /**
   * Full paths; a trailing `.*` matches every member. Empty: calls of anything, of no known library too, that have
   * one of the names, keywords or libraries below; where none of these is given, every call.
   */
  readonly paths: readonly ApiPath[];
  /** Last names of what is called. */
  readonly names?: Names;
  /** Names of keyword arguments that are written in the call; `**` for an argument that is spread. */
  readonly keywords?: Names;
  /** First names of the full path of what is called. */
  readonly libraries?: Names;
  readonly check: (call: CallView) => Reports;
}

export interface AssignmentRule {
  /** Names of the variable, attribute, key or parameter; absent: all. */
  readonly names?: Names;
  readonly check: (view: AssignmentView) => Reports;
}
