import type { Mark, SinkKind, SourceLevel } from '../flow/kinds.ts';

/**
 * What a library does, as data. One file per library (or family of small ones) in this folder.
 *
 * An **ApiPath** is the dotted public path of a module member, as one would import it: `sqlite3.connect`,
 * `flask.request.args`. What belongs to the instances of a class is written under the class:
 * `sqlite3.Cursor.execute`. What is returned by a function whose class has no public name is written under the
 * call: `boto3.client().put_object`. Paths of builtins begin with `builtins.`.
 */
export type ApiPath = string;

export interface Library {
  /** The distribution or module, as people call it. */
  readonly name: string;
  /** Where the facts come from. */
  readonly docs: string;
  /** The same thing under another path: `flask.Markup` is `markupsafe.Markup`. */
  readonly aliases?: Readonly<Record<ApiPath, ApiPath>>;
  /** What a call returns: an instance of the class at the path. A class returns its own instances without saying so. */
  readonly returns?: Readonly<Record<ApiPath, ApiPath>>;
  /** What an attribute holds: an instance of the class at the path. */
  readonly attributes?: Readonly<Record<ApiPath, ApiPath>>;
  /** What iterating over (or indexing) an instance of the class gives: an instance of the class at the path. */
  readonly elements?: Readonly<Record<ApiPath, ApiPath>>;
  /** Functions that raise or leave the process and never come back: `sys.exit`, `flask.abort`. */
  readonly neverReturns?: readonly ApiPath[];
  /** Base classes of classes, for methods that are inherited. */
  readonly bases?: Readonly<Record<ApiPath, readonly ApiPath[]>>;
  readonly sources?: readonly Source[];
  readonly sinks?: readonly Sink[];
  readonly sanitizers?: readonly Sanitizer[];
  readonly guards?: readonly Guard[];
  readonly propagators?: readonly Propagator[];
  readonly handlers?: readonly Handler[];
  /** Sinks recognised by method name on receivers whose class is not known. */
  readonly duckSinks?: readonly DuckSink[];
}

/** A parameter of a call: by position (from 0, the receiver not counted), by keyword, or both. */
export interface Argument {
  readonly position?: number;
  readonly name?: string;
  /** Instead: the thing that the method is called on. */
  readonly receiver?: true;
}

/** Outside input enters here. */
export interface Source {
  /** Reading the attribute gives it, or calling the function gives it. */
  readonly on: 'read' | 'call';
  readonly paths: readonly ApiPath[];
  readonly level: SourceLevel;
  /** For people: "a query parameter of the request". */
  readonly what: string;
  /** Only when the call has these arguments. */
  readonly when?: readonly Condition[];
  /** What is true of it from the start: marks, or kinds that the library has made it clean for. */
  readonly marks?: readonly (Mark | SinkKind)[];
}

/** A condition on an argument of the call: that it is this constant, or that it is given at all. */
export interface Condition {
  readonly argument: Argument;
  /** `given`: present. `missing`: absent. Otherwise the constant it must be; `unless`: must not be. */
  readonly is?: string | number | boolean | null;
  readonly isNot?: string | number | boolean | null;
  readonly given?: boolean;
}

export interface Sink {
  readonly kind: SinkKind;
  /**
   * call: an argument of these calls. item: what is stored with `x[k] = v`. attribute: with `x.a = v` (the path ends
   * in a). key: the k of `x[k]` that is read.
   */
  readonly on?: 'call' | 'item' | 'attribute' | 'key';
  readonly paths: readonly ApiPath[];
  /** Which arguments; default the first. `'*'`: all of them. For `item`: position 0 is the key, 1 the value. */
  readonly arguments?: readonly Argument[] | '*';
  /** Of an argument that is a list or tuple: the first element, the others, or any (default). A lone string counts as first and as any. */
  readonly element?: 'first' | 'rest' | 'any';
  readonly when?: readonly Condition[];
}

/** The result of the call is clean for these kinds; what it came from is not. */
export interface Sanitizer {
  /** Not the call, but reading the attribute gives it. */
  readonly on?: 'read';
  readonly paths: readonly ApiPath[];
  readonly kinds: readonly SinkKind[] | 'all';
  /** What else is true of the result. */
  readonly marks?: readonly Mark[];
  readonly when?: readonly Condition[];
}

/** The call checks its argument: where it returned `result`, the argument is clean for these kinds. */
export interface Guard {
  readonly paths: readonly ApiPath[];
  readonly kinds: readonly SinkKind[] | 'all';
  /** Which outcome is the safe one; `returns`: it raises otherwise. */
  readonly result: true | false | 'returns';
  readonly argument?: Argument;
}

/** Taint passes through the call. Unknown functions of libraries do not pass it, methods of tainted values do. */
export interface Propagator {
  readonly paths: readonly ApiPath[];
  /** Default: every argument and the receiver. */
  readonly from?: readonly Argument[] | 'receiver' | 'nothing';
  /** The result is another form of the argument: what was clean of the encoded form says nothing of it. */
  readonly decodes?: true;
  /** Default the result; or an argument that the call fills. */
  readonly to?: Argument | 'receiver';
}

/** Functions that the framework calls with outside input. */
export interface Handler {
  /** For people: "Flask route". */
  readonly what: string;
  readonly level: SourceLevel;
  /** Decorated with one of these, called or not: `flask.Flask.route`. */
  readonly decorators?: readonly ApiPath[];
  /** Methods of classes that derive from one of these. */
  readonly classes?: readonly ApiPath[];
  /** Which methods of `classes`; a trailing `*` matches a prefix. Default: all public ones. */
  readonly methods?: readonly string[];
  /** Functions given to one of these calls as the argument: `django.urls.path(route, view)`. */
  readonly registeredBy?: readonly Registration[];
  /** Functions that are called because of how they are written: `def lambda_handler(event, context)`. */
  readonly written?: readonly Signature[];
  /** Parameters (self not counted) whose class is known. They are not tainted as such. */
  readonly parameters?: readonly HandlerParameter[];
  /**
   * The other parameters: `tainted`, unless their annotation or the route's converter makes them harmless
   * (int, float, bool, UUID, dates, Enum, Literal); or `none`: nothing comes from outside through them.
   */
  readonly others?: 'tainted' | 'none';
  /** For people: "a path parameter". */
  readonly othersWhat?: string;
  /** What is true of them whatever the client sends. */
  readonly othersMarks?: readonly Mark[];
  /**
   * Other parameters that can do no harm: by name, or by the last name of the class of what fills them; and those that
   * may hold paths of files that the framework made.
   */
  readonly harmless?: { readonly names: RegExp; readonly inputs: RegExp; readonly withFiles: RegExp };
  /** What returning a value from the handler is: Flask's strings are HTML pages. */
  readonly returns?: SinkKind;
  /** Only where the decorator is given this class: `response_class=HTMLResponse`. Stands before the one without. */
  readonly given?: { readonly name: string; readonly type: ApiPath };
}

/** A parameter of a handler: by position or name, and the path of the class that the framework fills it with. */
export interface HandlerParameter {
  readonly at: Argument;
  readonly type: ApiPath;
  /** The class is the one that this attribute of the handler's class holds, if any: `form_class`. */
  readonly heldBy?: string;
}

/** A call that is given a function which the framework calls later. */
export interface Registration {
  readonly paths: readonly ApiPath[];
  readonly argument: Argument;
  /** The argument that lists what fills the function's parameters, in their order. */
  readonly inputs?: Argument;
  /** Methods that are recognised by name where the class of the receiver is not known, in modules that import the library. */
  readonly ofAnyReceiver?: true;
}

/** How a function is written that a configuration elsewhere names. */
export interface Signature {
  readonly name?: RegExp;
  /** The names of its parameters, self not counted; there may be no others without a default, unless `anyOthers`. */
  readonly parameters: readonly RegExp[];
  readonly anyOthers?: true;
  /** What the file's path or text must hold, where the name and the parameters are too common to tell. */
  readonly evidence?: RegExp;
  /** The last name of a base class of the class that it is a method of. Absent: it is no method. */
  readonly methodOf?: RegExp;
  /** It is a method of any class. */
  readonly isMethod?: true;
}

export interface DuckSink {
  readonly kind: SinkKind;
  readonly method: string;
  /** What the receiver's source text (its last name, lower case) must look like. */
  readonly receiver: RegExp;
  readonly arguments?: readonly Argument[] | '*';
  /** The number of positional arguments must lie in this range. */
  readonly positional?: readonly [number, number];
}

/** Shorthand for an argument: `at(0, 'sql')`. */
export function at(position: number, name?: string): Argument {
  return name === undefined ? { position } : { position, name };
}
/** Shorthand for a keyword-only argument. */
export function named(name: string): Argument {
  return { name };
}
/** Shorthand for the thing that a method is called on: the path of `path.read_text()`. */
export const RECEIVER: Argument = { receiver: true };
