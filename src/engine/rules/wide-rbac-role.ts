import { code, text } from '../finding.ts';
import type { Call, Dict, Expression, Node } from '../syntax/ast.ts';
import { lastName } from '../syntax/headers.ts';
import { walk } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import { type Fields, fieldsOfCall, fieldsOfDict } from './support/ingress.ts';
import { type Literals, literalsOf } from './support/module-literals.ts';
import type { ModuleView } from './views.ts';

export const wideRbacRole: Rule = {
  id: 'wide-rbac-role',
  title: 'Kubernetes role that allows too much',
  cwe: [269, 732],
  aspect: 'access',
  kind: 'defect',
  severity: 'high',
  rows: [94, 95],
  summary:
    'Rules of a Kubernetes role that allow every verb on every resource, all of `secrets`, or a verb by which rights are gained (`escalate`, `bind`, `impersonate`), and bindings to `cluster-admin`; written with the Kubernetes client, Pulumi, or as dictionaries.',
  why: 'Whoever takes over a pod that runs with such an account has the namespace, or the whole cluster.',
  fix: 'List the API groups, resources and verbs that are needed, and bind to a role with those.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/',
  ],
  roles: { test: 'quiet' },
  on: { module: check },
  examples: {
    bad: [
      {
        title: 'Kubernetes client and Pulumi',
        code: `
import pulumi_kubernetes as k8s
from kubernetes import client

def role(name):
    return client.V1ClusterRole(
        metadata=client.V1ObjectMeta(name=name),
        rules=[
            client.V1PolicyRule(api_groups=['*'], resources=['*'], verbs=['*']),  # report
            client.V1PolicyRule(api_groups=[''], resources=['secrets'], verbs=['*']),  # report
            client.V1PolicyRule(api_groups=['rbac.authorization.k8s.io'], resources=['clusterroles'], verbs=['bind', 'escalate']),  # report
        ])

k8s.rbac.v1.ClusterRoleBinding('all', role_ref=k8s.rbac.v1.RoleRefArgs(api_group='rbac.authorization.k8s.io', kind='ClusterRole', name='cluster-admin'))  # report
binding = client.V1RoleRef(api_group='rbac.authorization.k8s.io', kind='ClusterRole', name='cluster-admin')  # report
`,
      },
      {
        title: 'a manifest',
        code: `
ROLE = {
    'apiVersion': 'rbac.authorization.k8s.io/v1',
    'kind': 'ClusterRole',
    'rules': [
        {'apiGroups': ['*'], 'resources': ['*'], 'verbs': ['*']},  # report
        {'apiGroups': [''], 'resources': ['users', 'groups'], 'verbs': ['impersonate']},  # report
    ],
}
BINDING = {
    'kind': 'ClusterRoleBinding',
    'roleRef': {'apiGroup': 'rbac.authorization.k8s.io', 'kind': 'ClusterRole', 'name': 'cluster-admin'},  # report
}
`,
      },
    ],
    good: [
      {
        title: 'what is needed',
        code: `
from kubernetes import client

def role(name, verbs):
    return [
        client.V1PolicyRule(api_groups=['apps'], resources=['deployments'], verbs=['get', 'list', 'watch']),
        client.V1PolicyRule(api_groups=['example.org'], resources=['*'], verbs=['get', 'list']),
        client.V1PolicyRule(api_groups=['example.org'], resources=['widgets'], verbs=['*']),
        client.V1PolicyRule(api_groups=[''], resources=['secrets'], resource_names=['tls'], verbs=['*']),
        client.V1PolicyRule(api_groups=[''], resources=['pods'], verbs=verbs),
        client.V1RoleRef(api_group='rbac.authorization.k8s.io', kind='ClusterRole', name='view'),
    ]
`,
      },
    ],
  },
};

const HINT = /PolicyRule|RoleRef|apiGroups|roleRef|role_ref/;

function check(module: ModuleView): readonly Report[] | undefined {
  if (!HINT.test(module.text)) return undefined;
  const literals = literalsOf(module);
  const reports: Report[] = [];
  walk(module.node, (node) => {
    const wrong =
      node.kind === 'Dict'
        ? judge(fieldsOfDict(node as Dict), literals)
        : node.kind === 'Call'
          ? judgeCall(node as Call, literals)
          : undefined;
    if (wrong) reports.push(reportOf(module, wrong));
    return true;
  });
  return reports;
}

interface Wrong {
  readonly at: Node;
  readonly what: string;
  readonly lets: string;
}

/** https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/role-v1/ */
function judgeCall(call: Call, literals: Literals): Wrong | undefined {
  return /^(V1)?(PolicyRule|RoleRef)(Args)?$/.test(lastName(call.func))
    ? judge(fieldsOfCall(call), literals)
    : undefined;
}

function judge(fields: Fields, literals: Literals): Wrong | undefined {
  const group = fields.get('apiGroup') ?? fields.get('api_group');
  const name = fields.get('name');
  if (group && name && literals.of(name) === 'cluster-admin')
    return { at: name, what: 'cluster-admin', lets: 'allows everything in the cluster' };
  if (!fields.has('apiGroups', 'api_groups') || fields.has('resourceNames', 'resource_names'))
    return undefined;
  const words = (list: Expression | undefined) =>
    (literals.elementsOf(list) ?? []).map((element) => literals.of(element));
  const verbs = words(fields.get('verbs'));
  const resources = words(fields.get('resources'));
  const at = fields.get('verbs') ?? fields.node;
  if (verbs.includes('*') && resources.includes('*')) {
    // All of one API group of one's own is not the cluster.
    const groups = words(fields.get('apiGroups') ?? fields.get('api_groups'));
    return groups.some((word) => word === '*' || word === '')
      ? { at, what: '*', lets: 'on every resource allows everything there is' }
      : undefined;
  }
  if (verbs.includes('*') && resources.includes('secrets'))
    return { at, what: '*', lets: 'on secrets allows to read and change all of them' };
  const gaining = verbs.find((verb) => verb === 'escalate' || verb === 'bind' || verb === 'impersonate');
  return gaining === undefined || gaining === null
    ? undefined
    : { at, what: String(gaining), lets: 'lets the holder take rights beyond the role' };
}

function reportOf(module: ModuleView, { at, what, lets }: Wrong): Report {
  const isVerb = what !== 'cluster-admin';
  return {
    message: isVerb
      ? text`The verb ${code(what)} in ${module.quote(at)} ${lets}.`
      : text`The role ${code(what)} ${lets}.`,
    at,
  };
}
