/** What the interpreter believes at one line, in words: for people who write rules. */
import { code, plain, type RichText, text } from '../finding.ts';
import type { Expression, Node, Statement } from '../syntax/ast.ts';
import { headersOf } from '../syntax/headers.ts';
import { walk } from '../syntax/walk.ts';
import { evaluateQuietly } from './facts.ts';
import type { Frame } from './frame.ts';
import { SINK_KINDS, type SinkKind } from './kinds.ts';
import type { ModuleInfo } from './program.ts';
import { optionsOf, type Shape, type Step, type TaintItem, type Value } from './values.ts';

/** One expression of the line, at one of the times the interpreter came by. */
export interface Inspected {
  /** The function that was being run, dotted; '' at module level. */
  readonly symbol: string;
  readonly expression: string;
  readonly value: string;
  /** One entry for each place that outside input came from. */
  readonly taint: readonly InspectedTaint[];
}

export interface InspectedTaint {
  readonly from: string;
  readonly steps: readonly string[];
  /** The kinds of sink that it may not reach and is not clean for. */
  readonly dirtyFor: readonly SinkKind[];
}

/** Collects what is believed at one line of one file while an analysis runs. */
export class Probe {
  readonly path: string;
  readonly line: number;
  private readonly seen = new Map<string, Inspected>();

  constructor(path: string, line: number) {
    this.path = path;
    this.line = line;
  }

  /** Everything that was believed, in the order in which it was first met. */
  get results(): readonly Inspected[] {
    return [...this.seen.values()];
  }

  /** The state after a statement: told for every statement that the interpreter executes. */
  visit(frame: Frame, statement: Statement): void {
    const { module } = frame;
    if (module.path !== this.path) return;
    for (const header of headersOf(statement)) {
      const first = module.lines.lineAt(header.start);
      const last = module.lines.lineAt(Math.max(header.start, header.end - 1));
      if (this.line < first || this.line > last) continue;
      walk(header, (node) => {
        if (module.lines.lineAt(node.start) !== this.line) return;
        if (isTelling(node)) this.note(frame, node);
      });
    }
  }

  private note(frame: Frame, node: Expression): void {
    const value = evaluateQuietly(frame, node);
    const entry: Inspected = {
      symbol: frame.symbol,
      expression: plain([code(frame.source(node), 60)]),
      value: describe(frame, value),
      taint: frame.taintOf(value).map((item) => describeTaint(item)),
    };
    this.seen.set(JSON.stringify(entry), entry);
  }
}

function isTelling(node: Node): node is Expression {
  const kind = 'kind' in node ? node.kind : '';
  return (
    kind === 'Name' ||
    kind === 'Attribute' ||
    kind === 'Call' ||
    kind === 'Subscript' ||
    kind === 'JoinedStr' ||
    kind === 'BinOp'
  );
}

function describe(frame: Frame, value: Value, depth = 0): string {
  return optionsOf(value.shape)
    .map((shape) => describeShape(frame, shape, value, depth))
    .join(' or ');
}

function describeShape(frame: Frame, shape: Shape, value: Value, depth: number): string {
  const inner = (one: Value): string =>
    depth > 2 ? '…' : describe(frame, one, depth + 1) + (frame.taintOf(one).length > 0 ? '†' : '');
  switch (shape.kind) {
    case 'unknown':
      return 'unknown';
    case 'constant':
      return shape.bytes
        ? `b${JSON.stringify(shape.value)}`
        : shape.value === null
          ? 'None'
          : JSON.stringify(shape.value);
    case 'text':
      return `text ${JSON.stringify(shape.template.replace(/[\0\uE000]/g, '⟨…⟩'))}`;
    case 'api':
      return `library member ${shape.node.path}`;
    case 'instance':
      return `instance of ${shape.node.path}`;
    case 'module':
      return `module ${shape.module.name}`;
    case 'function':
      return `function ${shape.fn.module.name}.${shape.fn.symbol}`;
    case 'class':
      return `class ${shape.cls.path}`;
    case 'choice':
      return shape.options.map((option) => describeShape(frame, option, value, depth)).join(' or ');
    case 'import':
      return 'an import that was not needed yet';
    case 'tuple':
      return `(${shape.elements.map(inner).join(', ')})`;
    case 'parameter':
      return `parameter ${shape.origin.index + 1}${shape.origin.path.join('')}${shape.type ? ` of ${shape.type.path}` : ''}`;
    case 'partial':
      return `partial of ${inner(shape.callee)}`;
    case 'super':
      return `super of ${shape.cls.path}`;
    case 'method':
      return `method ${shape.name}`;
    case 'object':
      return describeObject(frame, { shape, taint: value.taint }, inner);
  }
}

function describeObject(frame: Frame, value: Value, inner: (one: Value) => string): string {
  const object = frame.objectOf(value);
  if (!object) return 'an object that is gone';
  if (object.kind === 'instance') {
    const attributes = [...object.attributes].map(([name, one]) => `${name}=${inner(one)}`);
    return `instance of ${object.cls?.path ?? 'something'}(${attributes.join(', ')})`;
  }
  const rest = object.rest ? [`…${inner(object.rest)}`] : [];
  if (object.kind === 'dict') {
    return `{${[...[...object.entries].slice(0, 12).map(([key, one]) => `${JSON.stringify(key)}: ${inner(one)}`), ...rest].join(', ')}}`;
  }
  return `${object.kind} [${[...object.elements.slice(0, 12).map(inner), ...rest].join(', ')}]`;
}

function describeTaint(item: TaintItem): InspectedTaint {
  const { origin } = item;
  const from: RichText =
    origin.type === 'source'
      ? text`${origin.level}: ${origin.what}, ${code(origin.module.text.slice(origin.node.start, origin.node.end))} at ${place(origin.module, origin.node)}`
      : text`whatever the caller passes as parameter ${origin.index + 1}${origin.path.join('')}`;
  const steps: string[] = [];
  for (let step: Step | null = item.steps; step; step = step.prev) {
    steps.unshift(
      `${step.what} at ${place(step.module, step.node)}: ${plain([code(step.module.text.slice(step.node.start, step.node.end), 60)])}`,
    );
  }
  const kinds = Object.keys(SINK_KINDS) as SinkKind[];
  return { from: plain(from), steps, dirtyFor: kinds.filter((kind) => !item.clean.has(kind)) };
}

function place(module: ModuleInfo, node: Node): string {
  return `${module.path}:${module.lines.lineAt(node.start)}`;
}
