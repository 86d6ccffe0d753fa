import { text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';

export const unvalidatedResourceCreation: Rule = {
  id: 'unvalidated-resource-creation',
  title: 'Outside input chooses what is created in the cloud',
  cwe: [20, 1284],
  aspect: 'validation',
  kind: 'advisory',
  severity: 'medium',
  rows: [127],
  summary:
    'A size, image, type or network from outside goes unchecked into a call that creates a machine or disk.',
  why: 'The sender chooses what it costs, what it runs and which network it is in.',
  fix: 'Choose from a fixed set, and limit numbers.',
  references: ['https://cwe.mitre.org/data/definitions/1284.html'],
  flow: {
    sinks: ['resource'],
    levels: { remote: 'advisory' },
    message: (flow) => text`${flow.origin} goes unchecked into ${calledAs(flow)}, which creates a resource.`,
  },
  examples: {
    bad: [
      {
        title: 'a machine of any type',
        code: `
import boto3
from flask import Flask, request

app = Flask(__name__)
ec2 = boto3.client('ec2')

@app.post('/machine')
def machine():
    ec2.run_instances(ImageId='ami-1', InstanceType=request.form['type'], MinCount=1, MaxCount=1)  # report
    return ''
`,
      },
    ],
    good: [
      {
        title: 'from a fixed set',
        code: `
import boto3
from flask import Flask, abort, request

app = Flask(__name__)
ec2 = boto3.client('ec2')

@app.post('/machine')
def machine():
    kind = request.form['type']
    if kind not in ('t3.micro', 't3.small'):
        abort(400)
    ec2.run_instances(ImageId='ami-1', InstanceType=kind, MinCount=1, MaxCount=1)
    return ''
`,
      },
    ],
  },
};
