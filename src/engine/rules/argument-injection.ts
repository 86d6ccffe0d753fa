import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import {
  commandWords,
  isScriptOfShell,
  isStartedByAnother,
  programName,
  scriptFile,
  startedWords,
} from './support/command-line.ts';
import type { CallView, FlowView, ValueView } from './views.ts';

/** Programs with options that run commands, or read and write files of one's choice. https://gtfobins.github.io/ */
const PROGRAMS_WITH_DANGEROUS_OPTIONS = new Set(
  `git hg svn tar zip unzip rsync scp ssh sftp curl wget find xargs awk gawk sed ffmpeg convert magick gs pip npm docker
  podman kubectl psql mysql mysqldump pg_dump ansible ansible-playbook terraform chromium google-chrome wkhtmltopdf
  pandoc 7z rar vim ed nmap tcpdump openssl make gcc strace env sort man mail sendmail pdflatex`.split(/\s+/),
);

/** The word that is outside input from its first character on, with no `--` before it. */
function openWord(words: readonly ValueView[]): ValueView | undefined {
  const end = words.findIndex((word) => word.constant === '--');
  return words.find((word, i) => {
    if (i === 0 || (end >= 0 && i > end) || !word.reaches('argument')) return false;
    // A word behind an option that takes a value is that value: `['git', '-C', path]`.
    const before = words[i - 1]?.constant;
    const isValueOfOption = typeof before === 'string' && /^-/.test(before);
    return !isValueOfOption && (word.template === undefined || word.template === '\0');
  });
}

function isInjection(flow: FlowView): boolean {
  if (isScriptOfShell(flow) || !flow.call || flow.call.argument(undefined, 'shell')?.isTrue) return false;
  const words = wordsOf(flow.call);
  const program = words && programName(words);
  if (program === undefined || isStartedByAnother(flow)) return false;
  const open = openWord(words!);
  return open !== undefined && (PROGRAMS_WITH_DANGEROUS_OPTIONS.has(program) || open === scriptFile(words!));
}

/** The words of the program that is started in the end. */
function wordsOf(call: CallView): readonly ValueView[] | undefined {
  const words = commandWords(call);
  return words && startedWords(words);
}

export const argumentInjection: Rule = {
  id: 'argument-injection',
  title: 'Argument injection',
  cwe: [88],
  aspect: 'injection',
  kind: 'defect',
  severity: 'high',
  rows: [1],
  summary:
    'Outside input that becomes a whole argument of a program with dangerous options (`git`, `tar`, `curl`, `find`, `ssh`, …), where nothing keeps it from beginning with `-`.',
  why: 'No shell is needed: `--upload-pack=…` makes `git` run a command, `-o` makes `curl` write a file, `--checkpoint-action` makes `tar` run a script.',
  fix: "Put `'--'` before the value, or refuse values that begin with `-`.",
  references: [
    'https://cwe.mitre.org/data/definitions/88.html',
    'https://sonarsource.github.io/argument-injection-vectors/',
  ],
  flow: {
    sinks: ['argument'],
    levels: { remote: 'defect' },
    accepts: isInjection,
    message: (flow) =>
      text`${flow.origin} becomes an argument of ${code(programName(wordsOf(flow.call!)!) ?? '')} in ${calledAs(flow)} and may begin with ${code('-')}, so that it is read as an option.`,
    fix: () => ({
      text: text`Put ${code("'--'")} before the value, or refuse values that begin with ${code('-')}.`,
    }),
  },
  examples: {
    bad: [
      {
        title: 'a repository address',
        code: `
import subprocess
from flask import Flask, request

app = Flask(__name__)

@app.post('/clone')
def clone():
    subprocess.run(['git', 'clone', request.form['url'], '/srv/work'], check=True)  # report
    subprocess.check_call(['/usr/bin/curl', request.form['url']])  # report
    subprocess.run(['sudo', '-u', 'git', 'git', 'fetch', request.form['url']], check=True)  # report
    subprocess.run(['python3', request.form['script']], check=True)  # report
    return ''
`,
      },
    ],
    good: [
      {
        title: 'behind `--`, checked, or the value of an option',
        code: `
import subprocess
from flask import Flask, request

app = Flask(__name__)

@app.post('/clone')
def clone():
    subprocess.run(['git', 'clone', '--', request.form['url'], '/srv/work'], check=True)
    subprocess.run(['git', '-C', request.form['directory'], 'status'], check=True)
    subprocess.run(['git', 'log', f'--author={request.form["author"]}'], check=True)
    subprocess.run(['notify-send', request.form['text']], check=True)
    subprocess.run(['python3', 'convert.py', request.form['text']], check=True)
    subprocess.run(['sudo', 'git', 'clone', '--', request.form['url'], '/srv/work'], check=True)
    return ''
`,
      },
    ],
  },
};
