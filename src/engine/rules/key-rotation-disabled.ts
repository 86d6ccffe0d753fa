import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import { isOff, keywordOf } from './support/cloud-settings.ts';
import type { CallView } from './views.ts';

export const keyRotationDisabled: Rule = {
  id: 'key-rotation-disabled',
  title: 'Master key that is never rotated',
  cwe: [324],
  aspect: 'cryptography',
  kind: 'advisory',
  severity: 'low',
  rows: [98],
  summary:
    "Keys of AWS KMS without automatic rotation: `enable_key_rotation=False`, or no such argument, which means the same, in AWS CDK, Pulumi and troposphere, and boto3's `disable_key_rotation`. Asymmetric and HMAC keys, and keys with material of one's own, cannot be rotated by KMS and are not reported. A quiet advisory.",
  why: 'The longer one key protects everything, the more is lost when it is misused or leaks; rotation by KMS changes nothing for who uses the key.',
  fix: 'Set `enable_key_rotation=True` (`EnableKeyRotation` in CloudFormation).',
  references: [
    'https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html',
    'https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.aws_kms/Key.html',
    'https://www.pulumi.com/registry/packages/aws/api-docs/kms/key/',
  ],
  roles: { test: 'silent', example: 'quiet' },
  calls: [
    {
      paths: ['aws_cdk.aws_kms.Key', 'aws_cdk.aws_kms.CfnKey', 'pulumi_aws.kms.Key', 'troposphere.kms.Key'],
      check: checkKey,
    },
    { paths: ['boto3.client().disable_key_rotation'], check: (call) => report(call) },
  ],
  examples: {
    bad: [
      {
        title: 'AWS CDK, Pulumi, troposphere',
        code: `
import pulumi_aws as aws
from aws_cdk import aws_kms as kms
from troposphere.kms import Key

def build(self, policy):
    kms.Key(self, 'A')  # report
    kms.Key(self, 'B', enable_key_rotation=False)  # report
    kms.CfnKey(self, 'C', key_policy=policy, enable_key_rotation=False)  # report
    aws.kms.Key('d', description='data', enable_key_rotation=False)  # report
    return Key('e', KeyPolicy=policy, EnableKeyRotation='false')  # report
`,
      },
      {
        title: 'boto3',
        code: `
import boto3

boto3.client('kms').disable_key_rotation(KeyId='1234abcd')  # report
`,
      },
    ],
    good: [
      {
        title: 'rotated, or of a kind that is not',
        code: `
import boto3
import pulumi_aws as aws
from aws_cdk import aws_kms as kms

def build(self, rotate, **options):
    kms.Key(self, 'A', enable_key_rotation=True)
    kms.Key(self, 'B', enable_key_rotation=rotate)
    kms.Key(self, 'C', key_spec=kms.KeySpec.RSA_2048, key_usage=kms.KeyUsage.SIGN_VERIFY)
    kms.Key(self, 'D', **options)
    aws.kms.Key('e', customer_master_key_spec='ECC_NIST_P256', key_usage='SIGN_VERIFY')
    aws.kms.Key('f', enable_key_rotation=True)
    boto3.client('kms').enable_key_rotation(KeyId='1234abcd')
`,
      },
    ],
  },
};

/** What makes it another key than a symmetric one with material of KMS. */
const OTHER_KINDS = [
  'key_spec',
  'key_usage',
  'customer_master_key_spec',
  'origin',
  'KeySpec',
  'KeyUsage',
  'Origin',
  'custom_key_store_id',
];

function checkKey(call: CallView): Report | undefined {
  if (keywordOf(call, ...OTHER_KINDS)) return undefined;
  const setting = keywordOf(call, 'enable_key_rotation', 'EnableKeyRotation');
  if (setting ? isOff(setting.value) : !call.hasUnknownArguments) return report(call);
  return undefined;
}

function report(call: CallView): Report {
  const isCall = call.name === 'disable_key_rotation';
  return {
    quiet: true,
    message: isCall
      ? text`After ${call.quote(call.node)}, KMS keeps one key for everything.`
      : text`${call.quote(call.node.func)} makes a key that KMS never rotates (${code('enable_key_rotation')}).`,
    at: call.node,
  };
}
