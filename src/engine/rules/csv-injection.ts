import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';

export const csvInjection: Rule = {
  id: 'csv-injection',
  title: 'Formula in a spreadsheet cell',
  cwe: [1236],
  aspect: 'injection',
  kind: 'advisory',
  severity: 'medium',
  rows: [25],
  summary:
    'Outside input that is written into a CSV or spreadsheet cell as it is. `defusedcsv`, or a prefix for cells that begin with `=`, `+`, `-` or `@`, makes it harmless.',
  why: 'Spreadsheet programs run a cell that begins with `=`, `+`, `-` or `@` as a formula when someone opens the export, which can send the other cells away.',
  fix: "Use `defusedcsv.csv` in place of `csv`, or put `'` before a cell that begins with `=`, `+`, `-`, `@`, a tab or a line break.",
  references: [
    'https://owasp.org/www-community/attacks/CSV_Injection',
    'https://pypi.org/project/defusedcsv/',
  ],
  flow: {
    sinks: ['csv'],
    levels: { remote: 'advisory' },
    message: (flow) =>
      text`${flow.origin} becomes a cell of the table that ${calledAs(flow)} writes, where it can be a formula.`,
    fix: () => ({ text: text`Use ${code('defusedcsv.csv')} in place of ${code('csv')}.` }),
  },
  examples: {
    bad: [
      {
        title: 'a row with a value of the client',
        code: `
import csv
import io
from flask import Flask, request

app = Flask(__name__)

@app.route('/export')
def export():
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(['name', request.args['name']])  # report
    return out.getvalue()
`,
      },
    ],
    good: [
      {
        title: 'escaped by the writer',
        code: `
import io
from defusedcsv import csv
from flask import Flask, request

app = Flask(__name__)

@app.route('/export')
def export():
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(['name', request.args['name']])
    writer.writerow(['count', int(request.args['count'])])
    return out.getvalue()
`,
      },
    ],
  },
};
