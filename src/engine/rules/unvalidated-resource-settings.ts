import { text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';

export const unvalidatedResourceSettings: Rule = {
  id: 'unvalidated-resource-settings',
  title: 'Outside value decides about a created cloud resource',
  cwe: [20, 1284],
  aspect: 'validation',
  kind: 'advisory',
  severity: 'medium',
  rows: [127],
  summary:
    'A value of a request goes unchecked into a call that creates a cloud resource: its name, size, type, image or network, with boto3, openstacksdk, novaclient, Docker, Kubernetes, google-cloud and azure clients.',
  why: 'The caller can then ask for the largest machine, a public network or an image of their own, at the expense of whoever pays.',
  fix: 'Compare it with a list of what may be asked for before the call.',
  references: ['https://owasp.org/API-Security/editions/2023/en/0xa4-unrestricted-resource-consumption/'],
  flow: {
    sinks: ['resource'],
    levels: { remote: 'advisory' },
    message: (flow) =>
      text`${flow.origin} decides about what ${calledAs(flow)} creates, and nothing checks it.`,
  },
  examples: {
    bad: [
      {
        title: 'the size of a machine',
        code: `
import boto3
from flask import Flask, request

app = Flask(__name__)
ec2 = boto3.client('ec2')

@app.route('/machines', methods=['POST'])
def create():
    ec2.run_instances(ImageId='ami-1', InstanceType=request.json['type'], MinCount=1, MaxCount=1)  # report
    return ''
`,
      },
    ],
    good: [
      {
        title: 'one of a few',
        code: `
import boto3
from flask import Flask, abort, request

app = Flask(__name__)
ec2 = boto3.client('ec2')
TYPES = ('t3.micro', 't3.small')

@app.route('/machines', methods=['POST'])
def create():
    kind = request.json['type']
    if kind not in TYPES:
        abort(400)
    ec2.run_instances(ImageId='ami-1', InstanceType=kind, MinCount=1, MaxCount=1)
    return ''
`,
      },
    ],
  },
};
