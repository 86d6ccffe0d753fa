/**
 * Our own tree of a Python file: plain objects, named as in Python's `ast` module
 * (https://docs.python.org/3/library/ast.html), without any handle into the parser.
 *
 * Positions are UTF-16 offsets into the file's text, `end` exclusive; `LineIndex` turns them into lines.
 */

export interface Node {
  readonly start: number;
  readonly end: number;
}

/** A comment, `#` included. */
export interface Comment extends Node {
  readonly text: string;
}

/** A stretch of text that the grammar could not read; nothing inside it is analysed. */
export interface UnreadRange extends Node {
  readonly reason: 'syntax-error' | 'too-deep';
}

export interface Module extends Node {
  readonly kind: 'Module';
  readonly body: readonly Statement[];
  readonly comments: readonly Comment[];
  readonly unread: readonly UnreadRange[];
}

// ---------------------------------------------------------------- statements

export type Statement =
  | FunctionDef
  | ClassDef
  | Return
  | Delete
  | Assign
  | AugAssign
  | AnnAssign
  | TypeAlias
  | For
  | While
  | If
  | With
  | Match
  | Raise
  | Try
  | Assert
  | Import
  | ImportFrom
  | Global
  | Nonlocal
  | ExpressionStatement
  | Pass
  | Break
  | Continue;

export interface FunctionDef extends Node {
  readonly kind: 'FunctionDef';
  readonly name: string;
  /** Offset of the name, for findings that speak of the function itself. */
  readonly nameStart: number;
  readonly params: readonly Parameter[];
  readonly returns: Expression | null;
  readonly decorators: readonly Expression[];
  readonly body: readonly Statement[];
  readonly isAsync: boolean;
  /** Absent where there are none, as nearly everywhere. */
  readonly typeParameters?: readonly TypeParameter[];
}

export type ParameterKind = 'positional-only' | 'positional' | 'varargs' | 'keyword-only' | 'kwargs';

export interface Parameter extends Node {
  readonly kind: 'Parameter';
  readonly name: string;
  readonly passing: ParameterKind;
  readonly annotation: Expression | null;
  readonly default: Expression | null;
}

/** `T: Model` of `def first[T: Model](items: list[T])`. */
export interface TypeParameter extends Node {
  readonly kind: 'TypeParameter';
  readonly name: string;
  readonly bound: Expression | null;
}

export interface ClassDef extends Node {
  readonly kind: 'ClassDef';
  readonly name: string;
  readonly nameStart: number;
  readonly bases: readonly Expression[];
  readonly keywords: readonly Keyword[];
  readonly decorators: readonly Expression[];
  readonly body: readonly Statement[];
  /** Absent where there are none, as nearly everywhere. */
  readonly typeParameters?: readonly TypeParameter[];
}

export interface Return extends Node {
  readonly kind: 'Return';
  readonly value: Expression | null;
}
export interface Delete extends Node {
  readonly kind: 'Delete';
  readonly targets: readonly Expression[];
}
/** `a = b = value` has two targets. */
export interface Assign extends Node {
  readonly kind: 'Assign';
  readonly targets: readonly Expression[];
  readonly value: Expression;
}
export interface AugAssign extends Node {
  readonly kind: 'AugAssign';
  readonly target: Expression;
  readonly op: BinaryOperator;
  readonly value: Expression;
}
export interface AnnAssign extends Node {
  readonly kind: 'AnnAssign';
  readonly target: Expression;
  readonly annotation: Expression;
  readonly value: Expression | null;
}
export interface TypeAlias extends Node {
  readonly kind: 'TypeAlias';
  readonly name: string;
  readonly value: Expression;
}
export interface For extends Node {
  readonly kind: 'For';
  readonly target: Expression;
  readonly iter: Expression;
  readonly body: readonly Statement[];
  readonly orelse: readonly Statement[];
  readonly isAsync: boolean;
}
export interface While extends Node {
  readonly kind: 'While';
  readonly test: Expression;
  readonly body: readonly Statement[];
  readonly orelse: readonly Statement[];
}
/** `elif` branches are an `If` alone in `orelse`, except in long chains: see `elifs`. */
export interface If extends Node {
  readonly kind: 'If';
  readonly test: Expression;
  readonly body: readonly Statement[];
  /** The `elif` branches in order; kept as a list so that long chains are not deep. */
  readonly elifs: readonly ElifBranch[];
  readonly orelse: readonly Statement[];
}
export interface ElifBranch extends Node {
  readonly kind: 'ElifBranch';
  readonly test: Expression;
  readonly body: readonly Statement[];
}
export interface WithItem extends Node {
  readonly kind: 'WithItem';
  readonly context: Expression;
  readonly target: Expression | null;
}
export interface With extends Node {
  readonly kind: 'With';
  readonly items: readonly WithItem[];
  readonly body: readonly Statement[];
  readonly isAsync: boolean;
}
export interface MatchCase extends Node {
  readonly kind: 'MatchCase';
  readonly pattern: Pattern;
  readonly guard: Expression | null;
  readonly body: readonly Statement[];
}
export interface Match extends Node {
  readonly kind: 'Match';
  readonly subject: Expression;
  readonly cases: readonly MatchCase[];
}
export interface Raise extends Node {
  readonly kind: 'Raise';
  readonly exc: Expression | null;
  readonly cause: Expression | null;
}
export interface ExceptHandler extends Node {
  readonly kind: 'ExceptHandler';
  /** A class, a tuple of classes, or null for a bare `except:`. */
  readonly type: Expression | null;
  readonly name: string | null;
  readonly body: readonly Statement[];
}
export interface Try extends Node {
  readonly kind: 'Try';
  readonly body: readonly Statement[];
  readonly handlers: readonly ExceptHandler[];
  readonly orelse: readonly Statement[];
  readonly finalbody: readonly Statement[];
  /** `except*` */
  readonly isGroup: boolean;
}
export interface Assert extends Node {
  readonly kind: 'Assert';
  readonly test: Expression;
  readonly message: Expression | null;
}
/** `os.path as p`: name `os.path`, asname `p`. */
export interface Alias extends Node {
  readonly kind: 'Alias';
  readonly name: string;
  readonly asname: string | null;
}
export interface Import extends Node {
  readonly kind: 'Import';
  readonly names: readonly Alias[];
}
/** `from ..a import b`: module `a`, level 2. A star import has the one name `*`. */
export interface ImportFrom extends Node {
  readonly kind: 'ImportFrom';
  readonly module: string;
  readonly level: number;
  readonly names: readonly Alias[];
}
export interface Global extends Node {
  readonly kind: 'Global';
  readonly names: readonly string[];
}
export interface Nonlocal extends Node {
  readonly kind: 'Nonlocal';
  readonly names: readonly string[];
}
/** Python 2's `print x` and `exec x` are calls of `print` and `exec`. */
export interface ExpressionStatement extends Node {
  readonly kind: 'ExpressionStatement';
  readonly value: Expression;
}
export interface Pass extends Node {
  readonly kind: 'Pass';
}
export interface Break extends Node {
  readonly kind: 'Break';
}
export interface Continue extends Node {
  readonly kind: 'Continue';
}

// ---------------------------------------------------------------- expressions

export type Expression =
  | BoolOp
  | NamedExpr
  | BinOp
  | UnaryOp
  | Lambda
  | IfExp
  | Dict
  | SetLiteral
  | List
  | Tuple
  | Comprehension
  | Await
  | Yield
  | Compare
  | Call
  | JoinedStr
  | Str
  | Bytes
  | Num
  | Constant
  | Attribute
  | Subscript
  | Starred
  | Name
  | Slice
  | Opaque;

export interface BoolOp extends Node {
  readonly kind: 'BoolOp';
  readonly op: 'and' | 'or';
  readonly values: readonly Expression[];
}
export interface NamedExpr extends Node {
  readonly kind: 'NamedExpr';
  readonly target: Name;
  readonly value: Expression;
}
export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '@' | '<<' | '>>' | '&' | '|' | '^';
/** `a + b + c` is one node with three operands, folded from the left, so that long chains are not deep. */
export interface BinOp extends Node {
  readonly kind: 'BinOp';
  readonly op: BinaryOperator;
  readonly operands: readonly Expression[];
}
export interface UnaryOp extends Node {
  readonly kind: 'UnaryOp';
  readonly op: 'not' | '-' | '+' | '~';
  readonly operand: Expression;
}
export interface Lambda extends Node {
  readonly kind: 'Lambda';
  readonly params: readonly Parameter[];
  readonly body: Expression;
}
export interface IfExp extends Node {
  readonly kind: 'IfExp';
  readonly test: Expression;
  readonly body: Expression;
  readonly orelse: Expression;
}
/** A `**spread` entry has the key null. */
export interface Dict extends Node {
  readonly kind: 'Dict';
  readonly keys: readonly (Expression | null)[];
  readonly values: readonly Expression[];
}
export interface SetLiteral extends Node {
  readonly kind: 'Set';
  readonly elements: readonly Expression[];
}
export interface List extends Node {
  readonly kind: 'List';
  readonly elements: readonly Expression[];
}
export interface Tuple extends Node {
  readonly kind: 'Tuple';
  readonly elements: readonly Expression[];
}
export interface Generator extends Node {
  readonly kind: 'Generator';
  readonly target: Expression;
  readonly iter: Expression;
  readonly conditions: readonly Expression[];
  readonly isAsync: boolean;
}
export interface Comprehension extends Node {
  readonly kind: 'Comprehension';
  readonly collection: 'list' | 'set' | 'dict' | 'generator';
  /** The element, or for a dict its value. */
  readonly element: Expression;
  /** Only for a dict. */
  readonly key: Expression | null;
  readonly generators: readonly Generator[];
}
export interface Await extends Node {
  readonly kind: 'Await';
  readonly value: Expression;
}
export interface Yield extends Node {
  readonly kind: 'Yield';
  readonly value: Expression | null;
  /** `yield from` */
  readonly isFrom: boolean;
}
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'is' | 'is not' | 'in' | 'not in';
/** Python 2's `<>` is `!=`. */
export interface Compare extends Node {
  readonly kind: 'Compare';
  readonly left: Expression;
  readonly ops: readonly CompareOperator[];
  readonly comparators: readonly Expression[];
}
/** An argument `**x` has the name null. */
export interface Keyword extends Node {
  readonly kind: 'Keyword';
  readonly name: string | null;
  readonly value: Expression;
}
/** `f(*x)` has a `Starred` among `args`; a lone generator argument is in `args` too. */
export interface Call extends Node {
  readonly kind: 'Call';
  readonly func: Expression;
  readonly args: readonly Expression[];
  readonly keywords: readonly Keyword[];
}
export interface FormattedValue extends Node {
  readonly kind: 'FormattedValue';
  readonly value: Expression;
  /** `!r`, `!s`, `!a` as the letter. */
  readonly conversion: string | null;
  readonly formatSpec: readonly (Str | FormattedValue)[];
}
/** An f-string or t-string, joined with the literals written next to it. */
export interface JoinedStr extends Node {
  readonly kind: 'JoinedStr';
  readonly parts: readonly (Str | FormattedValue)[];
  readonly isTemplate: boolean;
}
/** Escapes are resolved; adjacent literals are joined. */
export interface Str extends Node {
  readonly kind: 'Str';
  readonly value: string;
}
/** One character for each byte. */
export interface Bytes extends Node {
  readonly kind: 'Bytes';
  readonly value: string;
}
/** Integers beyond 2^53 are rounded; complex literals have the value NaN. */
export interface Num extends Node {
  readonly kind: 'Num';
  readonly value: number;
  readonly isFloat: boolean;
}
export interface Constant extends Node {
  readonly kind: 'Constant';
  readonly value: 'True' | 'False' | 'None' | 'Ellipsis';
}
export interface Attribute extends Node {
  readonly kind: 'Attribute';
  readonly value: Expression;
  readonly attr: string;
  readonly attrStart: number;
}
/** `a[1, 2]` has a Tuple as its index. */
export interface Subscript extends Node {
  readonly kind: 'Subscript';
  readonly value: Expression;
  readonly index: Expression;
}
export interface Starred extends Node {
  readonly kind: 'Starred';
  readonly value: Expression;
}
export interface Name extends Node {
  readonly kind: 'Name';
  readonly id: string;
}
export interface Slice extends Node {
  readonly kind: 'Slice';
  readonly lower: Expression | null;
  readonly upper: Expression | null;
  readonly step: Expression | null;
}
/** An expression that is not analysed: broken syntax or too deep. */
export interface Opaque extends Node {
  readonly kind: 'Opaque';
}

// ---------------------------------------------------------------- match patterns

export type Pattern = MatchValue | MatchSequence | MatchMapping | MatchClass | MatchStar | MatchAs | MatchOr;

/** A literal, a dotted name, or None/True/False. */
export interface MatchValue extends Node {
  readonly kind: 'MatchValue';
  readonly value: Expression;
}
export interface MatchSequence extends Node {
  readonly kind: 'MatchSequence';
  readonly patterns: readonly Pattern[];
}
export interface MatchMapping extends Node {
  readonly kind: 'MatchMapping';
  readonly keys: readonly Expression[];
  readonly patterns: readonly Pattern[];
  readonly rest: string | null;
}
export interface MatchClass extends Node {
  readonly kind: 'MatchClass';
  readonly cls: Expression;
  readonly patterns: readonly Pattern[];
  readonly keywordNames: readonly string[];
  readonly keywordPatterns: readonly Pattern[];
}
export interface MatchStar extends Node {
  readonly kind: 'MatchStar';
  readonly name: string | null;
}
/** `case x` (no pattern), `case P as x`, and `case _` (neither). */
export interface MatchAs extends Node {
  readonly kind: 'MatchAs';
  readonly pattern: Pattern | null;
  readonly name: string | null;
}
export interface MatchOr extends Node {
  readonly kind: 'MatchOr';
  readonly patterns: readonly Pattern[];
}
