import { text } from '../finding.ts';
import { lastName } from '../syntax/headers.ts';
import type { Report, Rule } from './rule.ts';
import { isAwsCall } from './support/cloud-settings.ts';
import type { CallView, ValueView } from './views.ts';

export const unrestrictedEgress: Rule = {
  id: 'unrestricted-egress',
  title: 'All outgoing traffic allowed',
  cwe: [284, 923],
  aspect: 'network',
  kind: 'advisory',
  severity: 'low',
  rows: [96],
  summary:
    'A security group that says in so many words that everything may go out: `allow_all_outbound=True`, an egress rule to `0.0.0.0/0` for every protocol; in AWS CDK, boto3 and Pulumi. A default that is left alone is not reported. Listed in the summary only, as many services need it.',
  why: 'Code that got in can fetch its tools and send data away without hindrance.',
  fix: 'Allow the ports and addresses that the service calls: often 443 to the endpoints of the provider is enough.',
  references: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
    'https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.aws_ec2/SecurityGroup.html',
  ],
  roles: { test: 'silent', example: 'quiet' },
  calls: [
    {
      paths: [],
      names: ['add_egress_rule', 'authorize_security_group_egress'],
      libraries: ['aws_cdk', 'pulumi_aws'],
      check,
    },
  ],
  examples: {
    bad: [
      {
        title: 'AWS CDK, boto3, Pulumi',
        code: `
import boto3
import pulumi_aws as aws
from aws_cdk import aws_ec2 as ec2

def build(self, vpc, group):
    ec2.SecurityGroup(self, 'A', vpc=vpc, allow_all_outbound=True)  # report
    group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.all_traffic())  # report
    boto3.client('ec2').authorize_security_group_egress(GroupId='g', IpPermissions=[{'IpProtocol': '-1', 'IpRanges': [{'CidrIp': '0.0.0.0/0'}]}])  # report
    aws.ec2.SecurityGroup('b', egress=[{'protocol': '-1', 'from_port': 0, 'to_port': 0, 'cidr_blocks': ['0.0.0.0/0']}])  # report
    aws.ec2.SecurityGroup('c', egress=[aws.ec2.SecurityGroupEgressArgs(protocol='-1', from_port=0, to_port=0, cidr_blocks=['0.0.0.0/0'])])  # report
`,
      },
    ],
    good: [
      {
        title: 'what is needed, or the default',
        code: `
import boto3
import pulumi_aws as aws
from aws_cdk import aws_ec2 as ec2

def build(self, vpc, group):
    ec2.SecurityGroup(self, 'A', vpc=vpc, allow_all_outbound=False)
    ec2.SecurityGroup(self, 'B', vpc=vpc)
    group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443))
    group.add_egress_rule(ec2.Peer.ipv4('10.0.0.0/8'), ec2.Port.all_traffic())
    boto3.client('ec2').authorize_security_group_egress(GroupId='g', IpPermissions=[{'IpProtocol': 'tcp', 'FromPort': 443, 'ToPort': 443, 'IpRanges': [{'CidrIp': '0.0.0.0/0'}]}])
    aws.ec2.SecurityGroup('c', egress=[{'protocol': 'tcp', 'from_port': 443, 'to_port': 443, 'cidr_blocks': ['0.0.0.0/0']}])
`,
      },
    ],
  },
};

function check(call: CallView): Report | undefined {
  return isOpen(call)
    ? {
        quiet: true,
        message: text`${call.quote(call.node.func)} lets all traffic out, to every address.`,
        at: call.node,
      }
    : undefined;
}

function isOpen(call: CallView): boolean {
  if (call.callee.startsWith('aws_cdk.') && call.argument(undefined, 'allow_all_outbound')?.isTrue)
    return true;
  if (call.name === 'add_egress_rule') return isOpenRule(call);
  if (call.name === 'authorize_security_group_egress' && isAwsCall(call))
    return call.argument(undefined, 'IpPermissions')?.elements?.some(isOpenPermission) ?? false;
  if (/^pulumi_aws\.ec2\.(Default)?SecurityGroup$/.test(call.callee))
    return call.argument(undefined, 'egress')?.elements?.some(isOpenPermission) ?? false;
  return false;
}

/** https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.aws_ec2/SecurityGroup.html */
function isOpenRule(call: CallView): boolean {
  const peer = call.argumentNode(0, 'peer');
  const port = call.argumentNode(1, 'connection');
  if (!peer || !port) return false;
  const isAnybody =
    /^any_ipv[46]$/.test(lastName(peer)) || /['"](0\.0\.0\.0|::)\/0['"]/.test(call.sourceOf(peer));
  return isAnybody && /^all_(traffic|tcp)$/.test(lastName(port));
}

function isOpenPermission(rule: ValueView): boolean {
  const setting = (...names: readonly string[]) =>
    names.map((name) => rule.entry(name) ?? rule.madeBy?.argument(undefined, name)).find((value) => value);
  const protocol = setting('IpProtocol', 'protocol')?.constant;
  const blocks = setting('cidr_blocks', 'ipv6_cidr_blocks')?.elements?.map((block) => block.constant) ?? [];
  const ranges =
    setting('IpRanges', 'Ipv6Ranges')?.elements?.map(
      (range) => range.entry('CidrIp')?.constant ?? range.entry('CidrIpv6')?.constant,
    ) ?? [];
  const isEverywhere = [...blocks, ...ranges].some((block) => block === '0.0.0.0/0' || block === '::/0');
  return isEverywhere && /^(-1|all)$/i.test(String(protocol ?? ''));
}
