import { text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';

export const dynamicCodeEvaluation: Rule = {
  id: 'dynamic-code-evaluation',
  title: 'Code that is evaluated at run time',
  cwe: [95],
  aspect: 'injection',
  kind: 'advisory',
  severity: 'low',
  rows: [15, 16],
  summary: '`eval` or `exec` of something that is not a constant and whose origin the code does not show.',
  why: 'If the text ever comes from outside, whoever wrote it runs code here.',
  fix: 'Use `ast.literal_eval` for literals, `getattr` or a dict for names, or keep the text constant.',
  references: ['https://docs.python.org/3/library/functions.html#eval'],
  roles: { test: 'silent', example: 'silent', command: 'silent' },
  calls: [
    {
      paths: [
        'builtins.eval',
        'builtins.exec',
        'code.InteractiveConsole.push',
        'code.InteractiveConsole.runsource',
        'code.InteractiveInterpreter.runsource',
        'code.compile_command',
        'codeop.compile_command',
        '_interpreters.run_string',
        'concurrent.interpreters.Interpreter.exec',
        '_testcapi.run_in_subinterp',
        'test.support.run_in_subinterp',
        'cProfile.run',
        'cProfile.runctx',
        'profile.run',
        'profile.runctx',
        'pdb.run',
        'pdb.runeval',
      ],
      check: (call) => {
        const at = call.callee === '_interpreters.run_string' ? 1 : 0;
        const argument = call.argument(at);
        const node = call.argumentNode(at);
        if (!argument || !node || argument.constants || argument.isBytes) return undefined;
        if (argument.sources.some((source) => source.level === 'remote')) return undefined;
        // `exec(compile(...))` runs a file of one's own; setup.py reads its version this way.
        if (/\bcompile\(|open\(|read_text\(/.test(call.sourceOf(node))) return undefined;
        return {
          at: call.node,
          quiet: true,
          message: text`${calledAs(call)} runs ${call.quote(node)}, whose text is put together at run time.`,
        };
      },
    },
  ],
  examples: {
    bad: [
      {
        title: 'an expression that is passed in',
        code: `
def compute(expression, row):
    return eval(expression, {}, row)  # report
`,
      },
    ],
    good: [
      {
        title: 'constants, literals, and methods of the same name',
        code: `
import ast

def compute(model, expression):
    eval('1 + 1')
    model.eval()
    return ast.literal_eval(expression)
`,
      },
    ],
  },
};
