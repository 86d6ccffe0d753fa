/** The answers to the questions that rules ask (rules/views.ts), out of the interpreter's own terms. */
import { code, type RichText, text } from '../finding.ts';
import type {
  AssignmentView,
  CallView,
  CompareView,
  ConstantValue,
  FlowView,
  SourceView,
  StringView,
  ValueView,
} from '../rules/views.ts';
import type { Call, Compare, CompareOperator, Expression, JoinedStr, Node, Str } from '../syntax/ast.ts';
import { ownName } from '../syntax/headers.ts';
import { isPlain } from './arithmetic.ts';
import { evaluateQuietly } from './facts.ts';
import type { Frame } from './frame.ts';
import type { Mark, SinkKind } from './kinds.ts';
import { PlaceOfNode } from './place.ts';
import { pathOf } from './place-views.ts';
import type { Flow } from './program.ts';
import { knownElements } from './sequences.ts';
import { argumentNodeOf, argumentOf } from './sinks.ts';
import { sourceText } from './sources.ts';
import { typePathOf } from './value-types.ts';
import {
  type Arguments,
  type CallRecord,
  constantOf,
  NO_KEYWORD_NODES,
  optionsOf,
  type Shape,
  type SourceOrigin,
  templateOf,
  truth,
  type Value,
} from './values.ts';

export class ValueOfCode implements ValueView {
  private readonly frame: Frame;
  readonly value: Value;

  constructor(frame: Frame, value: Value) {
    this.frame = frame;
    this.value = value;
  }

  private get shape(): Shape {
    return this.value.shape;
  }
  get constant(): ConstantValue | undefined {
    this.frame.matters(this.value);
    return constantOf(this.value);
  }
  get constants(): readonly ConstantValue[] | undefined {
    this.frame.matters(this.value);
    const out: ConstantValue[] = [];
    for (const shape of optionsOf(this.shape)) {
      if (shape.kind !== 'constant') return undefined;
      out.push(shape.value);
    }
    return out;
  }
  get isBytes(): boolean {
    return this.shape.kind === 'constant' && this.shape.bytes;
  }
  get isTrue(): boolean {
    this.frame.matters(this.value);
    return truth(this.value) === true;
  }
  get isFalse(): boolean {
    this.frame.matters(this.value);
    return this.shape.kind === 'constant' && truth(this.value) === false;
  }
  get isNone(): boolean {
    this.frame.matters(this.value);
    return constantOf(this.value) === null;
  }
  get template(): string | undefined {
    return templateOf(this.value);
  }
  get isPlain(): boolean {
    this.frame.matters(this.value);
    return isPlain(this.value);
  }
  get path(): string | undefined {
    this.frame.matters(this.value);
    return pathOf(this.shape);
  }
  get type(): string | undefined {
    return typePathOf(this.frame, this.value);
  }
  isA(path: string): boolean {
    const { shape } = this;
    switch (shape.kind) {
      case 'instance':
      case 'api':
        return shape.node.isA(path);
      case 'class':
        return shape.cls.isA(path);
      case 'parameter':
        return shape.type?.isA(path) ?? false;
      case 'object': {
        const object = this.frame.objectOf(this.value);
        return object?.kind === 'instance' ? (object.cls?.isA(path) ?? false) : this.type === path;
      }
      default:
        return this.type === path;
    }
  }
  get elements(): readonly ValueView[] | undefined {
    return knownElements(this.frame, this.value)?.map((element) => new ValueOfCode(this.frame, element));
  }
  entry(key: string | number): ValueView | undefined {
    const object = this.frame.objectOf(this.value);
    const entry = object?.kind === 'dict' ? object.entries.get(key) : undefined;
    return entry && new ValueOfCode(this.frame, entry);
  }
  get keys(): readonly (string | number)[] | undefined {
    const object = this.frame.objectOf(this.value);
    return object?.kind === 'dict' && !object.rest && this.shape.kind === 'object'
      ? [...object.entries.keys()]
      : undefined;
  }
  attribute(name: string): ValueView | undefined {
    const object = this.frame.objectOf(this.value);
    const own = object?.kind === 'instance' ? object.attributes.get(name) : undefined;
    if (own) return new ValueOfCode(this.frame, own);
    const cls =
      this.shape.kind === 'class' ? this.shape.cls : object?.kind === 'instance' ? object.cls : null;
    const member = cls?.member(name)?.value ?? cls?.attributes.get(name);
    return member && new ValueOfCode(this.frame, member);
  }
  get sources(): readonly SourceView[] {
    return this.frame
      .taintOf(this.value)
      .flatMap(({ origin }) => (origin.type === 'source' ? [sourceView(origin)] : []));
  }
  reaches(kind: SinkKind): boolean {
    return this.frame
      .taintOf(this.value)
      .some((item) => item.origin.type === 'source' && !item.clean.has(kind));
  }
  canReach(kind: SinkKind): boolean {
    return this.frame.taintOf(this.value).some((item) => !item.clean.has(kind));
  }
  bears(mark: Mark): boolean {
    return this.frame
      .taintOf(this.value)
      .some((item) => item.origin.type === 'source' && item.clean.has(mark));
  }
  get fallback(): ValueView | undefined {
    const { shape } = this;
    if (shape.kind === 'parameter' && shape.origin.path.length === 0) {
      const value = shape.origin.activation.fn?.defaults.get(shape.origin.index);
      return value && new ValueOfCode(this.frame, value);
    }
    if (shape.kind !== 'instance' || !/(?:^|\.)get(?:env)?$/.test(shape.madeBy?.callee ?? ''))
      return undefined;
    const value = shape.madeBy?.positional[1] ?? shape.madeBy?.keywords.get('default');
    return value && new ValueOfCode(this.frame, value);
  }
  get madeBy(): CallView | undefined {
    const { shape } = this;
    if (shape.kind !== 'instance' || !shape.madeBy) return undefined;
    return new RecordedCall(this.frame, shape.madeBy);
  }
}

function sourceView(origin: SourceOrigin): SourceView {
  return {
    level: origin.level,
    what: origin.what,
    at: origin.node,
    code: code(sourceText(origin)),
  };
}

export class CallInCode extends PlaceOfNode implements CallView {
  readonly node: Call;
  readonly callee: string;
  readonly receiver: ValueView | undefined;
  readonly targets: readonly string[];
  readonly isStatement: boolean;
  private readonly frame: Frame;
  private readonly args: Arguments;

  constructor(frame: Frame, node: Call, callee: string, receiver: Value | null, args: Arguments) {
    super(frame.program, frame.module, frame.fn, frame.cls);
    this.frame = frame;
    this.node = node;
    this.callee = callee;
    this.receiver = receiver ? new ValueOfCode(frame, receiver) : undefined;
    this.args = args;
    this.targets = frame.targets;
    this.isStatement = frame.isStatement;
  }

  get name(): string {
    return ownName(this.node.func);
  }
  argument(position: number | undefined, name?: string): ValueView | undefined {
    const value = argumentOf(this.args, argumentFor(position, name));
    return value && new ValueOfCode(this.frame, value);
  }
  argumentNode(position: number | undefined, name?: string): Expression | undefined {
    return argumentNodeOf(this.args, argumentFor(position, name));
  }
  get hasUnknownArguments(): boolean {
    return this.args.extraPositional !== null || this.args.extraKeywords !== null;
  }
  get positionalCount(): number {
    return this.args.positional.length;
  }
}

function argumentFor(
  position: number | undefined,
  name: string | undefined,
): { position?: number; name?: string } {
  return { ...(position === undefined ? {} : { position }), ...(name === undefined ? {} : { name }) };
}

/** A call that made a value earlier, seen from where the value is used. */
class RecordedCall extends CallInCode {
  constructor(frame: Frame, record: CallRecord) {
    const keywordNodes = new Map(
      record.node.keywords.flatMap((keyword) =>
        keyword.name === null ? [] : [[keyword.name, keyword.value] as const],
      ),
    );
    super(frame, record.node, record.callee, record.receiver, {
      positional: record.positional,
      keywords: record.keywords,
      extraPositional: null,
      extraKeywords: null,
      positionalNodes: record.node.args,
      keywordNodes: keywordNodes.size > 0 ? keywordNodes : NO_KEYWORD_NODES,
    });
  }
}

export class FlowInCode extends PlaceOfNode implements FlowView {
  readonly flow: Flow;
  readonly kind: SinkKind;
  readonly value: ValueView;
  readonly node: Node;
  readonly sink: string;
  readonly source: SourceView;
  readonly call: CallView | undefined;

  constructor(frame: Frame, flow: Flow, call: CallView | undefined) {
    super(frame.program, flow.site.module, flow.site.fn, null);
    this.flow = flow;
    this.kind = flow.kind;
    this.value = new ValueOfCode(frame, flow.value);
    this.node = flow.site.node;
    this.sink = flow.site.path;
    this.source = sourceView(flow.source);
    this.call = call;
  }

  get origin(): RichText {
    const { source } = this;
    const here = this.quote(this.node);
    return here.code === source.code.code
      ? text`${here}, ${source.what},`
      : text`${here}, which comes from ${source.what} (${source.code}),`;
  }
}

/** A place in the code that is being interpreted. */
class PlaceInFrame extends PlaceOfNode {
  protected readonly frame: Frame;
  constructor(frame: Frame) {
    super(frame.program, frame.module, frame.fn, frame.cls);
    this.frame = frame;
  }
}

export class AssignmentInCode extends PlaceInFrame implements AssignmentView {
  readonly node: AssignmentView['node'];
  readonly target: AssignmentView['target'];
  readonly name: string;
  readonly valueNode: Expression;
  readonly value: ValueView;
  private readonly targetNode: Expression | null;

  constructor(
    frame: Frame,
    node: AssignmentView['node'],
    target: AssignmentView['target'],
    name: string,
    targetNode: Expression | null,
    valueNode: Expression,
    value: Value,
  ) {
    super(frame);
    this.node = node;
    this.target = target;
    this.name = name;
    this.targetNode = targetNode;
    this.valueNode = valueNode;
    this.value = new ValueOfCode(frame, value);
  }
  get object(): ValueView | undefined {
    const { targetNode } = this;
    if (targetNode?.kind !== 'Attribute' && targetNode?.kind !== 'Subscript') return undefined;
    return new ValueOfCode(this.frame, evaluateQuietly(this.frame, targetNode.value));
  }
  get scope(): AssignmentView['scope'] {
    return this.fn ? 'function' : this.cls ? 'class' : 'module';
  }
}

export class CompareInCode extends PlaceInFrame implements CompareView {
  readonly node: Compare;
  readonly left: ValueView;
  readonly leftNode: Expression;
  readonly op: CompareOperator;
  readonly right: ValueView;
  readonly rightNode: Expression;

  constructor(
    frame: Frame,
    node: Compare,
    left: Value,
    leftNode: Expression,
    op: CompareOperator,
    right: Value,
    rightNode: Expression,
  ) {
    super(frame);
    this.node = node;
    this.left = new ValueOfCode(frame, left);
    this.leftNode = leftNode;
    this.op = op;
    this.right = new ValueOfCode(frame, right);
    this.rightNode = rightNode;
  }
}

export class StringInCode extends PlaceInFrame implements StringView {
  readonly node: Str | JoinedStr;
  readonly value: string;
  /** Docstrings are statements of their own and are never evaluated as values. */
  readonly isDocstring: boolean;

  constructor(frame: Frame, node: Str | JoinedStr, template: string | undefined) {
    super(frame);
    this.node = node;
    this.value = node.kind === 'Str' ? node.value : (template ?? '');
    this.isDocstring = frame.isStatement;
  }
}
