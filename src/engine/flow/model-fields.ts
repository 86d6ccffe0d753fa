/** What the field of a model or the parameter of a handler must fit: declared patterns, and validators of the class. */
import type { Call, Expression, FunctionDef } from '../syntax/ast.ts';
import { lastName } from '../syntax/headers.ts';
import { walkExpressions } from '../syntax/walk.ts';
import { evaluateQuietly } from './facts.ts';
import type { Frame } from './frame.ts';
import { kindsAdmitted } from './guards-pattern.ts';
import { KindSet } from './kinds.ts';
import type { ClassInfo } from './program.ts';
import { summaryOf } from './summaries.ts';
import { constantOf } from './values.ts';

const DECLARES = /^(?:Query|Path|Form|Body|Header|Cookie|Field|constr|StringConstraints)$/;

type Written = readonly (Expression | null | undefined)[];

/** What text cannot do harm to because of the pattern that it must fit: `Query(pattern='[a-z]+')`. */
export function kindsDeclared(frame: Frame, written: Written): KindSet {
  let kinds = KindSet.none;
  for (const call of callsIn(written)) {
    if (!DECLARES.test(lastName(call))) continue;
    const given = call.keywords.find(({ name }) => name === 'pattern' || name === 'regex');
    const pattern = given && constantOf(evaluateQuietly(frame, given.value));
    if (typeof pattern === 'string') kinds = kinds.with(kindsAdmitted(pattern));
  }
  return kinds;
}

/** `Cookie()` and `Header()`: what of the request fills a parameter of a handler. */
export function partDeclared(written: Written): string | undefined {
  const name = callsIn(written)
    .map(lastName)
    .find((called) => called === 'Cookie' || called === 'Header');
  return name && `a ${name.toLowerCase()} of the request`;
}

/** The calls in defaults and annotations. */
function callsIn(written: Written): Call[] {
  const calls: Call[] = [];
  for (const declared of written) {
    if (!declared || declared.kind === 'Constant' || declared.kind === 'Name') continue;
    walkExpressions(declared, (node) => {
      if (node.kind === 'Call') calls.push(node);
    });
  }
  return calls;
}

/** By class what is known of its fields; null for what is no model. */
const known = new WeakMap<ClassInfo, Map<string, KindSet> | null>();

/** The same of a field of a Pydantic model, where its class or a validator says what it admits. */
export function kindsOfField(frame: Frame, cls: ClassInfo, name: string): KindSet {
  let fields = known.get(cls);
  if (fields === undefined) {
    fields = cls.isA('pydantic.BaseModel') ? new Map() : null;
    known.set(cls, fields);
  }
  if (!fields) return KindSet.none;
  let kinds = fields.get(name);
  if (kinds === undefined) {
    fields.set(name, KindSet.none);
    kinds = findKinds(frame, cls, name);
    fields.set(name, kinds);
  }
  return kinds;
}

function findKinds(frame: Frame, cls: ClassInfo, name: string): KindSet {
  let kinds = KindSet.none;
  for (const base of cls.projectOrder) {
    for (const statement of base.node.body) {
      // What names mean elsewhere is not known here.
      if (statement.kind === 'AnnAssign' && base.module === frame.module) {
        const isField = statement.target.kind === 'Name' && statement.target.id === name;
        if (isField) kinds = kinds.with(kindsDeclared(frame, [statement.annotation, statement.value]));
      } else if (statement.kind === 'FunctionDef' && validates(statement, name)) {
        const shape = base.member(statement.name)?.value.shape;
        // The value comes behind the class.
        const checked = shape?.kind === 'function' && summaryOf(frame, shape).whenReturned.get(1);
        if (checked) kinds = kinds.with(checked);
      }
    }
  }
  return kinds;
}

/** `@field_validator('name')` */
function validates({ decorators }: FunctionDef, name: string): boolean {
  return decorators.some(
    (decorator) =>
      decorator.kind === 'Call' &&
      /^(?:field_)?validator$/.test(lastName(decorator)) &&
      decorator.args.some((arg) => arg.kind === 'Str' && (arg.value === name || arg.value === '*')),
  );
}
