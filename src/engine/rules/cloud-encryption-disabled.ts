import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import type { CallView } from './views.ts';

export const cloudEncryptionDisabled: Rule = {
  id: 'cloud-encryption-disabled',
  title: 'Stored data without encryption in the cloud',
  cwe: [311, 312, 319],
  aspect: 'cryptography',
  kind: 'defect',
  severity: 'medium',
  rows: [98, 99],
  summary:
    'Encryption at rest that is switched off for a volume, database, file system, search domain, queue or bucket, and buckets that take requests over plain HTTP (`enforce_ssl=False`, an advisory); with AWS CDK, troposphere, Pulumi and boto3. Only where the code says so: a default that is left alone is not reported.',
  why: 'Snapshots, disks that are replaced and copies in other hands can then be read as they are.',
  fix: 'Leave encryption on, or name a key.',
  references: [
    'https://docs.aws.amazon.com/prescriptive-guidance/latest/encryption-best-practices/welcome.html',
    'https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.aws_s3/Bucket.html',
  ],
  calls: [
    {
      paths: [
        'aws_cdk.aws_ec2.Volume',
        'aws_cdk.aws_ec2.CfnVolume',
        'aws_cdk.aws_ec2.BlockDeviceVolume.ebs',
        'aws_cdk.aws_efs.FileSystem',
        'aws_cdk.aws_efs.CfnFileSystem',
        'aws_cdk.aws_rds.DatabaseInstance',
        'aws_cdk.aws_rds.DatabaseCluster',
        'aws_cdk.aws_rds.CfnDBInstance',
        'aws_cdk.aws_rds.CfnDBCluster',
        'aws_cdk.aws_docdb.DatabaseCluster',
        'aws_cdk.aws_neptune.CfnDBCluster',
        'aws_cdk.aws_redshift.CfnCluster',
        'aws_cdk.aws_opensearchservice.EncryptionAtRestOptions',
        'aws_cdk.aws_elasticsearch.EncryptionAtRestOptions',
        'pulumi_aws.ebs.Volume',
        'pulumi_aws.efs.FileSystem',
        'pulumi_aws.rds.Instance',
        'pulumi_aws.rds.Cluster',
        'troposphere.ec2.Volume',
        'troposphere.rds.DBInstance',
        'troposphere.efs.FileSystem',
        'boto3.client().create_volume',
        'boto3.client().create_db_instance',
        'boto3.client().create_db_cluster',
        'boto3.client().create_file_system',
      ],
      check: checkSwitch,
    },
    {
      paths: ['aws_cdk.aws_sqs.Queue', 'aws_cdk.aws_s3.Bucket', 'aws_cdk.aws_kinesis.Stream'],
      check: checkEncryption,
    },
    { paths: ['aws_cdk.aws_s3.Bucket'], check: checkTransport },
  ],
  examples: {
    bad: [
      {
        title: 'AWS CDK',
        code: `
from aws_cdk import aws_ec2 as ec2, aws_efs as efs, aws_rds as rds, aws_sqs as sqs, aws_opensearchservice as search

def build(self, vpc):
    ec2.Volume(self, 'v', availability_zone='a', encrypted=False)  # report
    efs.FileSystem(self, 'f', vpc=vpc, encrypted=False)  # report
    rds.DatabaseCluster(self, 'c', engine=None, storage_encrypted=False)  # report
    sqs.Queue(self, 'q', encryption=sqs.QueueEncryption.UNENCRYPTED)  # report
    search.EncryptionAtRestOptions(enabled=False)  # report
`,
      },
      {
        title: 'boto3',
        code: `
import boto3

def build():
    boto3.client('ec2').create_volume(AvailabilityZone='a', Size=8, Encrypted=False)  # report
    boto3.client('rds').create_db_instance(DBInstanceIdentifier='a', StorageEncrypted=False)  # report
`,
      },
      {
        title: 'plain HTTP',
        kind: 'advisory',
        code: `
from aws_cdk import aws_s3 as s3

def build(self):
    s3.Bucket(self, 'a', enforce_ssl=False)  # report
`,
      },
    ],
    good: [
      {
        title: 'on, or left alone',
        code: `
from aws_cdk import aws_ec2 as ec2, aws_rds as rds, aws_s3 as s3, aws_sqs as sqs

def build(self, key, encrypted):
    ec2.Volume(self, 'v', availability_zone='a', encrypted=True)
    ec2.Volume(self, 'w', availability_zone='a', encrypted=encrypted)
    rds.DatabaseInstance(self, 'd', engine=None, storage_encryption_key=key)
    s3.Bucket(self, 'a', encryption=s3.BucketEncryption.S3_MANAGED, enforce_ssl=True)
    sqs.Queue(self, 'q')
`,
      },
    ],
  },
};

const SWITCHES = ['encrypted', 'storage_encrypted', 'Encrypted', 'StorageEncrypted'] as const;

function checkSwitch(call: CallView): Report | undefined {
  const names = /EncryptionAtRestOptions$/.test(call.callee) ? ['enabled'] : SWITCHES;
  const off = names.find((name) => call.argument(undefined, name)?.isFalse);
  return off === undefined ? undefined : report(call, `${off}=False`);
}

function checkEncryption(call: CallView): Report | undefined {
  const path = call.argument(undefined, 'encryption')?.path ?? '';
  return path.endsWith('.UNENCRYPTED') ? report(call, 'UNENCRYPTED') : undefined;
}

function checkTransport(call: CallView): Report | undefined {
  return call.argument(undefined, 'enforce_ssl')?.isFalse
    ? {
        kind: 'advisory',
        message: text`${call.quote(call.node.func)} takes requests over plain HTTP (${code('enforce_ssl=False')}).`,
        at: call.node,
      }
    : undefined;
}

function report(call: CallView, what: string): Report {
  return {
    message: text`${call.quote(call.node.func)} stores its data without encryption (${code(what)}).`,
    at: call.node,
  };
}
