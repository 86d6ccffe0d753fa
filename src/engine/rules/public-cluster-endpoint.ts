import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import { isOn, keywordOf, settingOf } from './support/cloud-settings.ts';
import type { CallView, ValueView } from './views.ts';

export const publicClusterEndpoint: Rule = {
  id: 'public-cluster-endpoint',
  title: 'Cluster API that every address can reach',
  cwe: [668, 284],
  aspect: 'network',
  kind: 'advisory',
  severity: 'medium',
  rows: [96],
  summary:
    "Kubernetes clusters of Amazon EKS whose API server has a public endpoint and no list of addresses that may reach it, or one with `0.0.0.0/0`: `endpointPublicAccess` and `publicAccessCidrs` in boto3, AWS CDK's `EndpointAccess.PUBLIC` and `PUBLIC_AND_PRIVATE`, and its CloudFormation and Pulumi resources. A quiet advisory where nothing is said, which means the same.",
  why: 'Who holds a leaked token or certificate of the cluster can use it from anywhere, and a weakness of the API server is open to everybody.',
  fix: 'Switch the public endpoint off, or name the networks that need it (`publicAccessCidrs`, `EndpointAccess.PUBLIC_AND_PRIVATE.only_from`).',
  references: [
    'https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html',
    'https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.aws_eks/EndpointAccess.html',
    'https://www.pulumi.com/registry/packages/aws/api-docs/eks/cluster/',
  ],
  roles: { test: 'silent', example: 'quiet' },
  calls: [
    { paths: ['aws_cdk.aws_eks.Cluster', 'aws_cdk.aws_eks.FargateCluster'], check: checkConstruct },
    {
      paths: [
        'aws_cdk.aws_eks.CfnCluster',
        'pulumi_aws.eks.Cluster',
        'boto3.client().create_cluster',
        'boto3.client().update_cluster_config',
      ],
      check: checkSettings,
    },
  ],
  examples: {
    bad: [
      {
        title: 'said',
        code: `
import boto3
import pulumi_aws as aws
from aws_cdk import aws_eks as eks
from pulumi_aws.eks import ClusterVpcConfigArgs

OPEN = {'subnetIds': ['a'], 'endpointPublicAccess': True, 'publicAccessCidrs': ['0.0.0.0/0']}

def build(self, version):
    eks.Cluster(self, 'A', version=version, endpoint_access=eks.EndpointAccess.PUBLIC)  # report
    eks.CfnCluster(self, 'B', role_arn='r', resources_vpc_config=eks.CfnCluster.ResourcesVpcConfigProperty(subnet_ids=['a'], endpoint_public_access=True))  # report
    aws.eks.Cluster('c', role_arn='r', vpc_config=ClusterVpcConfigArgs(subnet_ids=['a'], endpoint_public_access=True))  # report
    aws.eks.Cluster('d', role_arn='r', vpc_config={'subnet_ids': ['a'], 'public_access_cidrs': ['0.0.0.0/0']})  # report
    boto3.client('eks').create_cluster(name='e', roleArn='r', resourcesVpcConfig=OPEN)  # report
    boto3.client('eks').update_cluster_config(name='f', resourcesVpcConfig={'endpointPublicAccess': True})  # report
`,
      },
      {
        title: 'not said, which means the same',
        code: `
from aws_cdk import aws_eks as eks
import pulumi_aws as aws

def build(self, version):
    eks.Cluster(self, 'A', version=version)  # report
    aws.eks.Cluster('b', role_arn='r', vpc_config={'subnet_ids': ['a']})  # report
`,
      },
    ],
    good: [
      {
        title: 'private, restricted, or not known',
        code: `
import boto3
import pulumi_aws as aws
from aws_cdk import aws_eks as eks

def build(self, version, cidrs, **options):
    eks.Cluster(self, 'A', version=version, endpoint_access=eks.EndpointAccess.PRIVATE)
    eks.Cluster(self, 'B', version=version, endpoint_access=eks.EndpointAccess.PUBLIC_AND_PRIVATE.only_from('203.0.113.0/24'))
    eks.Cluster(self, 'C', **options)
    aws.eks.Cluster('d', role_arn='r', vpc_config={'endpoint_public_access': True, 'public_access_cidrs': ['203.0.113.0/24']})
    aws.eks.Cluster('e', role_arn='r', vpc_config={'endpoint_public_access': True, 'public_access_cidrs': cidrs})
    aws.eks.Cluster('f', role_arn='r', vpc_config={'endpoint_public_access': False, 'endpoint_private_access': True})
    boto3.client('eks').update_cluster_config(name='g', logging={})
    boto3.client('ecs').create_cluster(clusterName='h')
`,
      },
    ],
  },
};

/** https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.aws_eks/Cluster.html: the default is PUBLIC_AND_PRIVATE. */
function checkConstruct(call: CallView): Report | undefined {
  const access = keywordOf(call, 'endpoint_access')?.value;
  if (!access) return call.hasUnknownArguments ? undefined : report(call, 'endpoint_access', true);
  return /\.EndpointAccess\.PUBLIC(_AND_PRIVATE)?$/.test(access.path ?? '')
    ? report(call, 'endpoint_access', false)
    : undefined;
}

/** https://docs.aws.amazon.com/eks/latest/APIReference/API_VpcConfigRequest.html: public to all by default. */
function checkSettings(call: CallView): Report | undefined {
  const settings = keywordOf(call, 'resourcesVpcConfig', 'resources_vpc_config', 'vpc_config')?.value;
  if (!settings || !isWhollyKnown(settings)) return undefined;
  const isPublic = settingOf(settings, 'endpointPublicAccess', 'endpoint_public_access');
  const addresses = settingOf(settings, 'publicAccessCidrs', 'public_access_cidrs');
  if (isPublic && !isOn(isPublic)) return undefined;
  if (addresses && !takesEveryAddress(addresses)) return undefined;
  const isSaid = isPublic !== undefined || addresses !== undefined;
  // An update leaves what it does not name.
  if (!isSaid && call.name === 'update_cluster_config') return undefined;
  return report(call, 'endpointPublicAccess', !isSaid);
}

function takesEveryAddress(addresses: ValueView): boolean {
  return addresses.elements?.some(({ constant }) => constant === '0.0.0.0/0' || constant === '::/0') ?? false;
}

/** Whether nothing else can be in it: a dictionary with known keys, or a call without `**more`. */
function isWhollyKnown(value: ValueView): boolean {
  return value.keys !== undefined || value.madeBy?.hasUnknownArguments === false;
}

function report(call: CallView, setting: string, isImplicit: boolean): Report {
  return {
    message: isImplicit
      ? text`${call.quote(call.node.func)} does not say ${code(setting)}, so every address can reach the API of the cluster.`
      : text`${call.quote(call.node.func)} lets every address reach the API of the cluster (${code(setting)}).`,
    at: call.node,
    quiet: isImplicit,
  };
}
