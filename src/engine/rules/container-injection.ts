import { text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';

export const containerInjection: Rule = {
  id: 'container-injection',
  title: 'Outside input chooses what a container runs',
  cwe: [250, 94],
  aspect: 'injection',
  kind: 'defect',
  severity: 'high',
  rows: [23],
  summary:
    'Outside input that becomes the image, the command, the mounts or the capabilities of a container that is started through the Docker SDK or the Kubernetes client.',
  why: 'A container of the sender’s choice runs with what the daemon grants: often the network, secrets and, with a mount of `/`, the host.',
  fix: 'Choose the image and the command from a fixed set, and set mounts and capabilities in code.',
  references: [
    'https://docs.docker.com/engine/security/#docker-daemon-attack-surface',
    'https://docker-py.readthedocs.io/en/stable/containers.html',
  ],
  flow: {
    sinks: ['container'],
    levels: { remote: 'defect', caller: 'advisory' },
    isDoubtful: (flow) => flow.source.level === 'caller',
    message: (flow) => text`${flow.origin} decides what the container of ${calledAs(flow)} runs.`,
  },
  examples: {
    bad: [
      {
        title: 'an image from the request',
        code: `
import docker
from flask import Flask, request

app = Flask(__name__)
client = docker.from_env()

@app.post('/run')
def run():
    client.containers.run(request.form['image'], 'echo hello')  # report
    return ''
`,
      },
    ],
    good: [
      {
        title: 'an image from a fixed set',
        code: `
import docker
from flask import Flask, request

app = Flask(__name__)
client = docker.from_env()
IMAGES = {'small': 'alpine:3.20', 'big': 'debian:12'}

@app.post('/run')
def run():
    client.containers.run(IMAGES[request.form['size']], ['echo', 'hello'], environment={'NAME': request.form['name']})
    return ''
`,
      },
    ],
  },
};
