import { code, text } from '../finding.ts';
import { ESCALATING_ACTIONS } from '../libraries/aws-actions.ts';
import type { Report, Rule } from './rule.ts';
import { actionMatches, type PolicyStatement, policyStatementsIn } from './support/policy-documents.ts';
import type { CallView, ModuleView } from './views.ts';

export const iamPrivilegeEscalation: Rule = {
  id: 'iam-privilege-escalation',
  title: 'Policy that lets its holder gain more rights',
  cwe: [269, 250],
  aspect: 'access',
  kind: 'defect',
  severity: 'high',
  rows: [95],
  summary:
    'An AWS policy that allows, on every resource and without a condition, an action by which its holder can take more rights than the policy gives: handing roles to services (`iam:PassRole`), writing or attaching policies, making keys and passwords for other users, changing who may assume a role, assuming every role, or replacing the code of functions that run with other roles; `iam:*`; and `IAMFullAccess`.',
  why: 'Whoever holds such a role is an administrator in one or two steps, whatever else the policy leaves out.',
  fix: 'Allow it on the roles, users or functions that are meant, by name; for `iam:PassRole` add the condition `iam:PassedToService`.',
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html',
    'https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/',
  ],
  roles: { test: 'quiet' },
  calls: [
    { paths: ['aws_cdk.aws_iam.ManagedPolicy.from_aws_managed_policy_name'], check: checkManagedName },
    { paths: [], names: isPolicyAttachment, check: checkManagedArn },
  ],
  on: { module: check },
  examples: {
    bad: [
      {
        title: 'AWS CDK',
        code: `
from aws_cdk import aws_iam as iam

class Deployer(Stack):
    def __init__(self, scope, id):
        super().__init__(scope, id)
        self.role.add_to_policy(iam.PolicyStatement(
            effect=iam.Effect.ALLOW,
            actions=['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'],  # report
            resources=['*'],
        ))
        self.group.add_to_policy(iam.PolicyStatement(
            actions=['iam:AttachUserPolicy'],  # report
            resources=['arn:aws:iam::123456789012:user/*'],
        ))
        self.role.add_to_policy(iam.PolicyStatement(actions=['iam:*'], resources=['*']))  # report
        self.role.add_managed_policy(iam.ManagedPolicy.from_aws_managed_policy_name('IAMFullAccess'))  # report
`,
      },
      {
        title: 'boto3, as dictionary and as JSON',
        code: `
import json
import boto3

iam = boto3.client('iam')

def build(role):
    iam.put_role_policy(RoleName=role, PolicyName='deploy', PolicyDocument=json.dumps({
        'Version': '2012-10-17',
        'Statement': [
            {
                'Effect': 'Allow',
                'Action': [
                    'lambda:GetFunction',
                    'lambda:UpdateFunctionCode',  # report
                ],
                'Resource': '*',
            },
            {'Effect': 'Allow', 'Action': 'iam:Create*', 'Resource': '*'},  # report
            {'Effect': 'Allow', 'Action': 'sts:AssumeRole', 'Resource': 'arn:aws:iam::*:role/*'},  # report
        ],
    }))

def keys(user):
    iam.put_user_policy(UserName=user, PolicyName='keys', PolicyDocument='{"Statement": [{"Effect": "Allow", "Action": ["iam:CreateAccessKey"], "Resource": "*"}]}')  # report
    iam.attach_user_policy(UserName=user, PolicyArn='arn:aws:iam::aws:policy/IAMFullAccess')  # report
`,
      },
      {
        title: 'awacs',
        code: `
from awacs.aws import Action, Allow, Statement
import awacs.iam

STATEMENTS = [
    Statement(Effect=Allow, Action=[awacs.iam.PassRole], Resource=['*']),  # report
    Statement(Effect=Allow, Action=[Action('iam', 'PutRolePolicy')], Resource=['*']),  # report
]
`,
      },
    ],
    good: [
      {
        title: 'on resources by name, or with a condition',
        code: `
from aws_cdk import aws_iam as iam

def grant(self, task_role, function):
    self.role.add_to_policy(iam.PolicyStatement(
        actions=['iam:PassRole'], resources=[task_role.role_arn]))
    self.role.add_to_policy(iam.PolicyStatement(
        actions=['iam:PassRole'], resources=['*'],
        conditions={'StringEquals': {'iam:PassedToService': 'ecs-tasks.amazonaws.com'}}))
    self.role.add_to_policy(iam.PolicyStatement(
        actions=['lambda:UpdateFunctionCode'], resources=[function.function_arn]))
    self.role.add_to_policy(iam.PolicyStatement(
        actions=['iam:GetRole', 'iam:List*', 'iam:SimulatePrincipalPolicy'], resources=['*']))
    self.role.add_to_policy(iam.PolicyStatement(
        effect=iam.Effect.DENY, actions=['iam:*'], resources=['*']))
    self.role.add_to_policy(iam.PolicyStatement(
        actions=['sts:AssumeRole'], resources=['arn:aws:iam::*:role/cdk-*']))
`,
      },
      {
        title: 'the trust policy of a role, and a list of names',
        code: `
TRUST = {'Statement': [{'Effect': 'Allow', 'Principal': {'Service': 'ec2.amazonaws.com'}, 'Action': 'sts:AssumeRole'}]}
DANGEROUS = ['iam:PassRole', 'iam:CreateAccessKey']

def is_dangerous(statement):
    return statement['Effect'] == 'Allow' and statement['Action'] in DANGEROUS and statement['Resource'] == '*'
`,
      },
    ],
  },
};

function check(module: ModuleView): readonly Report[] | undefined {
  return policyStatementsIn(module).flatMap((statement) => judge(statement) ?? []);
}

function judge(statement: PolicyStatement): Report | undefined {
  if (statement.effect !== 'Allow' || statement.principals || statement.condition === 'narrowing')
    return undefined;
  if (!statement.resources?.some(({ value }) => isEveryIdentity(value))) return undefined;
  for (const { value, at } of statement.actions ?? []) {
    // `*` is told of by wide-iam-policy.
    if (value === undefined || value === '*' || value === '*:*') continue;
    if (/^(lambda|glue|sts):\*$/i.test(value)) continue;
    const found = ESCALATING_ACTIONS.find(([action]) => actionMatches(value, action));
    if (found) {
      return {
        message: text`With ${code(value)} on every resource, whoever has this policy can ${
          value === 'iam:*' ? 'give themselves any right' : found[1]
        }.`,
        at,
      };
    }
  }
  return undefined;
}

/** `*`, `arn:aws:iam::123456789012:role/*`, `arn:aws:lambda:*:*:function:*` */
function isEveryIdentity(resource: string | undefined): boolean {
  return (
    resource !== undefined &&
    /^(\*|arn:[^:]*:iam::[^:]*:((role|user|group|policy)\/)?\*|arn:[^:]*:lambda:[^:]*:[^:]*:(function:)?\*)$/.test(
      resource,
    )
  );
}

function checkManagedName(call: CallView): Report | undefined {
  return call.argument(0, 'managed_policy_name')?.constant === 'IAMFullAccess' ? fullAccess(call) : undefined;
}

function isPolicyAttachment(name: string): boolean {
  return /^attach_(role|user|group)_policy$|PolicyAttachment$/.test(name);
}

function checkManagedArn(call: CallView): Report | undefined {
  const arn = call.argument(undefined, 'PolicyArn') ?? call.argument(undefined, 'policy_arn');
  return /^arn:aws[\w-]*:iam::aws:policy\/IAMFullAccess$/.test(String(arn?.constant ?? ''))
    ? fullAccess(call)
    : undefined;
}

function fullAccess(call: CallView): Report {
  return {
    message: text`${call.quote(call.node)} lets its holder give themselves any right of the account.`,
    at: call.node,
    fix: { text: ['Attach a policy with the actions and resources that are needed.'] },
  };
}
