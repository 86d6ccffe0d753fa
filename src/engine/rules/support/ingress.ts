/**
 * Firewall rules as cloud libraries write them, read from the code as written: keywords of a call or entries of a
 * dictionary. Constants are followed through names that are assigned once in the file. What cannot be read is unknown,
 * and then there is no rule.
 */
import type { Call, Dict, Expression, Node } from '../../syntax/ast.ts';
import { dottedName, lastName } from '../../syntax/headers.ts';
import type { Messages } from './messages.ts';
import type { Literals } from './module-literals.ts';

/** A rule that admits traffic from any address. */
export interface OpenIngress {
  readonly protocol: string | undefined;
  /** The first and the last port; undefined: every port. */
  readonly ports: readonly (readonly [number, number])[] | undefined;
  /** Where the addresses are given, or the whole rule where none are. */
  readonly at: Node;
  /** No address is given, which means every one. */
  readonly isImplicit: boolean;
}

/** Named values of a call or a dictionary. */
export interface Fields {
  readonly node: Node;
  readonly get: (name: string) => Expression | undefined;
  readonly has: (...names: string[]) => boolean;
  /** False where `**more` may bring others. */
  readonly isComplete: boolean;
}

export function fieldsOfDict(dict: Dict): Fields {
  const get = (name: string) => {
    const at = dict.keys.findIndex((key) => key?.kind === 'Str' && key.value === name);
    return at < 0 ? undefined : dict.values[at];
  };
  return {
    node: dict,
    get,
    has: (...names) => names.some((name) => get(name)),
    isComplete: dict.keys.every((key) => key?.kind === 'Str'),
  };
}

/** The keyword arguments of a call, and what the message that it makes is given afterwards. */
export function fieldsOfCall(call: Call, messages?: Messages): Fields {
  const get = (name: string) =>
    messages?.attributeOf(call, name) ?? call.keywords.find((keyword) => keyword.name === name)?.value;
  return {
    node: call,
    get,
    has: (...names) => names.some((name) => get(name)),
    isComplete:
      call.keywords.every((keyword) => keyword.name !== null) &&
      !call.args.some((arg) => arg.kind === 'Starred'),
  };
}

/** An entry that is written as `{…}` or as `dict(…)`. */
function fieldsOfEntry(entry: Expression): Fields | undefined {
  if (entry.kind === 'Dict') return fieldsOfDict(entry);
  return entry.kind === 'Call' && dottedName(entry.func) === 'dict' ? fieldsOfCall(entry) : undefined;
}

/** The rule that a dictionary describes. */
export function ingressInDict(dict: Dict | Call, literals: Literals): OpenIngress | undefined {
  const fields = fieldsOfEntry(dict);
  if (!fields) return undefined;
  if (fields.has('direction') && fields.has('remote_ip_prefix')) return neutron(fields, literals);
  if (fields.has('IpProtocol') && fields.has('IpRanges', 'Ipv6Ranges'))
    return awsPermission(fields, literals);
  if (fields.has('ipProtocol') && fields.has('cidrIp', 'cidrIpv6')) return flatAws(fields, literals);
  if (fields.has('sourceRanges') && fields.has('allowed')) return google(fields, literals);
  if (fields.has('source_address_prefix') && fields.has('destination_port_range'))
    return azure(fields, literals);
  if (fields.has('cidr_blocks', 'ipv6_cidr_blocks') && fields.has('from_port'))
    return pulumi(fields, literals);
  return undefined;
}

/** The rule that a call makes. `path` is the full path of what is called, '' when unknown. */
export function ingressInCall(
  call: Call,
  path: string,
  literals: Literals,
  messages: Messages,
): OpenIngress | undefined {
  const name = lastName(call.func);
  const fields = fieldsOfCall(call);
  if (/^_?create_security_group_rule$/.test(name)) return neutron(fields, literals);
  if (/security_group_rules\.create$/.test(dottedName(call.func))) return neutron(fields, literals);
  if (/^(authorize_security_group_ingress|authorize_ingress)$/.test(name)) return flatAws(fields, literals);
  if (
    /^(troposphere\.ec2\.SecurityGroup(Rule|Ingress)|.*CfnSecurityGroup(Ingress)?(\.IngressProperty)?)$/.test(
      path,
    )
  )
    return flatAws(fields, literals);
  if (/^(azure\.mgmt\.network|pulumi_azure)/.test(path) && /SecurityRule(Args)?$/.test(name))
    return azure(fields, literals);
  if (/(^|\.)(compute_v1|compute)(\.types)?\.Firewall$/.test(path))
    return google(fieldsOfCall(call, messages), literals, messages);
  if (path.startsWith('pulumi_aws') && /^SecurityGroup(Rule|Ingress(Rule)?(Args)?)$/.test(name))
    return pulumi(fields, literals);
  if (
    /^(add_ingress_rule|allow_from|allow_from_any_ipv4|allow_from_any_ipv6|allow_default_port_from_any_ipv4)$/.test(
      name,
    )
  )
    return cdk(call, name, literals);
  return undefined;
}

const ANYWHERE: ReadonlySet<unknown> = new Set([
  '0.0.0.0/0',
  '::/0',
  '*',
  'Internet',
  'internet',
  'Any',
  '0.0.0.0',
  '0::/0',
]);

/** https://docs.openstack.org/api-ref/network/v2/#create-security-group-rule; nova's rules had `cidr`. */
function neutron(fields: Fields, literals: Literals): OpenIngress | undefined {
  const direction = fields.get('direction');
  if (direction ? literals.of(direction) !== 'ingress' : !fields.isComplete) return undefined;
  const remote = fields.get('remote_ip_prefix') ?? fields.get('cidr');
  const address = remote && literals.of(remote);
  const isImplicit =
    direction !== undefined && (address === null || (remote === undefined && fields.isComplete));
  if (!isImplicit && !ANYWHERE.has(address)) return undefined;
  const group = ['remote_group_id', 'group_id', 'remote_address_group_id', 'remote_group']
    .map(fields.get)
    .find((g) => g);
  if (group && literals.of(group) !== null) return undefined;
  const protocol = text(fields.get('protocol') ?? fields.get('ip_protocol'), literals);
  if (protocol === undefined) return undefined;
  const ports = range(
    fields.get('port_range_min') ?? fields.get('from_port'),
    fields.get('port_range_max') ?? fields.get('to_port'),
    literals,
  );
  if (ports === 'unknown') return undefined;
  return { protocol, ports, at: remote ?? fields.node, isImplicit };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html */
function awsPermission(fields: Fields, literals: Literals): OpenIngress | undefined {
  const ranges = [
    ...(literals.elementsOf(fields.get('IpRanges')) ?? []),
    ...(literals.elementsOf(fields.get('Ipv6Ranges')) ?? []),
  ];
  const open = ranges.find((entry) => {
    const inner = fieldsOfEntry(entry);
    const cidr = inner?.get('CidrIp') ?? inner?.get('CidrIpv6');
    return cidr !== undefined && ANYWHERE.has(literals.of(cidr));
  });
  return open && awsRule(fields, open, literals);
}

function flatAws(fields: Fields, literals: Literals): OpenIngress | undefined {
  const cidr = ['CidrIp', 'CidrIpv6', 'cidr_ip', 'cidr_ipv6', 'cidrIp', 'cidrIpv6']
    .map(fields.get)
    .find((field) => field);
  return cidr && ANYWHERE.has(literals.of(cidr)) ? awsRule(fields, cidr, literals) : undefined;
}

function awsRule(fields: Fields, at: Node, literals: Literals): OpenIngress | undefined {
  const protocol = text(
    fields.get('IpProtocol') ?? fields.get('ip_protocol') ?? fields.get('ipProtocol'),
    literals,
  );
  const ports = range(
    fields.get('FromPort') ?? fields.get('from_port') ?? fields.get('fromPort'),
    fields.get('ToPort') ?? fields.get('to_port') ?? fields.get('toPort'),
    literals,
  );
  return protocol === undefined || ports === 'unknown'
    ? undefined
    : { protocol, ports, at, isImplicit: false };
}

/** https://learn.microsoft.com/en-us/python/api/azure-mgmt-network/azure.mgmt.network.models.securityrule */
function azure(fields: Fields, literals: Literals): OpenIngress | undefined {
  const source = fields.get('source_address_prefix') ?? fields.get('source_address_prefixes');
  const sources = source && (literals.elementsOf(source) ?? [source]);
  const open = sources?.find((entry) => ANYWHERE.has(literals.of(entry)));
  if (
    !open ||
    !says(fields.get('direction'), 'inbound', literals) ||
    !says(fields.get('access'), 'allow', literals)
  )
    return undefined;
  const port = fields.get('destination_port_range') ?? fields.get('destination_port_ranges');
  const ports = port && portsOf(literals.elementsOf(port) ?? [port], literals);
  const protocol = text(fields.get('protocol'), literals);
  return ports === undefined
    ? undefined
    : { protocol, ports: ports === 'all' ? undefined : ports, at: open, isImplicit: false };
}

/** https://cloud.google.com/compute/docs/reference/rest/v1/firewalls */
function google(fields: Fields, literals: Literals, messages?: Messages): OpenIngress | undefined {
  const direction = fields.get('direction');
  // 'INGRESS', or `Firewall.Direction.INGRESS.name`
  if (direction && !/(^|\.)INGRESS\b/.test(String(literals.of(direction) ?? dottedName(direction))))
    return undefined;
  const source = fields.get('sourceRanges') ?? fields.get('source_ranges');
  const open = literals.elementsOf(source)?.find((entry) => ANYWHERE.has(literals.of(entry)));
  if (!open) return undefined;
  const allowed = literals.elementsOf(fields.get('allowed') ?? fields.get('allows'));
  for (const entry of allowed ?? []) {
    const made = messages?.madeBy(entry) ?? (entry.kind === 'Call' ? entry : undefined);
    const inner = entry.kind === 'Dict' ? fieldsOfDict(entry) : made && fieldsOfCall(made, messages);
    if (!inner) continue;
    const protocol = text(
      inner.get('IPProtocol') ?? inner.get('I_p_protocol') ?? inner.get('protocol'),
      literals,
    );
    const written = literals.elementsOf(inner.get('ports'));
    const ports = written ? portsOf(written, literals) : inner.has('ports') ? undefined : 'all';
    if (protocol !== undefined && ports !== undefined) {
      return { protocol, ports: ports === 'all' ? undefined : ports, at: open, isImplicit: false };
    }
  }
  return undefined;
}

/** https://www.pulumi.com/registry/packages/aws/api-docs/ec2/securitygroup/ */
function pulumi(fields: Fields, literals: Literals): OpenIngress | undefined {
  const type = fields.get('type');
  if (type && literals.of(type) !== 'ingress') return undefined;
  const lists = ['cidr_blocks', 'ipv6_cidr_blocks', 'cidr_ipv4', 'cidr_ipv6'].map(fields.get);
  const entries = lists.flatMap((list) => (list ? (literals.elementsOf(list) ?? [list]) : []));
  const open = entries.find((entry) => ANYWHERE.has(literals.of(entry)));
  if (!open) return undefined;
  const protocol = text(fields.get('protocol') ?? fields.get('ip_protocol'), literals);
  const ports = range(fields.get('from_port'), fields.get('to_port'), literals);
  if (protocol === undefined || ports === 'unknown') return undefined;
  return { protocol, ports, at: open, isImplicit: false };
}

/** https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.aws_ec2/Port.html */
function cdk(call: Call, name: string, literals: Literals): OpenIngress | undefined {
  const [first, second] = call.args;
  const fields = fieldsOfCall(call);
  const isAny = name.includes('from_any');
  const givenPeer = isAny ? call.func : (first ?? fields.get('peer'));
  const givenPort = isAny ? first : (second ?? fields.get('connection') ?? fields.get('port_range'));
  if (!givenPeer || !givenPort) return undefined;
  const peer = literals.written(givenPeer);
  const port = literals.written(givenPort);
  if (port.kind !== 'Call') return undefined;
  if (!isAny) {
    if (peer.kind !== 'Call') return undefined;
    const [address] = peer.args;
    const isOpen =
      /^any_ipv[46]$/.test(lastName(peer)) || (address !== undefined && ANYWHERE.has(literals.of(address)));
    if (!isOpen) return undefined;
  }
  const numbers = port.args.map((argument) => literals.of(argument));
  const [from, to] = numbers;
  const rule = (protocol: string, ports: OpenIngress['ports']) => ({
    protocol,
    ports,
    at: call,
    isImplicit: false,
  });
  switch (lastName(port)) {
    case 'tcp':
    case 'udp':
      return typeof from === 'number' ? rule(lastName(port), [[from, from]]) : undefined;
    case 'tcp_range':
    case 'udp_range':
      return typeof from === 'number' && typeof to === 'number' ? rule('tcp', [[from, to]]) : undefined;
    case 'all_tcp':
    case 'all_udp':
    case 'all_traffic':
      return rule('-1', undefined);
    case 'icmp_ping':
    case 'all_icmp':
      return rule('icmp', undefined);
    case 'Port': {
      const own = fieldsOfCall(port);
      const ports = range(own.get('from_port'), own.get('to_port'), literals);
      const protocol = own.get('protocol');
      return ports === 'unknown' || !protocol ? undefined : rule(lastName(protocol).toLowerCase(), ports);
    }
    default:
      return undefined;
  }
}

/** The text of a protocol: '-1' where none is given, undefined where it is unknown. */
function text(expression: Expression | undefined, literals: Literals): string | undefined {
  if (expression === undefined) return '-1';
  const value = literals.of(expression);
  if (value === null) return '-1';
  return value === undefined ? undefined : String(value).toLowerCase();
}

function says(expression: Expression | undefined, word: string, literals: Literals): boolean {
  if (expression === undefined) return false;
  const value = literals.of(expression);
  return String(value ?? lastName(expression)).toLowerCase() === word;
}

function range(
  from: Expression | undefined,
  to: Expression | undefined,
  literals: Literals,
): OpenIngress['ports'] | 'unknown' {
  const first = from === undefined ? null : literals.of(from);
  const last = to === undefined ? first : literals.of(to);
  if (first === undefined || last === undefined) return 'unknown';
  if (first === null || Number(first) === -1) return undefined;
  const low = Number(first);
  const high = last === null ? low : Number(last);
  return Number.isFinite(low) && Number.isFinite(high) ? [[low, high]] : 'unknown';
}

/** `['22', '8000-8080', '*']` */
function portsOf(
  entries: readonly Expression[],
  literals: Literals,
): OpenIngress['ports'] | 'all' | undefined {
  const ports: [number, number][] = [];
  for (const entry of entries) {
    const value = literals.of(entry);
    if (value === '*') return 'all';
    const match = /^(\d+)(?:-(\d+))?$/.exec(String(value));
    if (!match) return undefined;
    ports.push([Number(match[1]), Number(match[2] ?? match[1])]);
  }
  return ports;
}
