import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import type { CallView } from './views.ts';

export const cloudPublicAccess: Rule = {
  id: 'cloud-public-access',
  title: 'Cloud storage or database open to everybody',
  cwe: [284, 732],
  aspect: 'network',
  kind: 'defect',
  severity: 'high',
  rows: [94, 97],
  summary:
    "Storage, databases and interfaces that are made public: S3 access lists `public-read` and `public-read-write`, `public_read_access=True`, `grant_public_access()`, a public access block that is switched off, `publicly_accessible=True` of databases, Google's `make_public()` and `allUsers`, Azure's public containers, API methods without authorization; with boto3, AWS CDK, Pulumi, google-cloud-storage and azure.",
  why: 'Anybody on the internet can then list, read or try to log in, and such places are searched for all the time.',
  fix: 'Keep it private, and give single objects out through signed addresses; reach databases from inside the network only.',
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
    'https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.aws_s3/Bucket.html',
    'https://cloud.google.com/storage/docs/public-access-prevention',
    'https://learn.microsoft.com/en-us/azure/storage/blobs/anonymous-read-access-prevent',
  ],
  calls: [
    {
      paths: [
        'aws_cdk.aws_s3.Bucket',
        'pulumi_aws.s3.Bucket',
        'pulumi_aws.s3.BucketV2',
        'aws_cdk.aws_s3.CfnBucket',
      ],
      check: checkBucket,
    },
    {
      paths: [
        'aws_cdk.aws_s3.BlockPublicAccess',
        'pulumi_aws.s3.BucketPublicAccessBlock',
        'aws_cdk.aws_s3.CfnBucket.PublicAccessBlockConfigurationProperty',
      ],
      check: checkBlock,
    },
    {
      paths: [
        'aws_cdk.aws_rds.DatabaseInstance',
        'aws_cdk.aws_rds.DatabaseCluster',
        'aws_cdk.aws_rds.CfnDBInstance',
        'aws_cdk.aws_dms.CfnReplicationInstance',
        'aws_cdk.aws_redshift.CfnCluster',
        'pulumi_aws.rds.Instance',
        'pulumi_aws.rds.ClusterInstance',
        'pulumi_aws.dms.ReplicationInstance',
        'pulumi_aws.redshift.Cluster',
        'troposphere.rds.DBInstance',
        'troposphere.redshift.Cluster',
      ],
      check: checkDatabase,
    },
    {
      paths: [
        'boto3.client().create_db_instance',
        'boto3.client().modify_db_instance',
        'boto3.client().create_cluster',
        'boto3.client().create_replication_instance',
      ],
      check: checkDatabase,
    },
    {
      paths: [
        'boto3.client().put_object',
        'boto3.client().put_bucket_acl',
        'boto3.client().create_bucket',
        'boto3.client().put_object_acl',
        'boto3.client().copy_object',
        'boto3.resource().Object().put',
        'boto3.resource().Bucket().put_object',
      ],
      check: checkAcl,
    },
    { paths: [], check: checkByName },
    {
      paths: [
        'google.cloud.storage.Blob.make_public',
        'google.cloud.storage.Bucket.make_public',
        'aws_cdk.aws_s3.Bucket.grant_public_access',
      ],
      check: (call) => open(call, call.name),
    },
    {
      paths: [
        'azure.storage.blob.BlobServiceClient.create_container',
        'azure.storage.blob.ContainerClient.create_container',
        'azure.storage.blob.ContainerClient.set_container_access_policy',
      ],
      check: checkAzureContainer,
    },
    {
      paths: [
        'azure.mgmt.storage.models.StorageAccountCreateParameters',
        'pulumi_azure_native.storage.StorageAccount',
      ],
      check: checkAzureAccount,
    },
    {
      paths: [
        'aws_cdk.aws_apigateway.CfnMethod',
        'aws_cdk.aws_apigatewayv2.CfnRoute',
        'aws_cdk.aws_apigateway.MethodOptions',
        'aws_cdk.aws_lambda.FunctionUrlOptions',
        'aws_cdk.aws_lambda.FunctionUrl',
      ],
      check: checkAuthorization,
    },
  ],
  examples: {
    bad: [
      {
        title: 'AWS CDK',
        code: `
from aws_cdk import aws_rds as rds, aws_s3 as s3, aws_apigateway as apigateway

def build(self, vpc, resource):
    bucket = s3.Bucket(self, 'a', public_read_access=True)  # report
    s3.Bucket(self, 'b', access_control=s3.BucketAccessControl.PUBLIC_READ_WRITE)  # report
    s3.BlockPublicAccess(block_public_acls=False)  # report
    bucket.grant_public_access()  # report
    rds.DatabaseInstance(self, 'db', engine=None, vpc=vpc, publicly_accessible=True)  # report
    apigateway.CfnMethod(self, 'm', http_method='POST', authorization_type='NONE')  # report
`,
      },
      {
        title: 'boto3',
        code: `
import boto3

def publish(body):
    s3 = boto3.client('s3')
    s3.put_bucket_acl(Bucket='a', ACL='public-read')  # report
    s3.upload_file('a', 'b', 'c', ExtraArgs={'ACL': 'public-read-write'})  # report
    boto3.client('rds').create_db_instance(DBInstanceIdentifier='a', PubliclyAccessible=True)  # report
`,
      },
      {
        title: 'Google and Azure',
        code: `
from azure.storage.blob import BlobServiceClient
from google.cloud import storage

def publish(connection):
    bucket = storage.Client().bucket('a')
    bucket.make_public()  # report
    service = BlobServiceClient.from_connection_string(connection)
    service.create_container('a', public_access='container')  # report
`,
      },
      {
        title: 'one object',
        kind: 'advisory',
        code: `
import boto3

def publish(body):
    boto3.client('s3').put_object(Bucket='a', Key='logo.png', Body=body, ACL='public-read')  # report
`,
      },
    ],
    good: [
      {
        title: 'private',
        code: `
import boto3
from aws_cdk import aws_s3 as s3, aws_rds as rds
from azure.storage.blob import BlobServiceClient

def build(self, vpc, connection, acl):
    s3.Bucket(self, 'a', block_public_access=s3.BlockPublicAccess.BLOCK_ALL)
    s3.BlockPublicAccess(block_public_acls=True)
    rds.DatabaseInstance(self, 'db', engine=None, vpc=vpc, publicly_accessible=False)
    client = boto3.client('s3')
    client.put_bucket_acl(Bucket='a', ACL='private')
    client.put_object(Bucket='a', Key='b', Body=b'', ACL=acl)
    BlobServiceClient.from_connection_string(connection).create_container('a')
`,
      },
    ],
  },
};

function open(call: CallView, what: string, kind: 'defect' | 'advisory' = 'defect'): Report {
  return {
    kind,
    message: text`${call.quote(call.node.func)} opens it to everybody (${code(what)}).`,
    at: call.node,
  };
}

const PUBLIC_ACL = /^public-read(-write)?$/;

function checkAcl(call: CallView): Report | undefined {
  const acl = call.argument(undefined, 'ACL')?.constant;
  if (typeof acl !== 'string' || !PUBLIC_ACL.test(acl)) return undefined;
  // A single object is often meant for everybody: a logo, a download.
  const isObject = /object|copy|put$/.test(call.name);
  return open(call, `ACL='${acl}'`, isObject && acl === 'public-read' ? 'advisory' : 'defect');
}

/** `upload_file(…, ExtraArgs={'ACL': …})` of any S3 client. */
function checkByName(call: CallView): Report | undefined {
  if (!/^(upload_file|upload_fileobj|copy)$/.test(call.name)) return undefined;
  const acl = call.argument(undefined, 'ExtraArgs')?.entry('ACL')?.constant;
  if (typeof acl !== 'string' || !PUBLIC_ACL.test(acl)) return undefined;
  return open(call, `ACL='${acl}'`, acl === 'public-read' ? 'advisory' : 'defect');
}

function checkBucket(call: CallView): Report | undefined {
  if (call.argument(undefined, 'public_read_access')?.isTrue) return open(call, 'public_read_access=True');
  const control = call.argument(undefined, 'access_control');
  const path = control?.path ?? '';
  if (/\.PUBLIC_READ(_WRITE)?$/.test(path)) return open(call, path.slice(path.lastIndexOf('.') + 1));
  const acl = call.argument(undefined, 'acl')?.constant;
  return typeof acl === 'string' && PUBLIC_ACL.test(acl) ? open(call, `acl='${acl}'`) : undefined;
}

function checkBlock(call: CallView): Report | undefined {
  const off = [
    'block_public_acls',
    'block_public_policy',
    'ignore_public_acls',
    'restrict_public_buckets',
  ].find((name) => call.argument(undefined, name)?.isFalse);
  return off === undefined ? undefined : open(call, `${off}=False`);
}

function checkDatabase(call: CallView): Report | undefined {
  const name = ['publicly_accessible', 'PubliclyAccessible'].find(
    (option) => call.argument(undefined, option)?.isTrue,
  );
  return name === undefined ? undefined : open(call, `${name}=True`);
}

function checkAzureContainer(call: CallView): Report | undefined {
  const access = call.argument(undefined, 'public_access');
  const value = access?.constant ?? access?.path;
  return typeof value === 'string' && /(^|\.)(container|blob)$/i.test(value)
    ? open(call, `public_access='${value}'`)
    : undefined;
}

function checkAzureAccount(call: CallView): Report | undefined {
  return call.argument(undefined, 'allow_blob_public_access')?.isTrue
    ? open(call, 'allow_blob_public_access=True', 'advisory')
    : undefined;
}

function checkAuthorization(call: CallView): Report | undefined {
  const name = call.argument(undefined, 'authorization_type') ? 'authorization_type' : 'auth_type';
  const type = call.argument(undefined, name);
  const isNone =
    type?.constant === 'NONE' || /AuthorizationType\.NONE$|FunctionUrlAuthType\.NONE$/.test(type?.path ?? '');
  const method = call.argument(undefined, 'http_method')?.constant;
  return isNone && method !== 'OPTIONS' ? open(call, `${name}=NONE`) : undefined;
}
