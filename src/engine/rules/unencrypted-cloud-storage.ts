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
import type { CallView } from './views.ts';

export const unencryptedCloudStorage: Rule = {
  id: 'unencrypted-cloud-storage',
  title: 'Cloud storage without encryption at rest',
  cwe: [311, 312],
  aspect: 'cryptography',
  kind: 'defect',
  severity: 'medium',
  rows: [98],
  summary:
    'Volumes, databases, file systems, search domains, caches, queues and streams whose encryption at rest is switched off: `encrypted=False`, `storage_encrypted=False`, `UNENCRYPTED`, `enabled=False` of the encryption options, `disable_ebs_encryption_by_default`, `stop_stream_encryption`; in AWS CDK, boto3, Pulumi and troposphere. A resource that is not encrypted by default and does not say is an advisory, quiet for topics and notebooks.',
  why: 'Snapshots, copies and disks that leave the account are readable by whoever gets them, and encryption can often not be added later without a copy of everything.',
  fix: 'Switch encryption on, with a key of KMS where access to the data is to be controlled by the key.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html',
    'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html',
    'https://docs.aws.amazon.com/opensearch-service/latest/developerguide/encryption-at-rest.html',
  ],
  roles: { test: 'quiet' },
  calls: [{ paths: [], names: (name) => CREATES.test(name), libraries: isCloudLibrary, check }],
  examples: {
    bad: [
      {
        title: 'AWS CDK',
        code: `
from aws_cdk import aws_ec2 as ec2, aws_efs as efs, aws_opensearchservice as search, aws_rds as rds, aws_sqs as sqs
from aws_cdk.aws_kinesis import Stream, StreamEncryption

def build(self, vpc, engine, version):
    rds.DatabaseInstance(self, 'A', engine=engine, vpc=vpc, storage_encrypted=False)  # report
    rds.DatabaseCluster(self, 'B', engine=engine, storage_encrypted=False)  # report
    ec2.Volume(self, 'C', availability_zone='eu-west-1a', encrypted=False)  # report
    ec2.BlockDeviceVolume.ebs(50, encrypted=False)  # report
    efs.FileSystem(self, 'D', vpc=vpc, encrypted=False)  # report
    search.Domain(self, 'E', version=version, encryption_at_rest=search.EncryptionAtRestOptions(enabled=False))  # report
    search.CfnDomain(self, 'F', encryption_at_rest_options={'enabled': False})  # report
    sqs.Queue(self, 'G', encryption=sqs.QueueEncryption.UNENCRYPTED)  # report
    Stream(self, 'H', encryption=StreamEncryption.UNENCRYPTED)  # report
`,
      },
      {
        title: 'boto3',
        code: `
import boto3

ec2 = boto3.client('ec2')

def build(rds):
    rds.create_db_instance(DBInstanceIdentifier='a', Engine='mysql', StorageEncrypted=False)  # report
    ec2.create_volume(AvailabilityZone='a', Size=10, Encrypted=False)  # report
    ec2.run_instances(ImageId='ami-1', BlockDeviceMappings=[{'DeviceName': '/dev/sda1', 'Ebs': {'VolumeSize': 8, 'Encrypted': False}}])  # report
    boto3.client('efs').create_file_system(CreationToken='t', Encrypted=False)  # report
    boto3.client('opensearch').create_domain(DomainName='d', EncryptionAtRestOptions={'Enabled': False})  # report
    boto3.client('elasticache').create_replication_group(ReplicationGroupId='r', AtRestEncryptionEnabled=False)  # report
    boto3.client('sqs').create_queue(QueueName='q', Attributes={'SqsManagedSseEnabled': 'false'})  # report
`,
      },
      {
        title: 'Pulumi and troposphere',
        code: `
import pulumi_aws as aws
from troposphere.ec2 import Volume
from troposphere.rds import DBInstance

aws.rds.Instance('a', engine='mysql', storage_encrypted=False)  # report
aws.ebs.Volume('b', availability_zone='a', encrypted=False)  # report
aws.ec2.Instance('c', root_block_device={'volume_size': 8, 'encrypted': False})  # report
aws.ec2.Instance('d', root_block_device=aws.ec2.InstanceRootBlockDeviceArgs(encrypted=False))  # report
aws.elasticache.ReplicationGroup('e', at_rest_encryption_enabled=False)  # report
DBInstance('f', Engine='mysql', StorageEncrypted='false')  # report
Volume('g', Encrypted=False)  # report
`,
      },
      {
        title: 'switched off later',
        kind: 'advisory',
        code: `
import boto3

def switch_off(client):
    boto3.client('ec2').disable_ebs_encryption_by_default()  # report
    client.stop_stream_encryption(StreamName='s', EncryptionType='KMS', KeyId='k')  # report
`,
      },
      {
        title: 'off by default',
        kind: 'advisory',
        code: `
import boto3
from aws_cdk import aws_ec2 as ec2, aws_efs as efs, aws_rds as rds, aws_sns as sns

def build(self, vpc, engine):
    rds.DatabaseInstance(self, 'A', engine=engine, vpc=vpc)  # report
    ec2.Volume(self, 'B', availability_zone='a')  # report
    efs.CfnFileSystem(self, 'C')  # report
    sns.Topic(self, 'D')  # report
    boto3.client('rds').create_db_instance(DBInstanceIdentifier='a', Engine='mysql')  # report
`,
      },
    ],
    good: [
      {
        title: 'encrypted, encrypted by default, or not known',
        code: `
import boto3
import pulumi_aws as aws
from aws_cdk import aws_dynamodb as dynamodb, aws_efs as efs, aws_rds as rds, aws_s3 as s3, aws_sns as sns, aws_sqs as sqs

def build(self, vpc, engine, key, options, is_encrypted):
    rds.DatabaseInstance(self, 'A', engine=engine, vpc=vpc, storage_encrypted=True)
    rds.DatabaseInstance(self, 'B', engine=engine, vpc=vpc, storage_encryption_key=key)
    rds.DatabaseInstance(self, 'C', engine=engine, vpc=vpc, storage_encrypted=is_encrypted)
    rds.DatabaseInstance(self, 'D', engine=engine, **options)
    efs.FileSystem(self, 'E', vpc=vpc)
    s3.Bucket(self, 'F')
    sns.Topic(self, 'G', master_key=key)
    sqs.Queue(self, 'H')
    dynamodb.Table(self, 'I', partition_key=None)
    boto3.client('rds').create_db_instance(DBInstanceIdentifier='a', StorageEncrypted=True)
    boto3.client('ec2').create_volume(AvailabilityZone='a', Encrypted=True)
    aws.rds.Instance('a', storage_encrypted=True)
    aws.rds.Instance('replica', replicate_source_db='a', storage_encrypted=True)
`,
      },
      {
        title: 'the same words elsewhere',
        code: `
def save(archive, path):
    archive.create_volume(path, Size=1)
    return Archive(path, encrypted=False)
`,
      },
    ],
  },
};

/** Names of the switch, as each library spells it. */
const SWITCHES = [
  'encrypted',
  'storage_encrypted',
  'at_rest_encryption_enabled',
  'Encrypted',
  'StorageEncrypted',
  'AtRestEncryptionEnabled',
];
/** Options that hold a switch. */
const OPTIONS = [
  'encryption_at_rest',
  'encryption_at_rest_options',
  'encrypt_at_rest',
  'EncryptionAtRestOptions',
];
const BLOCK_DEVICES = ['root_block_device', 'ebs', 'Ebs'];

/** Calls of boto3 that make something that can be encrypted. */
const CREATES =
  /^(create_(db_instance|db_cluster|volume|file_system|domain|elasticsearch_domain|replication_group|cluster|queue|global_cluster)|restore_\w+|copy_snapshot|copy_image|run_instances|request_spot_instances|create_launch_template|set_queue_attributes|disable_ebs_encryption_by_default|stop_stream_encryption)$/;

function check(call: CallView): Report | undefined {
  const library = cloudLibraryOf(call.callee);
  if (library === undefined || library === 'boto3') {
    if (!isAwsCall(call) || call.node.func.kind !== 'Attribute' || !CREATES.test(call.name)) return undefined;
  }
  // Often one branch of what an operator chooses.
  if (/^(disable_ebs_encryption_by_default|stop_stream_encryption)$/.test(call.name)) {
    return {
      kind: 'advisory',
      message: text`After ${call.quote(call.node)}, data is stored without encryption.`,
      at: call.node,
    };
  }
  const off = switchedOff(call);
  if (off !== undefined) {
    return {
      message: text`${call.quote(call.node.func)} stores its data without encryption (${code(off)}).`,
      at: call.node,
      fix: { text: ['Leave that out or turn it round: encryption at rest costs nothing here.'] },
    };
  }
  return offByDefault(call);
}

/** How the call says that nothing is encrypted. */
function switchedOff(call: CallView): string | undefined {
  const isOptions = /Encrypt(ion)?AtRestOptions\w*$/.test(call.callee);
  for (const name of isOptions ? ['enabled', 'Enabled'] : SWITCHES) {
    // What is handed on is told of where it is used.
    if (isOff(call.argument(undefined, name))) return isPart(call) ? undefined : `${name}=False`;
  }
  const encryption = call.argument(undefined, 'encryption')?.path;
  // S3 encrypts everything since 2023, whatever is asked for.
  if (encryption?.endsWith('.UNENCRYPTED') && !encryption.includes('BucketEncryption')) return 'UNENCRYPTED';
  const options = keywordOf(call, ...OPTIONS);
  if (isOff(settingOf(options?.value, 'enabled', 'Enabled'))) return `${options?.name}: enabled=False`;
  const device = keywordOf(call, ...BLOCK_DEVICES);
  if (isOff(settingOf(device?.value, 'encrypted', 'Encrypted'))) return `${device?.name}: encrypted=False`;
  const mappings = call.argument(undefined, 'BlockDeviceMappings')?.elements;
  if (mappings?.some((mapping) => isOff(mapping.entry('Ebs')?.entry('Encrypted')))) return 'Encrypted: False';
  return isOff(call.argument(undefined, 'Attributes')?.entry('SqsManagedSseEnabled'))
    ? 'SqsManagedSseEnabled: false'
    : undefined;
}

/** The options of another call: `InstanceRootBlockDeviceArgs(...)`, `EncryptionAtRestOptions(...)`. */
function isPart(call: CallView): boolean {
  return call.targets.some((target) => OPTIONS.includes(target) || BLOCK_DEVICES.includes(target));
}

/** Resources that are not encrypted unless one of the arguments is given. */
const OFF_BY_DEFAULT: readonly (readonly [path: RegExp, switches: readonly string[], isQuiet: boolean])[] = [
  [
    /^aws_cdk\.aws_rds\.(DatabaseInstance|DatabaseCluster|CfnDBInstance|CfnDBCluster)$/,
    [
      'storage_encrypted',
      'storage_encryption_key',
      'kms_key_id',
      'snapshot_identifier',
      'db_cluster_identifier',
      // Aurora Serverless is always encrypted.
      'engine_mode',
    ],
    false,
  ],
  [/^aws_cdk\.aws_ec2\.(Volume|CfnVolume)$/, ['encrypted', 'encryption_key', 'kms_key_id'], false],
  [/^aws_cdk\.aws_efs\.CfnFileSystem$/, ['encrypted', 'kms_key_id'], false],
  [/^aws_cdk\.aws_(docdb|neptune)\.CfnDBCluster$/, ['storage_encrypted', 'kms_key_id'], false],
  [
    /^aws_cdk\.aws_(opensearchservice|elasticsearch)\.(Domain|CfnDomain)$/,
    [
      'encryption_at_rest',
      'encryption_at_rest_options',
      'fine_grained_access_control',
      'use_unsigned_basic_auth',
    ],
    false,
  ],
  [/^aws_cdk\.aws_sns\.(Topic|CfnTopic)$/, ['master_key', 'kms_master_key_id'], true],
  [/^aws_cdk\.aws_sagemaker\.(CfnNotebookInstance|CfnEndpointConfig)$/, ['kms_key_id'], true],
  [
    /^boto3\.client\(\)\.(create_db_instance|create_db_cluster)$/,
    ['StorageEncrypted', 'KmsKeyId', 'DBClusterIdentifier'],
    false,
  ],
  [/^boto3\.client\(\)\.create_file_system$/, ['Encrypted', 'KmsKeyId', 'FileSystemType'], false],
];

function offByDefault(call: CallView): Report | undefined {
  const entry = OFF_BY_DEFAULT.find(([path]) => path.test(call.callee));
  if (!entry || call.hasUnknownArguments) return undefined;
  const [, switches, isQuiet] = entry;
  if (keywordOf(call, ...switches)) return undefined;
  return {
    kind: 'advisory',
    severity: 'low',
    quiet: isQuiet,
    message: text`${call.quote(call.node.func)} does not say ${code(switches[0] ?? '')}, and its data is not encrypted by default.`,
    at: call.node,
  };
}
