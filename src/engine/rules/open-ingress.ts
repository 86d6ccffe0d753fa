import { code, type RichText, text } from '../finding.ts';
import type { Call, Dict, Expression, Node } from '../syntax/ast.ts';
import { lastName } from '../syntax/headers.ts';
import { walk } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import { ingressInCall, ingressInDict, type OpenIngress } from './support/ingress.ts';
import { messagesOf } from './support/messages.ts';
import { literalsOf } from './support/module-literals.ts';
import type { ModuleView } from './views.ts';

export const openIngress: Rule = {
  id: 'open-ingress',
  title: 'Ingress open to the world',
  cwe: [284, 668, 732],
  aspect: 'network',
  kind: 'defect',
  severity: 'high',
  rows: [117, 96],
  summary:
    "A firewall or security-group rule that admits every address (`0.0.0.0/0`, `::/0`, `*`, or no remote prefix at all, which means the same) to SSH, RDP, databases, container and cluster control, or all ports. ICMP and other single ports are advisories; web ports (80, 443 and the like) are not reported. Read from neutron, openstacksdk, tempest and nova calls, boto3, AWS CDK, troposphere, Pulumi, azure-mgmt-network and google-cloud; in tests an advisory, also for tempest's helpers that open SSH and ICMP to everybody.",
  why: 'Such a port is found by scanners within minutes and then guessed at, or attacked through the next weakness of the service behind it.',
  fix: 'Admit only the addresses that need it: the network of the administrators, a bastion host, or the security group of the callers.',
  references: [
    'https://docs.openstack.org/api-ref/network/v2/#security-group-rules-security-group-rules',
    'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html',
    'https://cloud.google.com/firewall/docs/firewalls',
  ],
  roles: { test: 'advisory' },
  on: { module: check },
  examples: {
    bad: [
      {
        title: 'OpenStack',
        code: `
def open_ssh(neutron, conn, group):
    conn.network.create_security_group_rule(
        security_group_id=group, direction='ingress', protocol='tcp',
        port_range_min=22, port_range_max=22,
        remote_ip_prefix='0.0.0.0/0')  # report
    rule = {'security_group_rule': {
        'direction': 'ingress', 'protocol': 'tcp', 'security_group_id': group,
        'port_range_min': 3306, 'port_range_max': 3306,
        'remote_ip_prefix': '0.0.0.0/0'}}  # report
    neutron.create_security_group_rule(rule)
`,
      },
      {
        title: 'no remote prefix means every address',
        code: `
def allow(client, group):
    client.create_security_group_rule(direction='ingress', protocol='tcp', port_range_min=1, port_range_max=65535, security_group_id=group)  # report
`,
      },
      {
        title: 'AWS',
        code: `
import boto3

ANYWHERE = '0.0.0.0/0'

def allow(group_id):
    ec2 = boto3.client('ec2')
    ec2.authorize_security_group_ingress(
        GroupId=group_id,
        IpPermissions=[{
            'IpProtocol': 'tcp', 'FromPort': 22, 'ToPort': 22,
            'IpRanges': [{'CidrIp': ANYWHERE}],  # report
        }],
    )
    ec2.authorize_security_group_ingress(
        GroupId=group_id,
        IpPermissions=[dict(IpProtocol='tcp', FromPort=22, ToPort=22, IpRanges=[dict(CidrIp=ANYWHERE)])])  # report
    ec2.authorize_security_group_ingress(
        GroupId=group_id, IpProtocol='-1', CidrIp='0.0.0.0/0')  # report
`,
      },
      {
        title: 'AWS CDK and troposphere',
        code: `
from aws_cdk import aws_ec2 as ec2
from troposphere import ec2 as tec2

def build(self, group, vpc):
    group.add_ingress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(22), 'ssh')  # report
    group.connections.allow_from_any_ipv4(ec2.Port.tcp(5432))  # report
    anyone = ec2.Peer.any_ipv4()
    rdp = ec2.Port(protocol=ec2.Protocol.TCP, from_port=3389, to_port=3389, string_representation='rdp')
    group.add_ingress_rule(peer=anyone, connection=rdp)  # report
    ec2.CfnSecurityGroup(self, 'A', group_description='a', security_group_ingress=[
        {'ipProtocol': 'tcp', 'cidrIp': '0.0.0.0/0', 'fromPort': 22, 'toPort': 22},  # report
    ])
    return tec2.SecurityGroup(
        'Web',
        SecurityGroupIngress=[
            tec2.SecurityGroupRule(IpProtocol='tcp', FromPort='3389', ToPort='3389', CidrIp='0.0.0.0/0'),  # report
        ],
    )
`,
      },
      {
        title: 'Pulumi, Azure, Google',
        code: `
import pulumi_aws as aws
from azure.mgmt.network.models import SecurityRule
from google.cloud import compute_v1

def build(compute, project):
    group = aws.ec2.SecurityGroup('db', ingress=[
        {'protocol': 'tcp', 'from_port': 5432, 'to_port': 5432, 'cidr_blocks': ['0.0.0.0/0']},  # report
    ])
    rule = SecurityRule(
        protocol='Tcp', access='Allow', direction='Inbound', priority=100,
        source_address_prefix='*',  # report
        source_port_range='*', destination_address_prefix='*', destination_port_range='22')
    body = {
        'name': 'ssh',
        'sourceRanges': ['0.0.0.0/0'],  # report
        'allowed': [{'IPProtocol': 'tcp', 'ports': ['22']}],
    }
    compute.firewalls().insert(project=project, body=body).execute()
    firewall = compute_v1.Firewall(
        source_ranges=['0.0.0.0/0'],  # report
        allowed=[compute_v1.Allowed(I_p_protocol='tcp', ports=['3389'])])
    return group, rule, firewall

def allow_ssh():
    firewall = compute_v1.Firewall()
    firewall.direction = compute_v1.Firewall.Direction.INGRESS.name
    allowed = compute_v1.Allowed()
    allowed.I_p_protocol = 'tcp'
    allowed.ports = ['22']
    firewall.allowed = [allowed]
    firewall.source_ranges = ['0.0.0.0/0']  # report
    return firewall

def allow_web():
    firewall = compute_v1.Firewall()
    allowed = compute_v1.Allowed()
    allowed.I_p_protocol = 'tcp'
    allowed.ports = ['443']
    firewall.allowed = [allowed]
    firewall.source_ranges = ['0.0.0.0/0']
    return firewall
`,
      },
      {
        title: "ICMP and a port of one's own",
        kind: 'advisory',
        code: `
def allow(client, group):
    client.create_security_group_rule(
        direction='ingress', protocol='icmp', security_group_id=group,
        remote_ip_prefix='0.0.0.0/0')  # report
    client.create_security_group_rule(
        direction='ingress', protocol='tcp', security_group_id=group,
        port_range_min=7777, port_range_max=7777,
        remote_ip_prefix='0.0.0.0/0')  # report
`,
      },
      {
        title: "tempest's helpers in a test",
        path: 'scenario/test_floatingip.py',
        kind: 'advisory',
        code: `
class FloatingIpTest(base.BaseTempestTestCase):
    @classmethod
    def resource_setup(cls):
        super().resource_setup()
        funcs = [cls.create_loginable_secgroup_rule,  # report
                 cls.create_pingable_secgroup_rule]  # report
        for func in funcs:
            func(secgroup_id=cls.secgroup['id'])
`,
      },
    ],
    good: [
      {
        title: 'a narrower source, a group, outgoing traffic',
        code: `
import boto3

def allow(client, group, other, cidr):
    client.create_security_group_rule(
        direction='ingress', protocol='tcp', port_range_min=22, port_range_max=22,
        remote_ip_prefix='10.0.0.0/8', security_group_id=group)
    client.create_security_group_rule(
        direction='ingress', protocol='tcp', port_range_min=22, port_range_max=22,
        remote_group_id=other, security_group_id=group)
    client.create_security_group_rule(
        direction='egress', protocol='tcp', port_range_min=22, port_range_max=22,
        remote_ip_prefix='0.0.0.0/0', security_group_id=group)
    client.create_security_group_rule(
        direction='ingress', protocol='tcp', port_range_min=22, port_range_max=22,
        remote_ip_prefix=cidr, security_group_id=group)
    boto3.client('ec2').authorize_security_group_egress(
        GroupId=group,
        IpPermissions=[{'IpProtocol': '-1', 'IpRanges': [{'CidrIp': '0.0.0.0/0'}]}])
`,
      },
      {
        title: 'a web server',
        code: `
from aws_cdk import aws_ec2 as ec2

def build(group, client):
    group.add_ingress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443), 'web')
    group.add_ingress_rule(ec2.Peer.ipv4('10.0.0.0/16'), ec2.Port.tcp(22), 'ssh')
    client.authorize_security_group_ingress(
        GroupId='sg-1', IpProtocol='tcp', FromPort=80, ToPort=80, CidrIp='0.0.0.0/0')
`,
      },
      {
        title: 'what cannot be read',
        code: `
def allow(client, rule, **more):
    client.create_security_group_rule(**rule)
    client.create_security_group_rule(rule)
    client.create_security_group_rule(direction='ingress', protocol='tcp', port_range_min=22, **more)

def create_loginable_secgroup_rule(self, secgroup_id=None):
    return self.create_secgroup_rules([], secgroup_id=secgroup_id)
`,
      },
    ],
  },
};

/** A cheap look at the text: nearly no file has anything of this. */
const HINT =
  /create_security_group_rule|security_group_rules\.create|remote_ip_prefix|[cC]idrIp|cidr_ip|cidr_blocks|sourceRanges|source_ranges|source_address_prefix|add_ingress_rule|allow_from|authorize_ingress|(?:loginable|pingable)_secgroup_rule/;

function check(module: ModuleView): readonly Report[] | undefined {
  if (!HINT.test(module.text)) return undefined;
  // Dictionaries in unit tests are answers of a fake cloud.
  const isUnitTest = /(^|\/)unit\//.test(module.path);
  const literals = literalsOf(module);
  const messages = messagesOf(module);
  const reports: Report[] = [];
  const seen = new Set<Node>();
  const add = (rule: OpenIngress | undefined) => {
    const judged = rule && !seen.has(rule.at) && judge(rule);
    if (!rule || !judged) return;
    seen.add(rule.at);
    reports.push(reportOf(module, rule, judged));
  };
  walk(module.node, (node) => {
    switch (node.kind) {
      case 'Keyword':
        return !/egress/i.test(String((node as unknown as { name: string | null }).name));
      case 'Call': {
        const call = node as Call;
        if (/egress/i.test(lastName(call.func))) return false;
        if (!isUnitTest) add(ingressInDict(call, literals));
        add(ingressInCall(call, module.resolve(call.func), literals, messages));
        return true;
      }
      case 'Dict':
        if (!isUnitTest) add(ingressInDict(node as Dict, literals));
        return true;
      case 'Attribute': {
        const helper = module.role === 'test' ? openingHelper(node as unknown as Expression) : undefined;
        if (helper) reports.push(helperReport(node, helper, module));
        return true;
      }
      default:
        return true;
    }
  });
  return reports;
}

/** Services that nobody should offer to the whole internet, by port. */
const SENSITIVE_PORTS: ReadonlyMap<number, string> = new Map([
  [20, 'FTP'],
  [21, 'FTP'],
  [22, 'SSH'],
  [23, 'Telnet'],
  [111, 'RPC'],
  [135, 'RPC'],
  [139, 'NetBIOS'],
  [161, 'SNMP'],
  [389, 'LDAP'],
  [445, 'SMB'],
  [636, 'LDAP'],
  [873, 'rsync'],
  [1433, 'SQL Server'],
  [1521, 'Oracle'],
  [2049, 'NFS'],
  [2181, 'ZooKeeper'],
  [2375, 'the Docker API'],
  [2376, 'the Docker API'],
  [2379, 'etcd'],
  [3306, 'MySQL'],
  [3389, 'RDP'],
  [4333, 'mSQL'],
  [5432, 'PostgreSQL'],
  [5601, 'Kibana'],
  [5672, 'RabbitMQ'],
  [5900, 'VNC'],
  [5984, 'CouchDB'],
  [5985, 'WinRM'],
  [5986, 'WinRM'],
  [6379, 'Redis'],
  [6443, 'the Kubernetes API'],
  [7000, 'Cassandra'],
  [8020, 'HDFS'],
  [9042, 'Cassandra'],
  [9092, 'Kafka'],
  [9200, 'Elasticsearch'],
  [9300, 'Elasticsearch'],
  [10250, 'the kubelet'],
  [11211, 'memcached'],
  [15672, 'RabbitMQ'],
  [27017, 'MongoDB'],
  [27018, 'MongoDB'],
]);

/** Ports that are there for everybody. */
const PUBLIC_PORTS: ReadonlySet<number> = new Set([
  25, 53, 80, 123, 443, 465, 587, 993, 995, 8000, 8080, 8443,
]);

interface Judgement {
  readonly isDefect: boolean;
  /** "SSH (port 22)" */
  readonly what: string;
}

function judge({ protocol, ports }: OpenIngress): Judgement | undefined {
  if (/^(icmp|icmpv6|ipv6-icmp|1|58)$/.test(protocol ?? '')) return { isDefect: false, what: 'ICMP' };
  if (/^(-1|all|any|\*)$/.test(protocol ?? '') && ports === undefined)
    return { isDefect: true, what: 'every port of every protocol' };
  if (ports === undefined) return { isDefect: true, what: 'every port' };
  for (const [from, to] of ports) {
    if (to - from >= 1000) return { isDefect: true, what: `ports ${from} to ${to}` };
    for (const [port, service] of SENSITIVE_PORTS) {
      if (port >= from && port <= to) return { isDefect: true, what: `${service} (port ${port})` };
    }
  }
  const other = ports.find(([from, to]) => from !== to || !PUBLIC_PORTS.has(from));
  if (!other) return undefined;
  const [from, to] = other;
  return { isDefect: false, what: from === to ? `port ${from}` : `ports ${from} to ${to}` };
}

function reportOf(module: ModuleView, rule: OpenIngress, { isDefect, what }: Judgement): Report {
  const quoted = module.quote(rule.at);
  return {
    kind: isDefect ? 'defect' : 'advisory',
    message: rule.isImplicit
      ? text`${quoted} gives no remote prefix, so every address can reach ${what}.`
      : text`${quoted} lets every address reach ${what}.`,
    at: rule.at,
  };
}

/** tempest and neutron-tempest: helpers whose rules have no remote prefix. */
function openingHelper(expression: Expression): RichText | undefined {
  const match = /^_?create_(loginable|pingable)_secgroup_rules?$/.exec(lastName(expression));
  if (!match) return undefined;
  return [match[1] === 'loginable' ? 'SSH' : 'ICMP'];
}

function helperReport(at: Node, what: RichText, module: ModuleView): Report {
  return {
    kind: 'advisory',
    message: text`${module.quote(at)} opens ${what} to every address: the helper gives no narrower remote prefix.`,
    at,
    confidence: 'medium',
    fix: {
      text: text`Where the addresses that connect are known, make the rule with ${code('create_security_group_rule')} and a ${code('remote_ip_prefix')}.`,
    },
  };
}
