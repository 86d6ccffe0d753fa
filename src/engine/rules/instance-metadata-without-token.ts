import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import {
  cloudLibraryOf,
  isAwsCall,
  isCloudLibrary,
  isOff,
  keywordOf,
  settingOf,
} from './support/cloud-settings.ts';
import type { CallView, ValueView } from './views.ts';

/** Calls of boto3 that take the options. */
const NAMES = ['run_instances', 'modify_instance_metadata_options', 'create_launch_template'];

export const instanceMetadataWithoutToken: Rule = {
  id: 'instance-metadata-without-token',
  title: 'Instance metadata without a session token',
  cwe: [918, 1188],
  aspect: 'network',
  kind: 'advisory',
  severity: 'low',
  rows: [96],
  summary:
    'Machines of Amazon EC2 whose metadata service also answers requests without a token (IMDSv1): `HttpTokens="optional"` in boto3, `http_tokens="optional"` in CloudFormation, AWS CDK and Pulumi, `require_imdsv2=False` in AWS CDK.',
  why: 'With version 1, one forged request from the machine (SSRF, an open proxy) reads the credentials of its role; version 2 asks for a token that such a request cannot get.',
  fix: 'Require tokens: `HttpTokens="required"`, `require_imdsv2=True`.',
  references: [
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html',
    'https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.aws_ec2/Instance.html',
  ],
  roles: { test: 'silent', example: 'quiet' },
  calls: [{ paths: [], names: NAMES, libraries: isCloudLibrary, check }],
  examples: {
    bad: [
      {
        title: 'boto3, AWS CDK, Pulumi',
        code: `
import boto3
import pulumi_aws as aws
from aws_cdk import aws_ec2 as ec2

def build(self, vpc, image, kind):
    client = boto3.client('ec2')
    client.run_instances(ImageId='ami-1', MetadataOptions={'HttpTokens': 'optional'})  # report
    client.modify_instance_metadata_options(InstanceId='i-1', HttpTokens='optional')  # report
    ec2.Instance(self, 'A', vpc=vpc, machine_image=image, instance_type=kind, require_imdsv2=False)  # report
    aws.ec2.Instance('b', ami='ami-1', metadata_options={'http_tokens': 'optional'})  # report
`,
      },
    ],
    good: [
      {
        title: 'required, or not said',
        code: `
import boto3
from aws_cdk import aws_ec2 as ec2

def build(self, vpc, image, kind):
    client = boto3.client('ec2')
    client.run_instances(ImageId='ami-1', MetadataOptions={'HttpTokens': 'required'})
    client.run_instances(ImageId='ami-1')
    ec2.Instance(self, 'A', vpc=vpc, machine_image=image, instance_type=kind, require_imdsv2=True)
`,
      },
    ],
  },
};

function check(call: CallView): Report | undefined {
  const library = cloudLibraryOf(call.callee);
  if (library === undefined && !(isAwsCall(call) && NAMES.includes(call.name))) return undefined;
  const options = keywordOf(call, 'MetadataOptions', 'metadata_options')?.value;
  const tokens =
    settingOf(options, 'HttpTokens', 'http_tokens') ?? keywordOf(call, 'HttpTokens', 'http_tokens')?.value;
  if (!isOptional(tokens) && !isOff(call.argument(undefined, 'require_imdsv2'))) return undefined;
  // Options of another call are told of where they are used.
  if (call.targets.some((target) => target === 'metadata_options')) return undefined;
  return {
    message: text`${call.quote(call.node.func)} leaves the metadata service open to requests without a token (${code(tokens ? 'HttpTokens' : 'require_imdsv2')}).`,
    at: call.node,
  };
}

function isOptional(tokens: ValueView | undefined): boolean {
  return tokens?.constant === 'optional';
}
