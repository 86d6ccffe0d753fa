import { code, text } from '../finding.ts';
import type { Reports, Rule } from './rule.ts';
import type { ClassView } from './views.ts';

const EXPRESSIONS = ['Func', 'Aggregate', 'Subquery', 'Expression', 'Window', 'Transform', 'Lookup'].flatMap(
  (name) => [
    `django.db.models.${name}`,
    `django.db.models.expressions.${name}`,
    `django.db.models.aggregates.${name}`,
  ],
);
/** What Django itself fills in: compiled SQL, and names that the class gives. */
const FILLED_BY_DJANGO = new Set(
  'function expressions expression distinct filter subquery ordering order_by window frame_clause lhs rhs db_type'.split(
    ' ',
  ),
);

function check(cls: ClassView): Reports {
  if (!EXPRESSIONS.some((path) => cls.derivesFrom(path))) return undefined;
  const template = cls.attribute('template')?.constant;
  if (typeof template !== 'string') return undefined;
  const names = [...template.matchAll(/%\((\w+)\)/g)].map(([, name]) => name!);
  const own = names.find((name) => !FILLED_BY_DJANGO.has(name));
  if (own === undefined) return undefined;
  return {
    at: cls.node,
    quiet: true,
    message: text`${code(`%(${own})s`)} in the template of ${code(cls.name)} is put into the SQL text as it is, and not bound.`,
  };
}

export const sqlExpressionTemplate: Rule = {
  id: 'sql-expression-template',
  title: 'SQL expression that formats its options into the text',
  cwe: [89],
  aspect: 'injection',
  kind: 'advisory',
  severity: 'low',
  rows: [10],
  summary:
    'A class derived from Django’s `Func`, `Aggregate`, `Subquery` or `Expression` whose `template` has placeholders of its own.',
  why: 'What is passed as `**extra` is written into the statement without being escaped: with a value from outside it is an SQL injection.',
  fix: 'Pass values as expressions (`Value(option)`), and let only constants into the template.',
  references: ['https://docs.djangoproject.com/en/stable/ref/models/expressions/#avoiding-sql-injection'],
  roles: { test: 'silent', example: 'silent', migration: 'silent' },
  on: { class: check },
  examples: {
    bad: [
      {
        title: 'an option in the template',
        code: `
from django.db.models import Func

class Position(Func):  # report
    function = 'POSITION'
    template = "%(function)s('%(substring)s' in %(expressions)s)"

    def __init__(self, expression, substring):
        super().__init__(expression, substring=substring)
`,
      },
    ],
    good: [
      {
        title: 'options as expressions',
        code: `
from django.db.models import Func, Value

class Position(Func):
    function = 'POSITION'
    arg_joiner = ' IN '
    template = '%(function)s(%(expressions)s)'

    def __init__(self, expression, substring):
        super().__init__(Value(substring), expression)
`,
      },
    ],
  },
};
