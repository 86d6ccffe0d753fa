import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import { isScriptOfShell, isStartedByAnother } from './support/command-line.ts';
import { isOwnInput, isSentByOthers } from './support/weak-sources.ts';
import type { FlowView } from './views.ts';

/**
 * `subprocess.run([program, value], shell=True)`: POSIX systems take all but the first word for arguments of the
 * shell itself; Windows puts them together into one command.
 */
function isListForShell(flow: FlowView): boolean {
  return (
    flow.kind === 'argument' &&
    flow.call?.argument(undefined, 'shell')?.isTrue === true &&
    flow.value.reaches('shell')
  );
}

/** `subprocess.run('ping ' + host)`: without a shell it is one program with a space in its name, or on Windows a command. */
function isOnlyOnWindows(flow: FlowView): boolean {
  return flow.kind === 'program' && /^[^\s\0]+\s/.test(flow.value.template ?? '');
}

export const osCommandInjection: Rule = {
  id: 'os-command-injection',
  title: 'OS command injection',
  cwe: [78, 77],
  aspect: 'injection',
  kind: 'defect',
  severity: 'critical',
  rows: [1, 2, 3],
  summary:
    'Outside input that becomes a shell command (`os.system`, `subprocess` with `shell=True`, `asyncio.create_subprocess_shell`, `sh -c`), or that names the program to start. Input from the command line or the environment of a tool, a message of a queue and the answer of a language model are advisories.',
  why: 'A shell reads `;`, `|`, `$(…)` and line breaks in the value as commands of its own; whoever sends the value runs programs as the server.',
  fix: 'Start the program without a shell, with a list of arguments (`subprocess.run([program, value])`), choose from a fixed set, or quote the value with `shlex.quote`.',
  references: [
    'https://docs.python.org/3/library/subprocess.html#security-considerations',
    'https://cheatsheetseries.owasp.org/cheatsheets/OS_Command_Injection_Defense_Cheat_Sheet.html',
  ],
  flow: {
    sinks: ['shell', 'program', 'argument'],
    levels: { remote: 'defect', stored: 'advisory', local: 'advisory' },
    accepts: (flow) => {
      const hasShell = flow.call?.argument(undefined, 'shell')?.isTrue;
      if (
        flow.kind === 'argument' &&
        !(hasShell ? isListForShell(flow) : isScriptOfShell(flow) || isStartedByAnother(flow))
      )
        return false;
      switch (flow.source.level) {
        case 'local':
          return isOwnInput(flow.source);
        case 'stored':
          return flow.kind !== 'program' && isSentByOthers(flow.source);
        default:
          return true;
      }
    },
    isDoubtful: (flow) =>
      isListForShell(flow) ||
      isOnlyOnWindows(flow) ||
      // That a tool starts what it is told to is often what it is for.
      (flow.source.level === 'local' &&
        (flow.kind === 'program' || isStartedByAnother(flow)) &&
        !/^os\.(?:exec|spawn|posix_spawn)/.test(flow.sink)),
    message: (flow) =>
      isOnlyOnWindows(flow)
        ? text`${flow.origin} becomes part of a command that ${calledAs(flow)} starts as it is written on Windows, and takes for the name of one program elsewhere.`
        : flow.kind === 'program' || isStartedByAnother(flow)
          ? text`${flow.origin} chooses the program that ${calledAs(flow)} starts.`
          : isListForShell(flow)
            ? text`${flow.origin} is part of a list that ${calledAs(flow)} gives to a shell, which makes one command of it on Windows and ignores all but the first word elsewhere.`
            : text`${flow.origin} becomes part of the command that a shell runs in ${calledAs(flow)}.`,
    fix: (flow) => ({
      text:
        flow.kind === 'program'
          ? text`Choose the program from a fixed set of names, and pass the value only as an argument.`
          : text`Pass the program and its arguments as a list without a shell, or quote the value with ${code('shlex.quote')}.`,
    }),
  },
  examples: {
    bad: [
      {
        title: 'a shell command with a query parameter in it',
        code: `
import os
import subprocess
from flask import Flask, request

app = Flask(__name__)

@app.route('/ping')
def ping():
    host = request.args.get('host')
    os.system('ping -c 1 ' + host)  # report
    subprocess.run(f'ping -c 1 {host}', shell=True)  # report
    subprocess.check_output('ping -c 1 %s' % host, shell=True)  # report
    return subprocess.Popen('ping -c 1 {}'.format(host), shell=True, stdout=subprocess.PIPE).stdout.read()  # report
`,
      },
      {
        title: 'the script of a shell that is started with a list',
        code: `
import asyncio
import os
import subprocess
import sys
from fastapi import FastAPI

app = FastAPI()

@app.get('/run')
async def run(command: str):
    subprocess.call(['bash', '-c', command])  # report
    subprocess.call([sys.executable, '-c', f'print("{command}")'])  # report
    subprocess.call([sys.executable, '-m', 'app.print', command])
    os.execl('/bin/sh', '/bin/sh', '-c', command)  # report
    await asyncio.create_subprocess_shell(command)  # report
    await asyncio.create_subprocess_exec('sh', '-c', f'ls {command}')  # report
    words = []
    if os.name == 'nt':
        words.extend(['cmd.exe', '/c'])
    else:
        words.extend(['sh', '-c'])
    words.append('list ' + command)
    subprocess.run(words, check=True)  # report
`,
      },
      {
        title: 'a script that a method gives to a shell',
        code: `
import subprocess
from flask import Flask, request

app = Flask(__name__)

class Job:
    def __init__(self, host, count=1):
        self.command = 'ping -c %d %s' % (count, host)

    def run(self):
        subprocess.run(['sh', '-c', self.command], check=True)  # report

@app.post('/ping')
def ping():
    Job(host=request.form['host']).run()
    return ''
`,
      },
      {
        title: 'the program itself',
        code: `
import subprocess
from django.http import HttpResponse

def started(words):
    return subprocess.Popen(words)  # report

def convert(request):
    tool = request.POST['tool']
    started([tool, '--help'])
    subprocess.run([tool, '--version'])  # report
    subprocess.run(['sudo', '-u', 'www', tool, '--version'])  # report
    return HttpResponse('done')
`,
      },
      {
        title: 'servers of models, a websocket, and pages of web.py',
        code: `
import os
import bentoml
import litserve
import web
from quart import Quart, websocket
from ray import serve

app = Quart(__name__)

@serve.deployment
class Summarizer:
    async def __call__(self, request):
        body = await request.json()
        os.system('say ' + body['text'])  # report

@bentoml.service
class Speaker:
    @bentoml.api
    def say(self, text: str, rate: int) -> None:
        os.system('say ' + text)  # report
        os.system(f'say -r {rate} hello')

class Api(litserve.LitAPI):
    def decode_request(self, request):
        os.system('say ' + request['text'])  # report

    def encode_response(self, output):
        os.system('say ' + output)

@app.websocket('/feed')
async def feed():
    os.system('say ' + await websocket.receive())  # report

class Page:
    def GET(self, name):
        os.system('say ' + name)  # report
`,
      },
      {
        title: 'fields of a model, with checks that say little',
        code: `
import os
import re
from typing import Annotated
from fastapi import FastAPI
from pydantic import BaseModel, Field, StringConstraints, constr, field_validator

app = FastAPI()

class Job(BaseModel):
    word: constr(pattern=r'^[a-z]+$')
    part: str = Field(pattern='[a-z]')
    third: Annotated[str, StringConstraints(pattern=r'^\\w+$')]
    text: str = Field(max_length=20)
    name: str

    @field_validator('name')
    @classmethod
    def check(cls, value):
        if not re.fullmatch(r'\\w+', value):
            raise ValueError(value)
        return value

    @field_validator('text')
    @classmethod
    def is_long(cls, value):
        if len(value) < 2:
            raise ValueError(value)
        return value

@app.post('/run')
async def run(request: Job):
    os.system('run ' + request.text)  # report
    os.system('run ' + request.part)  # report
`,
      },
      {
        title: 'through a helper function and a class',
        code: `
import os
from flask import Flask, request

app = Flask(__name__)

class Archiver:
    def __init__(self, name):
        self.name = name

    def run(self):
        os.system('tar czf backup.tgz ' + self.name)  # report

@app.post('/backup')
def backup():
    Archiver(request.form['name']).run()
    return ''
`,
      },
      {
        title: 'an AWS Lambda handler',
        code: `
import os

def lambda_handler(event, context):
    os.system('convert ' + event['file'])  # report
`,
      },
      {
        title: 'a text that is a command on Windows only',
        kind: 'advisory',
        code: `
import subprocess
from flask import Flask, request

app = Flask(__name__)

@app.route('/ping')
def ping():
    subprocess.run('ping ' + request.args['host'])  # report
    return ''
`,
      },
      {
        title: 'the command line of a tool',
        kind: 'advisory',
        code: `
import os
import sys

os.system('ls ' + sys.argv[1])  # report
`,
      },
    ],
    good: [
      {
        title:
          'a pattern that admits nothing but words; the line break that `$` lets through ends the command',
        code: `
import os
import re
from flask import Flask, abort, request

app = Flask(__name__)
NAME = re.compile(r'^[a-z0-9_]+$')

@app.route('/user')
def user():
    name = request.args['name']
    if not NAME.match(name):
        abort(400)
    os.system('id ' + name)

REFUSED = ';|&$\`<>(){}*? \\n\\'"\\\\'

@app.route('/group')
def group():
    name = request.args['name']
    if any(character in name for character in REFUSED):
        abort(400)
    os.system('groups ' + name)
`,
      },
      {
        title: 'fields of a model that must fit a pattern',
        code: `
import os
import re
from typing import Annotated
from fastapi import FastAPI
from pydantic import BaseModel, Field, StringConstraints, constr, field_validator

app = FastAPI()

class Job(BaseModel):
    word: constr(pattern=r'^[a-z]+$')
    part: str = Field(pattern='[a-z]')
    third: Annotated[str, StringConstraints(pattern=r'^\\w+$')]
    text: str = Field(max_length=20)
    name: str

    @field_validator('name')
    @classmethod
    def check(cls, value):
        if not re.fullmatch(r'\\w+', value):
            raise ValueError(value)
        return value

    @field_validator('text')
    @classmethod
    def is_long(cls, value):
        if len(value) < 2:
            raise ValueError(value)
        return value

@app.post('/run')
async def run(request: Job):
    os.system('run ' + request.word)
    os.system('run ' + request.third)
    os.system('run ' + request.name)
`,
      },
      {
        title: 'a list of arguments without a shell',
        code: `
import subprocess
from flask import Flask, request

app = Flask(__name__)

def output_of(words):
    return subprocess.check_output(words)

@app.route('/ping')
def ping():
    host = request.args['host']
    output_of(['ping', '-c', '1', '--', host])
    subprocess.run(['sudo', '-n', 'timeout', '5', 'ping', '-c', '1', '--', host], check=True)
    return subprocess.check_output(['ping', '-c', '1', '--', host])
`,
      },
      {
        title: 'quoted, converted, or chosen from a set',
        code: `
import os
import shlex
import subprocess
from flask import Flask, request

app = Flask(__name__)
TOOLS = {'gzip': '/usr/bin/gzip', 'xz': '/usr/bin/xz'}

@app.route('/pack/<int:number>')
def pack(number):
    os.system('pack ' + shlex.quote(request.args['name']))
    os.system('pack --number %d' % int(request.args['n']))
    os.system(f'pack {number}')
    tool = request.args['tool']
    if tool not in ('gzip', 'xz'):
        return 'no', 400
    subprocess.run(tool + ' file', shell=True)
    subprocess.run([TOOLS[request.args['tool']], 'file'])
    return ''
`,
      },
      {
        title: 'a constant command',
        code: `
import os
import subprocess

def clean():
    os.system('rm -rf /var/cache/app')
    subprocess.run('df -h | tail -n 1', shell=True)
`,
      },
    ],
  },
};
