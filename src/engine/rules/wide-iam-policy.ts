import { code, type RichText, text } from '../finding.ts';
import { DATA_ACTIONS } from '../libraries/aws-actions.ts';
import type { Node } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { hasWebsite, keywordOf } from './support/cloud-settings.ts';
import { googleGrantsIn } from './support/google-grants.ts';
import {
  actionMatches,
  isEveryResource,
  type PolicyEntry,
  type PolicyStatement,
  policyStatementsIn,
} from './support/policy-documents.ts';
import type { CallView, ModuleView, ValueView } from './views.ts';

export const wideIamPolicy: Rule = {
  id: 'wide-iam-policy',
  title: 'Policy that allows too much',
  cwe: [284, 732, 668],
  aspect: 'access',
  kind: 'defect',
  severity: 'high',
  rows: [94],
  summary:
    "An AWS policy that allows everybody (`Principal: '*'` without a condition that narrows it), every action (`*`, `NotAction`), a whole service on every resource (`s3:*` on `*`), or secrets, keys and data of every resource; `AdministratorAccess`; and the basic roles `owner` and `editor`, or `allUsers`, in Google Cloud. Read from dictionaries, JSON, AWS CDK, awacs, Pulumi and boto3. Other writing actions on `*` are quiet advisories; reading of metadata, logs and metrics, which often cannot be narrowed, is not reported.",
  why: 'Whoever gets hold of the role, by a bug in the program that has it or by leaked credentials, can do all that the policy allows, not just what the program needs; a policy for everybody needs no credentials at all.',
  fix: 'List the actions that are needed and the resources that they are needed on; name the principals, or narrow them with a condition such as `aws:PrincipalOrgID`.',
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html',
    'https://cloud.google.com/iam/docs/roles-overview#basic',
  ],
  roles: { test: 'quiet' },
  calls: [
    { paths: ['aws_cdk.aws_iam.ManagedPolicy.from_aws_managed_policy_name'], check: checkManagedName },
    {
      paths: [],
      names: isAttachment,
      libraries: ['troposphere', 'pulumi_aws', 'aws_cdk'],
      check: checkManagedArn,
    },
    { paths: ['aws_cdk.aws_iam.Role'], check: checkTrust },
    { paths: [], names: isGrant, check: checkGrant },
  ],
  on: { module: check },
  examples: {
    bad: [
      {
        title: 'AWS CDK',
        code: `
from aws_cdk import aws_iam as iam, aws_s3 as s3

class Service(Stack):
    def __init__(self, scope, id, **options):
        super().__init__(scope, id, **options)
        self.bucket = s3.Bucket(self, 'Data')
        self.role.add_to_policy(iam.PolicyStatement(
            effect=iam.Effect.ALLOW,
            actions=['*'],  # report
            resources=['*'],
        ))
        self.function.add_to_role_policy(iam.PolicyStatement(
            actions=['dynamodb:*', 'logs:PutLogEvents'],  # report
            resources=['*'],
        ))
        self.bucket.add_to_resource_policy(iam.PolicyStatement(
            actions=['s3:PutObject'],
            resources=[self.bucket.arn_for_objects('*')],
            principals=[iam.AnyPrincipal()],  # report
        ))
        iam.Role(self, 'Open', assumed_by=iam.AnyPrincipal())  # report
        self.bucket.grant_put(iam.AnyPrincipal())  # report
        statement = iam.PolicyStatement(effect=iam.Effect.ALLOW)
        statement.add_actions('*')  # report
        statement.add_all_resources()
        self.role.add_managed_policy(
            iam.ManagedPolicy.from_aws_managed_policy_name('AdministratorAccess'))  # report
`,
      },
      {
        title: 'boto3, as dictionary and as JSON',
        code: `
import json
import boto3

ACTIONS = ['s3:*']

def build(role, bucket):
    iam = boto3.client('iam')
    document = {
        'Version': '2012-10-17',
        'Statement': [{'Effect': 'Allow', 'Action': ACTIONS, 'Resource': 'arn:aws:s3:::*'}],  # report
    }
    iam.put_role_policy(RoleName=role, PolicyName='data', PolicyDocument=json.dumps(document))
    iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps({
        'Statement': [{
            'Effect': 'Allow',
            'Principal': {'AWS': '*'},  # report
            'Action': 'sts:AssumeRole',
        }],
    }))
    boto3.client('s3').put_bucket_policy(
        Bucket=bucket,
        Policy='{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}')  # report
    iam.attach_role_policy(RoleName=role, PolicyArn='arn:aws:iam::aws:policy/AdministratorAccess')  # report
`,
      },
      {
        title: 'secrets and keys of every resource, all but some actions',
        code: `
POLICY = {
    'Statement': [
        {
            'Effect': 'Allow',
            'Action': ['secretsmanager:GetSecretValue', 'kms:Decrypt'],
            'Resource': '*',  # report
        },
        {
            'Effect': 'Allow',
            'NotAction': 'iam:*',  # report
            'Resource': '*',
        },
    ],
}
`,
      },
      {
        title: 'awacs and Pulumi',
        code: `
import json
import pulumi_aws as aws
from awacs.aws import Action, Allow, PolicyDocument, Principal, Statement

DOCUMENT = PolicyDocument(Statement=[
    Statement(Effect=Allow, Action=[Action('s3', '*')], Resource=['*']),  # report
    Statement(Effect=Allow, Action=[Action('sqs', 'SendMessage')], Resource=['*'], Principal=Principal('*')),  # report
])

policy = aws.iam.get_policy_document(statements=[
    aws.iam.GetPolicyDocumentStatementArgs(actions=['*'], resources=['*']),  # report
])

aws.iam.Role('ci', assume_role_policy=policy.json, managed_policy_arns=['arn:aws:iam::aws:policy/AdministratorAccess'])  # report

def bucket_policy(bucket):
    return bucket.arn.apply(lambda arn: json.dumps({
        'Statement': [{'Effect': 'Allow', 'Principal': '*', 'Action': ['s3:DeleteObject'], 'Resource': [f'{arn}/*']}],  # report
    }))
`,
      },
      {
        title: 'Google Cloud',
        code: `
import pulumi_gcp as gcp
from google.cloud.bigquery import AccessEntry

def grant(policy, project):
    policy['bindings'].append({
        'role': 'roles/pubsub.publisher',
        'members': ['allUsers'],  # report
    })
    policy.bindings.add(role='roles/pubsub.viewer', members=['allAuthenticatedUsers'])  # report
    AccessEntry('READER', 'specialGroup', 'allAuthenticatedUsers')  # report
    AccessEntry(role='READER', entity_type='iamMember', entity_id='allUsers')  # report
    AccessEntry(role='READER', entity_type='userByEmail', entity_id='ana@example.org')
    gcp.projects.IAMMember('all', project=project, role='roles/owner', member='serviceAccount:ci@x.iam.gserviceaccount.com')  # report
`,
      },
      {
        title: 'writing to every resource',
        kind: 'advisory',
        code: `
POLICY = {
    'Statement': {'Effect': 'Allow', 'Action': ['ec2:TerminateInstances'], 'Resource': '*'},  # report
}
`,
      },
      {
        title: 'the pages of a website',
        kind: 'advisory',
        code: `
import json
import boto3

s3 = boto3.client('s3')

def publish(bucket):
    s3.put_bucket_website(Bucket=bucket, WebsiteConfiguration={'IndexDocument': {'Suffix': 'index.html'}})
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({'Statement': [
        {'Effect': 'Allow', 'Principal': '*', 'Action': 's3:GetObject', 'Resource': f'arn:aws:s3:::{bucket}/*'},  # report
    ]}))
`,
      },
    ],
    good: [
      {
        title: 'actions and resources by name',
        code: `
from aws_cdk import aws_iam as iam

def grant(self, bucket, table):
    self.role.add_to_policy(iam.PolicyStatement(
        actions=['s3:GetObject'], resources=[bucket.arn_for_objects('*')]))
    self.role.add_to_policy(iam.PolicyStatement(
        actions=['dynamodb:*'], resources=[table.table_arn]))
    self.role.add_to_policy(iam.PolicyStatement(
        actions=['logs:*', 'cloudwatch:PutMetricData', 'ec2:Describe*', 'ecr:GetAuthorizationToken'], resources=['*']))
    bucket.add_to_resource_policy(iam.PolicyStatement(
        effect=iam.Effect.DENY, actions=['s3:*'], resources=['*'], principals=[iam.AnyPrincipal()]))
    self.key.add_to_resource_policy(iam.PolicyStatement(
        actions=['kms:*'], resources=['*'], principals=[iam.AccountRootPrincipal()]))
    self.role.add_managed_policy(iam.ManagedPolicy.from_aws_managed_policy_name('AmazonS3ReadOnlyAccess'))
    bucket.grant_read(self.role)
    iam.Role(self, 'Task', assumed_by=iam.ServicePrincipal('ecs-tasks.amazonaws.com'))
    iam.Role(self, 'Org', assumed_by=iam.AnyPrincipal().with_conditions({'StringEquals': {'aws:PrincipalOrgID': 'o-1'}}))
`,
      },
      {
        title: 'everybody, narrowed by a condition',
        code: `
def policy(topic, bucket):
    return {
        'Statement': [
            {
                'Effect': 'Allow', 'Principal': {'AWS': '*'}, 'Action': 'sns:Publish', 'Resource': topic,
                'Condition': {'ArnLike': {'aws:SourceArn': bucket}},
            },
            {
                'Effect': 'Deny', 'Principal': '*', 'Action': 's3:*', 'Resource': '*',
                'Condition': {'Bool': {'aws:SecureTransport': 'false'}},
            },
        ],
    }
`,
      },
      {
        title: 'the trust of a service, the answer of an authorizer, unknown values',
        code: `
TRUST = {
    'Statement': [{
        'Effect': 'Allow',
        'Principal': {'Service': 'lambda.amazonaws.com'},
        'Action': 'sts:AssumeRole',
    }],
}

def authorize(event, actions, resources):
    return {
        'principalId': 'user',
        'policyDocument': {
            'Statement': [{'Action': 'execute-api:Invoke', 'Effect': 'Allow', 'Resource': '*'}],
        },
    }

def statement(actions, resources):
    return {'Effect': 'Allow', 'Action': actions, 'Resource': resources}
`,
      },
      {
        title: 'policies that only narrow',
        code: `
from aws_cdk import aws_iam as iam

def build(s3_endpoint, client):
    s3_endpoint.add_to_policy(iam.PolicyStatement(
        principals=[iam.AnyPrincipal()], actions=['*'], resources=['*']))
    client.create_vpc_endpoint(VpcId='v', PolicyDocument='{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}')
    permissions_boundary = {'Statement': [{'Effect': 'Allow', 'Action': '*', 'Resource': '*'}]}
    return permissions_boundary
`,
      },
    ],
  },
};

/** Services whose actions cannot be narrowed to a resource, or do little harm. */
const HARMLESS_SERVICES =
  /^(logs|cloudwatch|xray|tag|ce|pricing|sts|iam|execute-api|ec2messages|ssmmessages|autoscaling-plans|health|trustedadvisor|support|polly|rekognition|comprehend|textract|translate|transcribe|bedrock|mediaconvert|access-analyzer|cur|budgets|resource-groups|servicequotas|ses|applicationinsights|synthetics|elasticloadbalancing|devicefarm|freertos|mobiletargeting|ecr-public|cognito-sync|appmesh)$/i;

const READING =
  /^[\w-]+:(Describe|List|Get|BatchGet|Lookup|Search|Head|View|Check|Estimate|Preview|Validate)/i;

function check(module: ModuleView): readonly Report[] | undefined {
  const statements = policyStatementsIn(module);
  // `Allow *` with a `Deny` for all but some is a way to narrow.
  const isNarrowed = statements.some(
    ({ effect, condition }) => effect === 'Deny' && condition === 'narrowing',
  );
  const reports = statements.flatMap((statement): Report[] => {
    if (statement.effect !== 'Allow') return [];
    const report = statement.principals
      ? isNarrowed
        ? undefined
        : judgeResourcePolicy(module, statement)
      : judgeIdentityPolicy(module, statement);
    return report ? [report] : [];
  });
  return [...reports, ...googleGrants(module)];
}

/** A policy that hangs on a resource and says who may use it. */
function judgeResourcePolicy(module: ModuleView, statement: PolicyStatement): Report | undefined {
  const everybody = statement.principals?.find(({ value }) => value === '*');
  if (!everybody || statement.condition === 'narrowing') return undefined;
  const first = statement.actions?.[0]?.value;
  // Inside a VPC, a search domain is guarded by its security groups.
  if (first?.startsWith('es:') && /vpc_?options/i.test(module.text)) return undefined;
  const isReadOnly = statement.actions?.every(
    ({ value }) => value !== undefined && /^(s3:(GetObject\w*|ListBucket)|execute-api:Invoke)$/i.test(value),
  );
  const action = first === undefined ? 'what it lists' : first;
  return {
    // A public API may check its callers by an authorizer.
    kind: isReadOnly && (hasWebsite(module) || first?.startsWith('execute-api:')) ? 'advisory' : 'defect',
    severity: isReadOnly ? 'medium' : 'high',
    message: text`${quoted(module, everybody.at, 'The policy')} allows everybody ${
      first === undefined ? action : code(action)
    }, without a condition that says who.`,
    at: everybody.at,
    fix: {
      text: text`Name the accounts, roles or services that need it, or add a condition such as ${code('aws:PrincipalOrgID')} or ${code('aws:SourceArn')}.`,
    },
  };
}

/** A policy of a user, group or role. */
function judgeIdentityPolicy(module: ModuleView, statement: PolicyStatement): Report | undefined {
  const { actions, notActions, resources, condition } = statement;
  if (condition === 'narrowing') return undefined;
  const everyAction = actions?.find(({ value }) => value === '*' || value === '*:*');
  const everyResource = resources?.find(({ value }) => isEveryResource(value));
  if (everyAction) {
    return {
      severity: everyResource ? 'high' : 'medium',
      message: text`${quoted(module, everyAction.at, 'The policy')} allows every action${
        everyResource ? ' on every resource' : ''
      }.`,
      at: everyAction.at,
    };
  }
  if (!everyResource) return undefined;
  const except = notActions?.[0];
  if (except) {
    return {
      message: text`${quoted(module, except.at, 'The policy')} under ${code('NotAction')} allows every other action on every resource.`,
      at: except.at,
      fix: { text: text`List the actions that are needed under ${code('Action')}.` },
    };
  }
  return judgeActions(module, actions ?? [], everyResource);
}

function judgeActions(
  module: ModuleView,
  actions: readonly PolicyEntry[],
  everyResource: PolicyEntry,
): Report | undefined {
  const named = actions.filter((action) => action.value !== undefined);
  const service = named.find(({ value }) => /^[\w-]+:\*$/.test(value!) && !isHarmless(value!));
  if (service) {
    return {
      severity: 'medium',
      message: text`${quoted(module, service.at, 'The policy')} allows everything of ${code(service.value!.split(':')[0]!)} on every resource.`,
      at: service.at,
    };
  }
  const sensitive = named.find(({ value }) => DATA_ACTIONS.some((action) => actionMatches(value!, action)));
  if (sensitive) {
    return {
      severity: 'medium',
      message: text`${quoted(module, everyResource.at, 'The policy')} allows ${code(sensitive.value!)} on every resource.`,
      at: everyResource.at,
      fix: { text: text`Name the resources that ${code(sensitive.value!)} is needed on.` },
    };
  }
  const writing = named.find(({ value }) => !READING.test(value!) && !isHarmless(value!));
  return (
    writing && {
      kind: 'advisory',
      severity: 'low',
      quiet: true,
      message: text`${quoted(module, everyResource.at, 'The policy')} allows ${code(writing.value!)} on every resource.`,
      at: everyResource.at,
    }
  );
}

function isHarmless(action: string): boolean {
  return HARMLESS_SERVICES.test(action.split(':')[0]!);
}

/** Who may do what in Google Cloud; buckets and functions have rules of their own. */
function googleGrants(module: ModuleView): readonly Report[] {
  return googleGrantsIn(module).flatMap(({ role, everybody, at }): readonly Report[] => {
    if (/^roles\/(storage|run|cloudfunctions)\./.test(role)) return [];
    if (everybody === undefined && !/^roles\/(owner|editor)$/.test(role)) return [];
    return [
      {
        message: text`${module.quote(at)} gets ${code(role)}${everybody === undefined ? ', which allows nearly everything in the project' : ', so everybody has it'}.`,
        at,
        fix: {
          text: [
            everybody === undefined
              ? 'Grant the predefined roles that are needed, or one of your own.'
              : 'Name the accounts that need it.',
          ],
        },
      },
    ];
  });
}

/** The code itself, or words where it is a whole JSON text. */
function quoted(module: ModuleView, at: Node, words: string): RichText {
  return at.end - at.start > 100 ? [words] : [module.quote(at)];
}

function isEverybody(value: ValueView | undefined): boolean {
  if (/^aws_cdk\.aws_iam\.(AnyPrincipal|StarPrincipal|Anyone)$/.test(value?.type ?? '')) return true;
  const isNamed = /^aws_cdk\.aws_iam\.(ArnPrincipal|AccountPrincipal)$/.test(value?.type ?? '');
  return isNamed && value?.madeBy?.argument(0)?.constant === '*';
}

/** https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.aws_iam/Role.html */
function checkTrust(call: CallView): Report | undefined {
  const at = call.argumentNode(undefined, 'assumed_by');
  if (!at || !isEverybody(call.argument(undefined, 'assumed_by'))) return undefined;
  return {
    message: text`${call.quote(at)} lets every account assume the role.`,
    at,
    fix: { text: ['Name the service, account or role that is to assume it.'] },
  };
}

/** `bucket.grant_read(iam.AnyPrincipal())`, `function.add_permission('all', principal=iam.AnyPrincipal())` */
function isGrant(name: string): boolean {
  return /^grant(_\w+)?$|^add_permission$/.test(name);
}

function checkGrant(call: CallView): Report | undefined {
  const at = call.argumentNode(0, 'identity') ?? call.argumentNode(undefined, 'principal');
  const who = call.name === 'add_permission' ? call.argument(undefined, 'principal') : call.argument(0);
  if (!at || !isEverybody(who)) return undefined;
  return {
    kind: call.name === 'grant_read' && hasWebsite(call.module) ? 'advisory' : 'defect',
    message: text`${call.quote(call.node)} grants it to everybody.`,
    at: call.node,
    fix: { text: ['Name the accounts, roles or services that need it.'] },
  };
}

function checkManagedName(call: CallView): Report | undefined {
  return call.argument(0, 'managed_policy_name')?.constant === 'AdministratorAccess'
    ? administrator(call)
    : undefined;
}

const ADMINISTRATOR = /^arn:aws[\w-]*:iam::aws:policy\/AdministratorAccess$/;

/** By ARN: of an attachment, or in the list that a role is made with. */
function isAttachment(name: string): boolean {
  return /^attach_(role|user|group)_policy$|PolicyAttachment$/.test(name);
}

function checkManagedArn(call: CallView): Report | undefined {
  const isRole = /^(troposphere|pulumi_aws|aws_cdk)\b.*\.(Cfn)?(Role|User|Group)$/.test(call.callee);
  const arns = isAttachment(call.name)
    ? [keywordOf(call, 'PolicyArn', 'policy_arn')?.value]
    : isRole
      ? (keywordOf(call, 'ManagedPolicyArns', 'managed_policy_arns')?.value.elements ?? [])
      : [];
  return arns.some((arn) => ADMINISTRATOR.test(String(arn?.constant ?? '')))
    ? administrator(call)
    : undefined;
}

function administrator(call: CallView): Report {
  return {
    message: text`${call.quote(call.node)} allows every action on every resource of the account.`,
    at: call.node,
    fix: { text: ['Attach a policy with the actions and resources that are needed.'] },
  };
}
