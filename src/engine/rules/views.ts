/** What rules see of the code: questions about calls, flows, assignments, functions, without the machinery. */
import type { Code, RichText } from '../finding.ts';
import type { Mark, SinkKind, SourceLevel } from '../flow/kinds.ts';
import type { FileRole } from '../project.ts';
import type {
  AnnAssign,
  Assign,
  AugAssign,
  Call,
  ClassDef,
  Compare,
  CompareOperator,
  Expression,
  FunctionDef,
  JoinedStr,
  Module,
  Node,
  Parameter,
  Str,
} from '../syntax/ast.ts';

/** A constant as Python has it; `null` is None, bytes are a BytesConstant. */
export type ConstantValue = string | number | boolean | null;

/** What is known of a value at this place. Every question answers `undefined` or false when it is not known. */
export interface ValueView {
  /** The one constant it is. */
  readonly constant: ConstantValue | undefined;
  /** All the constants it can be, if only constants; at most a handful. */
  readonly constants: readonly ConstantValue[] | undefined;
  readonly isBytes: boolean;
  /** True, or a constant that counts as true. */
  readonly isTrue: boolean;
  readonly isFalse: boolean;
  readonly isNone: boolean;
  /** Text with `\0` where something unknown is put in; a plain constant has no hole. Undefined: not a known text. */
  readonly template: string | undefined;
  /** Whether it is a text that is all written in the code, but for numbers and a choice of constants. */
  readonly isPlain: boolean;
  /** The qualified name of the module, function or class it is: `ssl.CERT_NONE`, `app.models.User`. */
  readonly path: string | undefined;
  /** The qualified name of the class it is an instance of; builtins as `builtins.int`. */
  readonly type: string | undefined;
  /** Whether it is an instance of, or a class derived from, the class with this path, through all known bases. */
  isA(path: string): boolean;
  /** Elements of a list, tuple or set whose elements are known. */
  readonly elements: readonly ValueView[] | undefined;
  /** The value under a constant key of a known dict. */
  entry(key: string | number): ValueView | undefined;
  /** The constant keys of a known dict; undefined when it may have others. */
  readonly keys: readonly (string | number)[] | undefined;
  /** An attribute as far as it is known. */
  attribute(name: string): ValueView | undefined;
  /** Outside input in it, most direct first; of any level. */
  readonly sources: readonly SourceView[];
  /** Whether it carries outside input that is not clean for the kind. */
  reaches(kind: SinkKind): boolean;
  /** The same, where what the caller passes counts as outside input: for what a flow comes to through parameters. */
  canReach(kind: SinkKind): boolean;
  /** Whether it carries outside input of which this has been established. */
  bears(mark: Mark): boolean;
  /** What it is when nobody gives another: the default of a parameter of the function around, or of a look-up (`os.environ.get('X', 'a')`). */
  readonly fallback: ValueView | undefined;
  /** The arguments of the call that made it, where it is the result of a library call: `Fernet(key)`. */
  readonly madeBy: CallView | undefined;
}

export interface SourceView {
  readonly level: SourceLevel;
  /** "a query parameter of the request" */
  readonly what: string;
  readonly at: Node;
  /** The source text of the expression where it entered. */
  readonly code: Code;
}

/** Where in the file a thing stands, and how to quote it. */
export interface Place {
  readonly path: string;
  readonly role: FileRole;
  readonly module: ModuleView;
  /** The innermost function around, if any. */
  readonly function: FunctionView | undefined;
  /** The innermost class around, if any. */
  readonly class: ClassView | undefined;
  /** Quotes the source of a node. */
  quote(node: Node): Code;
  /** The whole source text of a node. */
  sourceOf(node: Node): string;
}

export interface CallView extends Place {
  readonly node: Call;
  /** The full path of what is called, after aliases: `hashlib.md5`. For own functions their dotted name. '' when unknown. */
  readonly callee: string;
  /** The last name of the callee as written: `execute`. */
  readonly name: string;
  readonly receiver: ValueView | undefined;
  /** The argument by position (receiver not counted) or keyword, whichever is given; also out of a known `**dict`. */
  argument(position: number | undefined, name?: string): ValueView | undefined;
  /** The expression of that argument, as written in the call. */
  argumentNode(position: number | undefined, name?: string): Expression | undefined;
  /** Whether `*args` or `**kwargs` of unknown content are given, so that an absent argument may be there. */
  readonly hasUnknownArguments: boolean;
  readonly positionalCount: number;
  /** The names of variables, attributes, keys or keyword arguments that the result is given to, nearest first. */
  readonly targets: readonly string[];
  /** Whether the result is thrown away. */
  readonly isStatement: boolean;
}

export interface FlowView extends Place {
  readonly kind: SinkKind;
  /** What is reached; the argument at the sink. */
  readonly value: ValueView;
  /** The expression at the sink. */
  readonly node: Node;
  /** The sink's path: `sqlite3.Cursor.execute`; '' for a returned page. */
  readonly sink: string;
  readonly source: SourceView;
  /** The call at the sink, if it is one. */
  readonly call: CallView | undefined;
  /** "`name`, a query parameter of the request," for messages. */
  readonly origin: RichText;
}

export interface AssignmentView extends Place {
  readonly node: Assign | AnnAssign | AugAssign | Parameter;
  /** `name`: a variable. `attribute`: x.name. `item`: x['name']. `default`: of a parameter. */
  readonly target: 'name' | 'attribute' | 'item' | 'default';
  /** The variable's, attribute's or constant key's name. '' for an unknown key. */
  readonly name: string;
  /** The expression that is assigned. */
  readonly valueNode: Expression;
  readonly value: ValueView;
  /** The x of x.name and x['name']. */
  readonly object: ValueView | undefined;
  /** module: at the top level. class: in a class body. function: elsewhere. */
  readonly scope: 'module' | 'class' | 'function';
}

export interface CompareView extends Place {
  readonly node: Compare;
  readonly left: ValueView;
  readonly leftNode: Expression;
  readonly op: CompareOperator;
  readonly right: ValueView;
  readonly rightNode: Expression;
}

export interface FunctionView extends Place {
  readonly node: FunctionDef;
  readonly name: string;
  /** Dotted from the module's top: `Class.method`. */
  readonly symbol: string;
  /** Full paths of the decorators, called or not; '' for unknown ones. */
  readonly decorators: readonly string[];
  /** "Flask route" where a framework calls it with outside input. */
  readonly handler: string | undefined;
  /** Full path of a name or attribute chain as bound in this function; '' when unknown. Without flow. */
  resolve(expression: Expression): string;
}

export interface ClassView extends Place {
  readonly node: ClassDef;
  readonly name: string;
  readonly symbol: string;
  /** Full paths of all known bases, nearest first, through files of the project and libraries. */
  readonly bases: readonly string[];
  derivesFrom(path: string): boolean;
  /** The value of a class attribute, own or inherited; else what the methods assign to that of an instance. */
  attribute(name: string): ValueView | undefined;
  readonly methods: readonly FunctionView[];
}

export interface ModuleView extends Place {
  readonly node: Module;
  readonly text: string;
  /** The dotted name in its project. */
  readonly name: string;
  /** Whether it imports this module, or a member or submodule of it. */
  imports(path: string): boolean;
  readonly functions: readonly FunctionView[];
  readonly classes: readonly ClassView[];
  resolve(expression: Expression): string;
}

export interface StringView extends Place {
  readonly node: Str | JoinedStr;
  readonly value: string;
  readonly isDocstring: boolean;
}
