/**
 * Statements of AWS policies, however Python code writes them: dictionaries, JSON texts, AWS CDK's `PolicyStatement`,
 * awacs' `Statement` and Pulumi's `get_policy_document`, read into one shape. What cannot be read is unknown.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
import type { Assign, Call, Dict, Expression, JoinedStr, Keyword, Node, Str } from '../../syntax/ast.ts';
import { dottedName, lastName } from '../../syntax/headers.ts';
import { walk } from '../../syntax/walk.ts';
import type { ModuleView } from '../views.ts';
import { type Fields, fieldsOfCall, fieldsOfDict } from './ingress.ts';
import { type Literals, literalsOf } from './module-literals.ts';

/** One entry of `Action`, `Resource` or `Principal`; the text is undefined where it is not known. */
export interface PolicyEntry {
  readonly value: string | undefined;
  readonly at: Node;
}

export interface PolicyStatement {
  readonly at: Node;
  readonly effect: 'Allow' | 'Deny' | 'unknown';
  /** Undefined: the statement has none, as one with `NotAction`. */
  readonly actions: readonly PolicyEntry[] | undefined;
  readonly notActions: readonly PolicyEntry[] | undefined;
  readonly resources: readonly PolicyEntry[] | undefined;
  /** Everybody is `*`. Undefined: a policy of a user, group or role, which needs no principal. */
  readonly principals: readonly PolicyEntry[] | undefined;
  /** `transport`: it asks for encrypted transport only, and so admits as many as without it. */
  readonly condition: 'none' | 'transport' | 'narrowing';
}

/** A cheap look at the text: nearly no file has a policy. */
const HINT = /PolicyStatement|['"]Effect['"]|awacs|get_policy_document/;

/**
 * The policy of a VPC endpoint narrows what passes through it, a permissions boundary what other policies allow, and a
 * simulation allows nothing: everything is their usual start.
 */
const ONLY_NARROWS = /endpoint|boundary|boundaries|simulat/i;

const known = new WeakMap<ModuleView, readonly PolicyStatement[]>();

/** All statements written in a file, in the order of the text. */
export function policyStatementsIn(module: ModuleView): readonly PolicyStatement[] {
  let statements = known.get(module);
  if (!statements) {
    statements = HINT.test(module.text) ? new PolicyReader(module).read() : [];
    known.set(module, statements);
  }
  return statements;
}

/** Whether the pattern of an action, with `*` and `?`, admits the action. Letter case does not count. */
export function actionMatches(pattern: string, action: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 'i').test(action);
}

/** `*`, or an ARN that names everything of its service: `arn:aws:s3:::*`. */
export function isEveryResource(resource: string | undefined): boolean {
  return resource !== undefined && /^(\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:(\*|\*\/\*|\*:\*))$/.test(resource);
}

class PolicyReader {
  private readonly module: ModuleView;
  private readonly literals: Literals;
  private readonly statements: PolicyStatement[] = [];
  /** `statement.add_actions('s3:*')` by the name of the variable. */
  private readonly additions = new Map<string, Call[]>();
  private readonly variables = new Map<Call, string>();

  constructor(module: ModuleView) {
    this.module = module;
    this.literals = literalsOf(module);
  }

  read(): readonly PolicyStatement[] {
    walk(this.module.node, (node) => {
      if (node.kind === 'Assign') this.noteVariable(node as never);
      if (node.kind === 'Call') this.noteAddition(node as never);
      return true;
    });
    walk(this.module.node, (node) => {
      switch (node.kind) {
        case 'Call':
          if (ONLY_NARROWS.test(dottedName((node as unknown as Call).func))) return false;
          this.readCall(node as never);
          return true;
        case 'Assign':
          return !(node as unknown as Assign).targets.some((target) => ONLY_NARROWS.test(dottedName(target)));
        case 'Keyword':
          return !ONLY_NARROWS.test((node as unknown as Keyword).name ?? '');
        case 'ExpressionStatement':
          // A docstring may show a policy.
          return (node as unknown as { value: Expression }).value.kind !== 'Str';
        case 'Dict':
          this.readDict(node as never);
          return true;
        case 'Str':
        case 'JoinedStr':
          this.readJson(node as never);
          return true;
        default:
          return true;
      }
    });
    return this.statements;
  }

  private noteVariable(node: { targets: Expression[]; value: Expression }): void {
    const [target] = node.targets;
    if (target?.kind === 'Name' && node.value.kind === 'Call') this.variables.set(node.value, target.id);
  }

  private noteAddition(call: Call): void {
    const { func } = call;
    if (func.kind !== 'Attribute' || func.value.kind !== 'Name' || !func.attr.startsWith('add_')) return;
    const calls = this.additions.get(func.value.id);
    if (calls) calls.push(call);
    else this.additions.set(func.value.id, [call]);
  }

  private readCall(call: Call): void {
    const name = lastName(call.func);
    if (name === 'PolicyStatement') this.add(this.cdkStatement(call));
    else if (name === 'Statement' && this.module.resolve(call.func).startsWith('awacs.'))
      this.add(this.statement(fieldsOfCall(call), DOCUMENT));
    else if (name.startsWith('get_policy_document')) {
      const list = this.literals.elementsOf(fieldsOfCall(call).get('statements'));
      for (const item of list ?? []) {
        const fields =
          item.kind === 'Dict' ? fieldsOfDict(item) : item.kind === 'Call' ? fieldsOfCall(item) : undefined;
        if (fields) this.add(this.statement(fields, SNAKE));
      }
    }
  }

  private add(statement: PolicyStatement | undefined): void {
    if (statement) this.statements.push(statement);
  }

  /** https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.aws_iam/PolicyStatement.html */
  private cdkStatement(call: Call): PolicyStatement | undefined {
    const written = this.statement(fieldsOfCall(call), SNAKE);
    const variable = this.variables.get(call);
    const additions = variable === undefined ? [] : (this.additions.get(variable) ?? []);
    const added = (names: RegExp): PolicyEntry[] | undefined => {
      const calls = additions.filter(({ func }) => names.test(lastName(func)));
      return calls.length === 0
        ? undefined
        : calls.flatMap((addition): PolicyEntry[] =>
            /^add_(all_resources|any_principal)$/.test(lastName(addition.func))
              ? [{ value: '*', at: addition }]
              : addition.args.flatMap((argument) => this.entries(argument) ?? []),
          );
    };
    const join = (own: readonly PolicyEntry[] | undefined, more: readonly PolicyEntry[] | undefined) =>
      own || more ? [...(own ?? []), ...(more ?? [])] : undefined;
    const isConditional = additions.some(({ func }) => /^add_.*condition/.test(lastName(func)));
    return {
      ...written,
      actions: join(written.actions, added(/^add_actions$/)),
      resources: join(written.resources, added(/^add_(resources|all_resources)$/)),
      principals: join(written.principals, added(/^add_.*principal/)),
      condition: isConditional ? 'narrowing' : written.condition,
    };
  }

  private readDict(dict: Dict): void {
    const fields = fieldsOfDict(dict);
    if (!fields.has('Effect') || !fields.has('Action', 'NotAction')) return;
    // Neither a resource nor a principal: half of a statement, or something else.
    if (!fields.has('Resource', 'NotResource', 'Principal', 'NotPrincipal')) return;
    this.add(this.statement(fields, DOCUMENT));
  }

  private statement(fields: Fields, names: FieldNames): PolicyStatement {
    const list = (name: string) => this.entries(fields.get(name));
    return {
      at: fields.node,
      effect: this.effect(fields.get(names.effect), names.isAllowedByDefault),
      actions: list(names.actions),
      notActions: list(names.notActions),
      resources: list(names.resources),
      principals: this.principals(fields.get(names.principals)),
      // `**more` may bring a condition.
      condition: fields.isComplete ? this.condition(fields.get(names.conditions)) : 'narrowing',
    };
  }

  private effect(expression: Expression | undefined, isAllowed: boolean): PolicyStatement['effect'] {
    if (!expression) return isAllowed ? 'Allow' : 'unknown';
    const word = this.literals.of(expression) ?? lastName(expression);
    if (/^allow$/i.test(String(word))) return 'Allow';
    return /^deny$/i.test(String(word)) ? 'Deny' : 'unknown';
  }

  private entries(expression: Expression | undefined): PolicyEntry[] | undefined {
    if (!expression) return undefined;
    const elements = this.literals.elementsOf(expression) ?? [expression];
    // Elements of a list that has a name stand elsewhere.
    const at = (element: Expression) =>
      element.start >= expression.start && element.end <= expression.end ? element : expression;
    return elements.map((element) => ({ value: this.textOf(element), at: at(element) }));
  }

  /** `'s3:GetObject'`, awacs' `Action('s3', 'GetObject')` and `awacs.s3.GetObject`. */
  private textOf(expression: Expression): string | undefined {
    const literal = this.literals.of(expression);
    if (typeof literal === 'string') return literal;
    if (expression.kind === 'JoinedStr') return jsonText(expression);
    if (expression.kind === 'Call' && lastName(expression) === 'Action') {
      const parts = expression.args.map((argument) => this.literals.of(argument));
      return parts.every((part) => typeof part === 'string') ? parts.join(':') : undefined;
    }
    if (expression.kind === 'Attribute' || expression.kind === 'Name') {
      const match = /^awacs\.(\w+)\.(\w+)$/.exec(this.module.resolve(expression));
      return match ? `${match[1]}:${match[2]}` : undefined;
    }
    return undefined;
  }

  private principals(expression: Expression | undefined): PolicyEntry[] | undefined {
    if (!expression) return undefined;
    if (expression.kind === 'Dict') {
      return expression.keys.flatMap((key, i) =>
        key?.kind === 'Str' && key.value === 'AWS'
          ? (this.entries(expression.values[i]) ?? [])
          : [{ value: undefined, at: expression }],
      );
    }
    const elements = this.literals.elementsOf(expression) ?? [expression];
    return elements.map((element) => ({ value: this.principal(element), at: element }));
  }

  private principal(element: Expression): string | undefined {
    if (element.kind === 'Dict') {
      // Pulumi: {'type': '*', 'identifiers': ['*']}
      const fields = fieldsOfDict(element);
      const type = fields.get('type');
      const identifiers = this.literals.elementsOf(fields.get('identifiers'));
      const isAws = type !== undefined && /^(\*|AWS)$/.test(String(this.literals.of(type)));
      return isAws && identifiers?.some((item) => this.literals.of(item) === '*') ? '*' : undefined;
    }
    if (element.kind !== 'Call') return this.textOf(element);
    const name = lastName(element);
    if (/^(AnyPrincipal|StarPrincipal|Anyone)$/.test(name)) return '*';
    const last = element.args.at(-1);
    const isNamed = /^(ArnPrincipal|AccountPrincipal|AWSPrincipal|Principal)$/.test(name);
    return isNamed && last && this.literals.of(last) === '*' ? '*' : undefined;
  }

  private condition(expression: Expression | undefined): PolicyStatement['condition'] {
    if (!expression) return 'none';
    if (expression.kind !== 'Dict') return 'narrowing';
    if (expression.keys.length === 0) return 'none';
    const keys = expression.values.flatMap((value) => (value.kind === 'Dict' ? value.keys : [null]));
    const isTransport = keys.every((key) => key?.kind === 'Str' && /^aws:SecureTransport$/i.test(key.value));
    return isTransport ? 'transport' : 'narrowing';
  }

  /** A policy written as JSON: all its statements stand at the string. */
  private readJson(node: Str | JoinedStr): void {
    const json = node.kind === 'Str' ? node.value : jsonText(node);
    if (!/"Statement"[\s\S]*"Effect"|"Effect"[\s\S]*"Statement"/.test(json)) return;
    let document: unknown;
    try {
      document = JSON.parse(json);
    } catch {
      return;
    }
    const list = entryOf(document, 'Statement');
    for (const item of Array.isArray(list) ? list : [list]) this.add(jsonStatement(item, node));
  }
}

interface FieldNames {
  readonly effect: string;
  readonly actions: string;
  readonly notActions: string;
  readonly resources: string;
  readonly principals: string;
  readonly conditions: string;
  readonly isAllowedByDefault: boolean;
}
const DOCUMENT: FieldNames = {
  effect: 'Effect',
  actions: 'Action',
  notActions: 'NotAction',
  resources: 'Resource',
  principals: 'Principal',
  conditions: 'Condition',
  isAllowedByDefault: false,
};
const SNAKE: FieldNames = {
  effect: 'effect',
  actions: 'actions',
  notActions: 'not_actions',
  resources: 'resources',
  principals: 'principals',
  conditions: 'conditions',
  isAllowedByDefault: true,
};

/** The text of an f-string with a letter for each value that is put in. */
function jsonText(node: JoinedStr): string {
  return node.parts.map((part) => (part.kind === 'Str' ? part.value : 'x')).join('');
}

function entryOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function jsonStatement(item: unknown, at: Node): PolicyStatement | undefined {
  const effect = entryOf(item, 'Effect');
  if (effect !== 'Allow' && effect !== 'Deny') return undefined;
  const list = (value: unknown): PolicyEntry[] | undefined =>
    value === undefined
      ? undefined
      : (Array.isArray(value) ? value : [value]).map((entry) => ({
          value: typeof entry === 'string' ? entry : undefined,
          at,
        }));
  const principal = entryOf(item, 'Principal');
  const condition = entryOf(item, 'Condition');
  const conditionKeys =
    typeof condition === 'object' && condition !== null
      ? Object.values(condition).flatMap((inner) => Object.keys(inner ?? {}))
      : [];
  const isTransport = conditionKeys.every((key) => /^aws:SecureTransport$/i.test(key));
  return {
    at,
    effect,
    actions: list(entryOf(item, 'Action')),
    notActions: list(entryOf(item, 'NotAction')),
    resources: list(entryOf(item, 'Resource')),
    principals: list(
      typeof principal === 'object' && principal !== null ? (entryOf(principal, 'AWS') ?? null) : principal,
    ),
    condition: conditionKeys.length === 0 ? 'none' : isTransport ? 'transport' : 'narrowing',
  };
}
