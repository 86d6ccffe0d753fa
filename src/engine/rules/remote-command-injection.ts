import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';

export const remoteCommandInjection: Rule = {
  id: 'remote-command-injection',
  title: 'Command injection on another host',
  cwe: [78],
  aspect: 'injection',
  kind: 'defect',
  severity: 'critical',
  rows: [4],
  summary:
    'Outside input that becomes part of a command run on another host: Paramiko, AsyncSSH, Fabric, Netmiko, Scrapli, ssh2-python, pxssh, WinRM, Systems Manager, `kubectl exec` through the Kubernetes client.',
  why: 'The other side gives the text to a shell, or to the command line of a device; a `;`, a line break or a `$(…)` in the value starts a command of its own there.',
  fix: 'Keep the command constant, choose from a fixed set, or quote the value with `shlex.quote` where the other side has a POSIX shell.',
  references: [
    'https://docs.python.org/3/library/shlex.html#shlex.quote',
    'https://cheatsheetseries.owasp.org/cheatsheets/OS_Command_Injection_Defense_Cheat_Sheet.html',
    'https://docs.paramiko.org/en/stable/api/client.html#paramiko.client.SSHClient.exec_command',
  ],
  flow: {
    sinks: ['remote-command'],
    levels: { remote: 'defect' },
    message: (flow) =>
      text`${flow.origin} becomes part of the command that ${calledAs(flow)} runs on another host.`,
    fix: () => ({
      text: text`Quote the value with ${code('shlex.quote')} where a POSIX shell reads it, or choose the command from a fixed set.`,
    }),
  },
  examples: {
    bad: [
      {
        title: 'Paramiko',
        code: `
import paramiko
from flask import Flask, request

app = Flask(__name__)

@app.route('/logs')
def logs():
    client = paramiko.SSHClient()
    client.load_system_host_keys()
    client.connect('app1')
    stdin, stdout, stderr = client.exec_command('tail -n 100 /var/log/' + request.args['name'])  # report
    return stdout.read()
`,
      },
      {
        title: 'AsyncSSH, Fabric and Netmiko',
        code: `
import asyncssh
from fabric import Connection
from fastapi import FastAPI
from netmiko import ConnectHandler

app = FastAPI()

@app.get('/run')
async def run(name: str):
    async with asyncssh.connect('app1') as conn:
        await conn.run(f'systemctl restart {name}')  # report
    Connection('app1').run(f'systemctl restart {name}')  # report
    device = ConnectHandler(device_type='cisco_ios', host='router')
    return device.send_command('show interface ' + name)  # report
`,
      },
    ],
    good: [
      {
        title: 'quoted, or chosen',
        code: `
import shlex
import paramiko
from flask import Flask, request

app = Flask(__name__)
SERVICES = {'web': 'nginx', 'queue': 'celery'}

@app.route('/logs')
def logs():
    client = paramiko.SSHClient()
    client.load_system_host_keys()
    client.connect('app1')
    client.exec_command('systemctl restart ' + SERVICES[request.args['service']])
    stdin, stdout, stderr = client.exec_command('tail -n 100 /var/log/' + shlex.quote(request.args['name']))
    return stdout.read()
`,
      },
    ],
  },
};
