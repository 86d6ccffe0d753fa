import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import {
  cloudLibraryOf,
  isAwsCall,
  isCloudLibrary,
  isOn,
  keywordOf,
  settingOf,
} from './support/cloud-settings.ts';
import type { CallView } from './views.ts';

export const publicNetworkAccess: Rule = {
  id: 'public-network-access',
  title: 'Database or broker with a public address',
  cwe: [668, 284],
  aspect: 'network',
  kind: 'defect',
  severity: 'high',
  rows: [94, 96],
  summary:
    'Databases, warehouses, brokers and replication instances that get a public address: `publicly_accessible=True` or `PubliclyAccessible=True` in AWS CDK, boto3, Pulumi and troposphere; a DMS replication instance that does not say, which is public; Cloud SQL networks and Azure SQL firewall rules that admit every address. A public address of a virtual machine and direct internet access of a notebook are quiet advisories.',
  why: 'Databases that answer on the internet are found by scanners and tried with leaked and guessed passwords, and every hole in them is open at once.',
  fix: 'Set it to `False`, put the service in private subnets, and reach it through the network, a VPN or a bastion.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html#USER_VPC.Hiding',
    'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dms-replicationinstance.html',
    'https://cloud.google.com/sql/docs/mysql/configure-ip',
  ],
  roles: { test: 'quiet' },
  calls: [{ paths: [], names: (name) => CREATES.test(name), libraries: isCloudLibrary, check }],
  examples: {
    bad: [
      {
        title: 'AWS CDK',
        code: `
from aws_cdk import aws_dms as dms, aws_ec2 as ec2, aws_rds as rds, aws_redshift as redshift

def build(self, vpc, engine):
    rds.DatabaseInstance(self, 'P', engine=engine, vpc=vpc, vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC))  # report
    rds.DatabaseInstance(self, 'A', engine=engine, vpc=vpc, publicly_accessible=True)  # report
    rds.CfnDBInstance(self, 'B', db_instance_class='db.t3.micro', publicly_accessible=True)  # report
    redshift.CfnCluster(self, 'C', cluster_type='single-node', publicly_accessible=True)  # report
    rds.ClusterInstance.provisioned('writer', publicly_accessible=True)  # report
    dms.CfnReplicationInstance(self, 'D', replication_instance_class='dms.t3.micro')  # report
`,
      },
      {
        title: 'boto3',
        code: `
import boto3

def build(client, **more):
    rds = boto3.client('rds')
    rds.create_db_instance(DBInstanceIdentifier='a', Engine='postgres', PubliclyAccessible=True)  # report
    options = {'ClusterIdentifier': 'c', 'PubliclyAccessible': True}
    client.create_cluster(**options)  # report
    client.modify_db_instance(DBInstanceIdentifier='a', PubliclyAccessible=True)  # report
    boto3.client('mq').create_broker(BrokerName='b', PubliclyAccessible=True)  # report
`,
      },
      {
        title: 'Pulumi, troposphere, Azure',
        code: `
import pulumi_aws as aws
import pulumi_azure_native as azure
import pulumi_gcp as gcp
from troposphere.rds import DBInstance

aws.rds.Instance('db', engine='mysql', publicly_accessible=True)  # report
DBInstance('db', Engine='mysql', PubliclyAccessible='true')  # report
gcp.sql.DatabaseInstanceSettingsIpConfigurationAuthorizedNetworkArgs(name='all', value='0.0.0.0/0')  # report
azure.sql.FirewallRule('all', start_ip_address='0.0.0.0', end_ip_address='255.255.255.255')  # report
`,
      },
      {
        title: 'machines',
        kind: 'advisory',
        code: `
from aws_cdk import aws_ec2 as ec2, aws_sagemaker as sagemaker

def build(self, vpc, kind, image):
    ec2.Instance(self, 'A', vpc=vpc, instance_type=kind, machine_image=image, associate_public_ip_address=True)  # report
    sagemaker.CfnNotebookInstance(self, 'B', instance_type='ml.t3.medium', role_arn='r', direct_internet_access='Enabled')  # report
`,
      },
    ],
    good: [
      {
        title: 'private, or not known',
        code: `
import boto3
import pulumi_aws as aws
from aws_cdk import aws_dms as dms, aws_ec2 as ec2, aws_rds as rds

def build(self, vpc, engine, is_public, **options):
    rds.DatabaseInstance(self, 'P', engine=engine, vpc=vpc, vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC), publicly_accessible=False)
    rds.DatabaseInstance(self, 'Q', engine=engine, vpc=vpc, vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED))
    rds.DatabaseInstance(self, 'A', engine=engine, vpc=vpc, publicly_accessible=False)
    rds.DatabaseInstance(self, 'B', engine=engine, vpc=vpc)
    rds.DatabaseInstance(self, 'C', engine=engine, vpc=vpc, publicly_accessible=is_public)
    dms.CfnReplicationInstance(self, 'D', replication_instance_class='dms.t3.micro', publicly_accessible=False)
    dms.CfnReplicationInstance(self, 'E', **options)
    boto3.client('rds').create_db_instance(DBInstanceIdentifier='a', PubliclyAccessible=False)
    aws.rds.Instance('db', publicly_accessible=False)

def describe(name):
    return Instance(name=name, publicly_accessible=True)
`,
      },
    ],
  },
};

const CREATES =
  /^(create|modify|restore)_(db_|cluster|from_cluster|replication_|broker|workgroup|table_from)|^(create_cluster|modify_cluster)$/;

function check(call: CallView): Report | undefined {
  const library = cloudLibraryOf(call.callee);
  const isAws = isAwsCall(call) && call.node.func.kind === 'Attribute' && CREATES.test(call.name);
  if (library === undefined && !isAws) return undefined;
  const setting = keywordOf(call, 'publicly_accessible', 'PubliclyAccessible', 'publiclyAccessible');
  if (setting) return isOn(setting.value) ? publicService(call, setting.name) : undefined;
  if (library === undefined || library === 'boto3') return isImplicit(call) ? implicit(call) : undefined;
  if (isImplicit(call)) return implicit(call);
  if (isInPublicSubnet(call)) {
    return {
      severity: 'medium',
      message: text`${call.quote(call.node.func)} gets a public address, as its subnets are public.`,
      at: call.node,
      fix: {
        text: text`Use ${code('SubnetType.PRIVATE_ISOLATED')} or ${code('PRIVATE_WITH_EGRESS')}, or set ${code('publicly_accessible')} to ${code('False')}.`,
      },
    };
  }
  if (admitsEverybody(call)) {
    return {
      message: text`${call.quote(call.node)} lets every address reach the database.`,
      at: call.node,
      fix: { text: ['Name the networks that need it.'] },
    };
  }
  return publicMachine(call);
}

/** https://docs.aws.amazon.com/dms/latest/APIReference/API_CreateReplicationInstance.html: the default is true. */
function isImplicit(call: CallView): boolean {
  return (
    /(dms\.CfnReplicationInstance|dms\.ReplicationInstance|boto3\.client\(\)\.create_replication_instance)$/.test(
      call.callee,
    ) &&
    !call.callee.startsWith('pulumi_') &&
    !call.hasUnknownArguments
  );
}

/** https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.aws_rds/DatabaseInstance.html: public in public subnets. */
function isInPublicSubnet(call: CallView): boolean {
  if (!/^aws_cdk\.aws_rds\.DatabaseInstance(FromSnapshot|ReadReplica)?$/.test(call.callee)) return false;
  const type = settingOf(keywordOf(call, 'vpc_subnets', 'vpc_placement')?.value, 'subnet_type', 'subnetType');
  return type?.path?.endsWith('SubnetType.PUBLIC') ?? false;
}

function implicit(call: CallView): Report {
  return {
    message: text`${call.quote(call.node.func)} gets a public address, as ${code('publicly_accessible')} is not given.`,
    at: call.node,
    severity: 'medium',
  };
}

function publicService(call: CallView, setting: string): Report {
  return {
    message: text`${call.quote(call.node.func)} gets a public address (${code(setting)}).`,
    at: call.node,
    fix: { text: text`Set ${code(setting)} to ${code('False')}, and reach it from inside the network.` },
  };
}

function admitsEverybody(call: CallView): boolean {
  const name = call.callee.split('.').at(-1) ?? '';
  if (/AuthorizedNetwork(Args)?$/.test(name))
    return /^(0\.0\.0\.0|::)\/0$/.test(String(call.argument(undefined, 'value')?.constant ?? ''));
  if (!/^FirewallRule(Args)?$/.test(name)) return false;
  const start = keywordOf(call, 'start_ip_address')?.value.constant;
  const end = keywordOf(call, 'end_ip_address')?.value.constant;
  return start === '0.0.0.0' && end === '255.255.255.255';
}

function publicMachine(call: CallView): Report | undefined {
  const address = call.argument(undefined, 'associate_public_ip_address');
  const internet = call.argument(undefined, 'direct_internet_access');
  const setting = isOn(address)
    ? 'associate_public_ip_address'
    : internet?.constant === 'Enabled'
      ? 'direct_internet_access'
      : undefined;
  if (setting === undefined) return undefined;
  return {
    kind: 'advisory',
    severity: 'low',
    quiet: true,
    message: text`${call.quote(call.node.func)} is reachable from the internet (${code(setting)}), as far as its security groups allow.`,
    at: call.node,
    fix: { text: ['Where no one needs to reach it from outside, put it in a private subnet.'] },
  };
}
