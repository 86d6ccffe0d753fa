import { code, text } from '../finding.ts';
import type { Dict, Expression, Node } from '../syntax/ast.ts';
import { walk } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import { fieldsOfDict } from './support/ingress.ts';
import { type Literals, literalsOf } from './support/moduleLiterals.ts';
import type { CallView, ModuleView, ValueView } from './views.ts';

export const cloudWidePolicy: Rule = {
  id: 'cloud-wide-policy',
  title: 'Cloud policy that allows everything or everybody',
  cwe: [732, 284, 269],
  aspect: 'access',
  kind: 'defect',
  severity: 'high',
  rows: [94, 95],
  summary:
    "A policy statement with effect Allow whose actions and resources are `*`, whose principal is everybody without a condition, or that gives a way to more rights (`iam:PassRole`, `iam:CreatePolicyVersion`, `iam:AttachRolePolicy` and the like) on every resource. In AWS CDK's `PolicyStatement` and in policy documents that are written as dictionaries (boto3, troposphere, Pulumi). The administrator policy that is attached by name is an advisory.",
  why: 'Whoever gets hold of one credential, or of one function that has the role, then has the whole account; and what is open to everybody needs no credential at all.',
  fix: 'Name the actions and the resources that are needed; for everybody, add a condition or name the account.',
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege',
    'https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.aws_iam/PolicyStatement.html',
    'https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/',
  ],
  calls: [
    { paths: ['aws_cdk.aws_iam.PolicyStatement'], check: checkStatement },
    { paths: ['aws_cdk.aws_iam.ManagedPolicy.from_aws_managed_policy_name'], check: checkManagedPolicy },
  ],
  on: { module: checkDocuments },
  examples: {
    bad: [
      {
        title: 'AWS CDK',
        code: `
from aws_cdk import aws_iam as iam

def policies():
    return [
        iam.PolicyStatement(actions=['*'], resources=['*']),  # report
        iam.PolicyStatement(effect=iam.Effect.ALLOW, actions=['iam:PassRole'], resources=['*']),  # report
        iam.PolicyStatement(actions=['s3:GetObject'], resources=['arn:aws:s3:::a/*'], principals=[iam.AnyPrincipal()]),  # report
    ]
`,
      },
      {
        title: 'a policy document',
        code: `
import json

POLICY = {
    'Version': '2012-10-17',
    'Statement': [
        {'Effect': 'Allow', 'Action': '*', 'Resource': '*'},  # report
        {'Effect': 'Allow', 'Principal': '*', 'Action': 's3:GetObject', 'Resource': 'arn:aws:s3:::a/*'},  # report
        {'Effect': 'Allow', 'Action': ['iam:CreatePolicyVersion'], 'Resource': ['*']},  # report
    ],
}

def apply(client):
    client.put_bucket_policy(Bucket='a', Policy=json.dumps(POLICY))
`,
      },
      {
        title: 'the administrator policy',
        kind: 'advisory',
        code: `
from aws_cdk import aws_iam as iam

def role(role):
    role.add_managed_policy(iam.ManagedPolicy.from_aws_managed_policy_name('AdministratorAccess'))  # report
`,
      },
    ],
    good: [
      {
        title: 'named actions and resources, denials, conditions',
        code: `
from aws_cdk import aws_iam as iam

def policies(bucket):
    return [
        iam.PolicyStatement(actions=['s3:GetObject'], resources=[bucket.arn_for_objects('*')]),
        iam.PolicyStatement(actions=['logs:PutLogEvents'], resources=['*']),
        iam.PolicyStatement(effect=iam.Effect.DENY, actions=['*'], resources=['*'], principals=[iam.AnyPrincipal()]),
        iam.PolicyStatement(actions=['iam:PassRole'], resources=['arn:aws:iam::1:role/a']),
        {'Effect': 'Deny', 'Principal': '*', 'Action': '*', 'Resource': '*'},
        {'Effect': 'Allow', 'Principal': '*', 'Action': 's3:*', 'Resource': '*', 'Condition': {'StringEquals': {'aws:SourceVpce': 'a'}}},
        {'Effect': 'Allow', 'Principal': {'Service': 'lambda.amazonaws.com'}, 'Action': 'sts:AssumeRole'},
    ]
`,
      },
    ],
  },
};

/** Ways from some rights to all rights. */
const ESCALATES =
  /^(iam:(\*|PassRole|CreatePolicyVersion|SetDefaultPolicyVersion|AttachUserPolicy|AttachGroupPolicy|AttachRolePolicy|PutUserPolicy|PutGroupPolicy|PutRolePolicy|AddUserToGroup|UpdateAssumeRolePolicy|CreateAccessKey|CreateLoginProfile|UpdateLoginProfile)|sts:\*|lambda:\*)$/i;

interface Statement {
  readonly actions: readonly unknown[];
  readonly resources: readonly unknown[];
  readonly isForEverybody: boolean;
}

/** What is wrong with a statement that allows. */
function judge({ actions, resources, isForEverybody }: Statement): string | undefined {
  const everywhere = resources.includes('*');
  if (actions.some((action) => action === '*' || action === '*:*') && (everywhere || isForEverybody))
    return 'allows every action on every resource';
  if (isForEverybody && actions.length > 0) return 'allows it to everybody';
  const escalates = actions.find((action) => typeof action === 'string' && ESCALATES.test(action));
  return escalates && everywhere
    ? `allows ${escalates} on every resource, which is a way to all rights`
    : undefined;
}

function checkStatement(call: CallView): Report | undefined {
  const effect = call.argument(undefined, 'effect');
  if (effect !== undefined && !/ALLOW$/.test(effect.path ?? '')) return undefined;
  const principals = call.argument(undefined, 'principals')?.elements;
  const hasCondition = call.argument(undefined, 'conditions') !== undefined;
  const wrong = judge({
    actions: constantsOf(call.argument(undefined, 'actions')),
    resources: constantsOf(call.argument(undefined, 'resources')),
    isForEverybody:
      !hasCondition &&
      (principals?.some((p) => /\.(AnyPrincipal|StarPrincipal|Anyone)$/.test(p.type ?? '')) ?? false),
  });
  return wrong === undefined
    ? undefined
    : { message: text`${call.quote(call.node)} ${wrong}.`, at: call.node };
}

function constantsOf(value: ValueView | undefined): readonly unknown[] {
  return value?.elements?.map((element) => element.constant) ?? [];
}

function checkManagedPolicy(call: CallView): Report | undefined {
  const name = call.argument(0, 'managed_policy_name')?.constant;
  return typeof name === 'string' && /^(AdministratorAccess|IAMFullAccess|PowerUserAccess)$/.test(name)
    ? {
        kind: 'advisory',
        message: text`${code(name)} gives the role nearly every right of the account.`,
        at: call.node,
      }
    : undefined;
}

/** Policy documents as dictionaries, with keys as AWS has them. */
function checkDocuments(module: ModuleView): readonly Report[] | undefined {
  if (!/['"]Effect['"]\s*:/.test(module.text)) return undefined;
  const literals = literalsOf(module);
  const reports: Report[] = [];
  walk(module.node, (node) => {
    if (node.kind === 'Dict') {
      const wrong = judgeDict(node as Dict, literals);
      if (wrong) reports.push({ message: text`${module.quote(node as Node)} ${wrong}.`, at: node });
    }
    return undefined;
  });
  return reports;
}

function judgeDict(dict: Dict, literals: Literals): string | undefined {
  const fields = fieldsOfDict(dict);
  const effect = fields.get('Effect');
  if (!effect || literals.of(effect) !== 'Allow') return undefined;
  const principal = fields.get('Principal');
  const inner = principal?.kind === 'Dict' ? fieldsOfDict(principal).get('AWS') : principal;
  const listed = (expression: Expression | undefined) =>
    expression === undefined
      ? []
      : (literals.elementsOf(expression) ?? [expression]).map((entry) => literals.of(entry));
  return judge({
    actions: listed(fields.get('Action')),
    resources: listed(fields.get('Resource')),
    isForEverybody: !fields.has('Condition') && listed(inner).includes('*'),
  });
}
