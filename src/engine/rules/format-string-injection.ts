import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import type { FlowView } from './views.ts';

/** `name='text'`, `3`: nothing to be read in it. */
const LITERAL = /^\s*(?:\w+\s*=\s*)?(?:[rbu]?'[^']*'|[rbu]?"[^"]*"|[\d.]+|None|True|False)\s*$/;

/** The source of the arguments of `.format(…)`, which stands right behind the text. */
function argumentsOfFormat(flow: FlowView): string[] {
  const rest = flow.module.text.slice(flow.node.end, flow.node.end + 4000);
  const open = /^\s*\)*\s*\.\s*format(?:_map)?\(/.exec(rest)?.[0];
  if (!open) return ['?'];
  let depth = 0;
  let argument = '';
  const found: string[] = [];
  for (const character of rest.slice(open.length)) {
    if (depth === 0 && (character === ',' || character === ')')) {
      if (argument.trim() !== '') found.push(argument);
      if (character === ')') break;
      argument = '';
      continue;
    }
    if ('([{'.includes(character)) depth++;
    if (')]}'.includes(character)) depth--;
    argument += character;
  }
  return found;
}

export const formatStringInjection: Rule = {
  id: 'format-string-injection',
  title: 'Outside input is a format string',
  cwe: [134],
  aspect: 'injection',
  kind: 'defect',
  severity: 'medium',
  rows: [20],
  summary:
    'A text from outside on which `.format(…)` or `.format_map(…)` is called with objects as arguments, or `string.Formatter().format`.',
  why: '`{user.__init__.__globals__[SECRET_KEY]}` reads attributes of whatever is passed, settings and keys among them, and `{:9999999999}` fills the memory.',
  fix: 'Keep the format constant, or use `string.Template`, which looks up names only.',
  references: [
    'https://docs.python.org/3/library/string.html#format-string-syntax',
    'https://lucumr.pocoo.org/2016/12/29/careful-with-str-format/',
  ],
  flow: {
    sinks: ['format'],
    levels: { remote: 'defect' },
    // `date.format('%Y')` and the like: no replacement is made without arguments.
    accepts: (flow) => {
      if (flow.sink.startsWith('string.'))
        return (flow.call?.node.args.length ?? 2) + (flow.call?.node.keywords.length ?? 0) > 1;
      return argumentsOfFormat(flow).some((argument) => !LITERAL.test(argument));
    },
    message: (flow) =>
      text`${flow.origin} is used as a format string, which can read attributes of the objects that are put in.`,
    fix: () => ({
      text: text`Keep the format constant, or use ${code('string.Template(…).safe_substitute(…)')}.`,
    }),
  },
  examples: {
    bad: [
      {
        title: 'a template of the user',
        code: `
from flask import Flask, current_app, request

app = Flask(__name__)

@app.post('/greeting')
def greeting():
    template = request.form['template']
    text = template.format(app=current_app)  # report
    other = ('Hello ' + request.form['name'] + ', {user}').format(user=current_app)  # report
    return {'text': text + other}
`,
      },
    ],
    good: [
      {
        title: 'a constant format, or Template',
        code: `
from string import Template
from flask import Flask, request

app = Flask(__name__)

@app.post('/greeting')
def greeting():
    text = 'Hello {}'.format(request.form['name'])
    request.form['check'].format(name='x', size=3)
    other = Template(request.form['template']).safe_substitute(name='you')
    return {'text': text + other}
`,
      },
    ],
  },
};
