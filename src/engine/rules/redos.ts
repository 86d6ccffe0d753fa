import { code, type RichText, text } from '../finding.ts';
import { analyseBacktracking, attackText, exponentialBacktracking, type SlowRegex } from '../regex/redos.ts';
import type { Flags, MatchMode } from '../regex/syntax.ts';
import type { Report, Rule } from './rule.ts';
import { NO_FLAGS, PATTERN_CALLS, regexOf, type UsedRegex } from './support/regex-of.ts';
import type { CallView, FlowView } from './views.ts';

export const redos: Rule = {
  id: 'redos',
  title: 'Slow regular expression',
  cwe: [1333, 400],
  aspect: 'validation',
  kind: 'defect',
  severity: 'medium',
  rows: [50],
  summary:
    'A regular expression for which some text takes exponential or polynomial time, found by analysing the pattern and by trying the text on a model of Python’s matcher. A defect where outside input is matched against it (exponential: any length, polynomial: input of unlimited length); an advisory for exponential patterns elsewhere.',
  why: 'Python’s matcher tries every way to read a text. With such a pattern, a request of some dozen characters (exponential) or some ten thousand (polynomial) keeps a process busy for minutes.',
  fix: 'Rewrite the part so that each text can be read in one way only (use possessive `*+` or atomic groups in Python 3.11 and later), or limit the length of the text before it is matched.',
  references: [
    'https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS',
    'https://docs.python.org/3/library/re.html#regular-expression-syntax',
  ],
  roles: { test: 'silent' },
  flow: {
    sinks: ['regex-subject'],
    levels: { remote: 'defect' },
    accepts: (flow) => slowFor(flow) !== undefined,
    message: (flow) => {
      const slow = slowFor(flow)?.slow;
      return text`${flow.origin} is matched against a pattern that takes ${growth(slow)} time for ${slow ? attack(slow) : 'some texts'}.`;
    },
    severity: (flow) => (slowFor(flow)?.slow.complexity === 'exponential' ? 'high' : 'medium'),
    fix: (flow) => {
      const found = slowFor(flow);
      return found && { text: rewrite(found.slow, found.regex) };
    },
  },
  calls: [
    { paths: PATTERN_CALLS, check: checkPattern },
    { paths: [], names: (name) => /regexp?(?:_|$)|_re$/i.test(name), check: checkOwnPatterns },
  ],
  examples: {
    bad: [
      {
        title: 'an exponential pattern and outside input',
        code: `
import re
from flask import Flask, request

app = Flask(__name__)

@app.route('/check')
def check():
    if not re.match(r'^(\\w+\\s?)*$', request.args['name']):  # report
        return 'no'
    return 'yes'
`,
      },
      {
        title: 'a polynomial pattern and outside input',
        code: `
import re
from flask import Flask, request

app = Flask(__name__)

@app.route('/trim', methods=['POST'])
def trim():
    return re.sub(r'\\s+$', '', request.form['text'])  # report
`,
      },
      {
        title: 'an exponential pattern, for whatever text',
        kind: 'advisory',
        code: `
import re

WORDS = re.compile(r'(a+)+b')  # report

def find(text):
    return re.search(r'^(([a-z])+.)+[A-Z]([a-z])+$', text)  # report
`,
      },
      {
        title: 'a pattern for a function of the project',
        kind: 'advisory',
        code: `
from .tools import search_regex

def data(page):
    return search_regex([r'data=(w+)', r'{((?:.|s)+?)};'], page)  # report
`,
      },
    ],
    good: [
      {
        title: 'patterns that read each text in one way',
        code: `
import re
from flask import Flask, request

app = Flask(__name__)
NAME = re.compile(r'^\\w+(?:\\s\\w+)*$')

@app.route('/check')
def check():
    name = request.args['name']
    if NAME.match(name) and re.fullmatch(r'[a-z0-9-]{1,63}', name):
        return re.sub(r'[^a-z]', '', name)
    return ''
`,
      },
      {
        title: 'polynomial, but not for outside input',
        code: `
import re

def strip(line):
    return re.sub(r'\\s+$', '', line)
`,
      },
    ],
  },
};

interface Found {
  readonly slow: SlowRegex;
  readonly regex: UsedRegex;
}

type Analysis = (pattern: string, mode: MatchMode, flags: Flags) => SlowRegex | undefined;

/** Polynomial time matters for outside input only. */
const anySlow = remembered((pattern, mode, flags) => {
  const result = analyseBacktracking(pattern, mode, flags);
  return result.verdict === 'slow' ? result : undefined;
});
const exponential = remembered(exponentialBacktracking);

/** Patterns are analysed once, whoever uses them. */
function remembered(analyse: Analysis): (regex: UsedRegex) => SlowRegex | undefined {
  const known = new Map<string, SlowRegex | undefined>();
  return (regex) => {
    const key = JSON.stringify([regex.pattern, regex.mode, regex.flags]);
    if (!known.has(key)) {
      if (known.size > 5_000) known.clear();
      known.set(key, analyse(regex.pattern, regex.mode, regex.flags));
    }
    return known.get(key);
  };
}

function slowFor(flow: FlowView): Found | undefined {
  const regex = flow.call && regexOf(flow.call);
  const slow = regex && anySlow(regex);
  return slow && { slow, regex };
}

function checkPattern(call: CallView): Report | undefined {
  const regex = regexOf(call);
  const slow = regex && exponential(regex);
  if (!slow || !regex || matchesInput(call)) return undefined;
  return reportOf(slow, regex);
}

function reportOf(slow: SlowRegex, regex: UsedRegex): Report {
  return {
    message: text`The pattern ${code(regex.pattern, 60)} takes exponential time for ${attack(slow)}.`,
    at: regex.node,
    kind: 'advisory',
    fix: { text: rewrite(slow, regex) },
  };
}

/** Only a repeated group can take exponential time. */
const REPEATS_GROUP = /\)(?:[*+]|\{)/;

/** `self._search_regex([r'…', r'…'], page)`: patterns for a function of the project. */
function checkOwnPatterns(call: CallView): Report[] {
  if (/^(?:re|regex)\./.test(call.callee)) return [];
  const reports: Report[] = [];
  for (let i = 0; i < call.positionalCount; i++) {
    const node = call.argumentNode(i);
    const value = call.argument(i);
    if (!node || node.kind === 'Name') continue;
    for (const { constant } of value?.elements ?? (value ? [value] : [])) {
      if (typeof constant !== 'string' || !REPEATS_GROUP.test(constant)) continue;
      const regex: UsedRegex = { pattern: constant, mode: 'search', flags: NO_FLAGS, node };
      const slow = exponential(regex);
      if (slow) reports.push(reportOf(slow, regex));
    }
  }
  return reports;
}

/** What it takes long for; white space cannot be shown. */
function attack(slow: Parameters<typeof attackText>[0]): RichText {
  const shown = attackText(slow, 12);
  return shown.trim() === '' ? ['long runs of white space'] : text`texts such as ${code(shown, 60)}`;
}

/** Then the flow is reported at this very place. */
function matchesInput(call: CallView): boolean {
  const subject = call.argument(call.name === 'sub' || call.name === 'subn' ? 2 : 1, 'string');
  return call.name !== 'compile' && subject?.sources.some(({ level }) => level === 'remote') === true;
}

function growth(slow: SlowRegex | undefined): string {
  if (!slow || slow.complexity === 'exponential') return 'exponential';
  return slow.degree === 2 ? 'quadratic' : 'polynomial';
}

function rewrite(slow: SlowRegex, regex: UsedRegex) {
  const culprit = regex.pattern.slice(slow.start, slow.end);
  return text`Rewrite ${code(culprit, 60)} so that each text can be read in one way only, or limit the length of the text first.`;
}
