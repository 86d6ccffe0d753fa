/**
 * Actions of AWS policies by what their holder can do:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */

/** Actions by which the holder takes more rights than the policy gives, and how. */
export const ESCALATING_ACTIONS: readonly (readonly [action: string, how: string])[] = [
  ['iam:PassRole', 'hand any role to a service that then works for them'],
  ['iam:CreatePolicyVersion', 'rewrite any policy'],
  ['iam:SetDefaultPolicyVersion', 'bring back any earlier version of a policy'],
  ['iam:CreateAccessKey', 'make keys of any user'],
  ['iam:CreateLoginProfile', 'set a password for any user'],
  ['iam:UpdateLoginProfile', 'change the password of any user'],
  ['iam:AttachUserPolicy', 'attach any policy to any user'],
  ['iam:AttachGroupPolicy', 'attach any policy to any group'],
  ['iam:AttachRolePolicy', 'attach any policy to any role'],
  ['iam:PutUserPolicy', 'write any policy for any user'],
  ['iam:PutGroupPolicy', 'write any policy for any group'],
  ['iam:PutRolePolicy', 'write any policy for any role'],
  ['iam:AddUserToGroup', 'put any user into any group'],
  ['iam:UpdateAssumeRolePolicy', 'let themselves assume any role'],
  ['sts:AssumeRole', 'assume any role that trusts the account'],
  ['lambda:UpdateFunctionCode', 'run code with the role of any function'],
  ['glue:UpdateDevEndpoint', 'run code with the role of any development endpoint'],
];

/** Actions that give away secrets or data, wherever they are allowed on everything. */
export const DATA_ACTIONS: readonly string[] = [
  'secretsmanager:GetSecretValue',
  'ssm:GetParameter',
  'ssm:GetParameters',
  'ssm:GetParametersByPath',
  'ssm:SendCommand',
  'ssm:StartSession',
  'kms:Decrypt',
  'kms:PutKeyPolicy',
  'kms:CreateGrant',
  's3:GetObject',
  's3:PutObject',
  's3:DeleteObject',
  's3:DeleteBucket',
  's3:PutBucketPolicy',
  's3:PutObjectAcl',
  'dynamodb:GetItem',
  'dynamodb:Query',
  'dynamodb:Scan',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:DeleteTable',
  'rds-db:connect',
  'rds:ModifyDBInstance',
  'rds:DeleteDBInstance',
];
