import { text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';

export const processSignalInjection: Rule = {
  id: 'process-signal-injection',
  title: 'Outside input chooses the process that gets a signal',
  cwe: [283],
  aspect: 'access',
  kind: 'advisory',
  severity: 'medium',
  rows: [8],
  summary: 'Outside input that becomes the process id or the signal of `os.kill` or `os.killpg`.',
  why: 'Whoever sends the number can stop other processes of the same user; the id 0 or -1 means whole groups.',
  fix: 'Keep the ids of the processes that were started, and look the one to stop up there.',
  references: ['https://docs.python.org/3/library/os.html#os.kill'],
  flow: {
    sinks: ['signal'],
    levels: { remote: 'advisory' },
    message: (flow) => text`${flow.origin} decides which process ${calledAs(flow)} sends a signal to.`,
  },
  examples: {
    bad: [
      {
        title: 'a process id from the request',
        code: `
import os
import signal
from flask import Flask, request

app = Flask(__name__)

@app.post('/stop')
def stop():
    os.kill(int(request.form['pid']), signal.SIGTERM)  # report
    return ''
`,
      },
    ],
    good: [
      {
        title: 'a process that was started here',
        code: `
import os
import signal
from flask import Flask, request

app = Flask(__name__)
STARTED = {}

@app.post('/stop')
def stop():
    process = STARTED.get(request.form['job'])
    if process:
        os.kill(process.pid, signal.SIGTERM)
    pid = int(request.form['pid'])
    if pid in (101, 102):
        os.kill(pid, signal.SIGTERM)
    return ''
`,
      },
    ],
  },
};
