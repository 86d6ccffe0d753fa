import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import {
  cloudLibraryOf,
  hasWebsite,
  isAwsCall,
  isCloudLibrary,
  isOff,
  isOn,
  keywordOf,
} from './support/cloud-settings.ts';
import { googleGrantsIn } from './support/google-grants.ts';
import type { CallView, ModuleView, ValueView } from './views.ts';

export const publicCloudStorage: Rule = {
  id: 'public-cloud-storage',
  title: 'Cloud storage open to everybody',
  cwe: [732, 284, 668],
  aspect: 'access',
  kind: 'defect',
  severity: 'high',
  rows: [94],
  summary:
    "Buckets, containers and snapshots that everybody may read or write: S3's canned access lists `public-read`, `public-read-write` and `authenticated-read`, `public_read_access=True`, `grant_public_access()`, a public access block that is switched off or deleted; snapshots and images shared with every account; Google Cloud Storage's `make_public`, `publicRead` and roles for `allUsers`; Azure's public containers and `allow_blob_public_access=True`; Swift's `.r:*`. In boto3, AWS CDK, Pulumi, troposphere, google-cloud-storage, azure-mgmt-storage and openstacksdk. A single public object, or a bucket beside the settings of a website, is an advisory.",
  why: 'Such storage is found by name within hours; what is written to it later, by people who do not know, is public too.',
  fix: 'Keep the bucket private with the public access block on, and hand out single objects by presigned URLs or through a CDN that has access of its own.',
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl',
    'https://cloud.google.com/storage/docs/public-access-prevention',
    'https://learn.microsoft.com/en-us/azure/storage/blobs/anonymous-read-access-prevent',
  ],
  roles: { test: 'quiet' },
  calls: [
    { paths: [], names: (name) => CLIENT_METHOD.test(name), libraries: isCloudLibrary, check },
    { paths: ['aws_cdk.aws_s3.Bucket.grant_public_access'], check: checkGrant },
    { paths: [], names: ['grant_read', 'grant_write', 'grant_owner'], check: checkAcl },
    { paths: ['google.cloud.storage.Bucket.make_public'], check: (call) => open(call) },
    { paths: ['google.cloud.storage.Blob.make_public'], check: (call) => open(call, 'advisory') },
    {
      paths: [
        'azure.storage.blob.BlobServiceClient.create_container',
        'azure.storage.blob.ContainerClient.create_container',
        'azure.storage.blob.ContainerClient.set_container_access_policy',
        'azure.mgmt.storage.models.BlobContainer',
        'pulumi_azure_native.storage.BlobContainer',
        'pulumi_azure.storage.Container',
      ],
      check: checkAzureContainer,
    },
  ],
  on: { module: checkGrants },
  examples: {
    bad: [
      {
        title: 'boto3',
        code: `
import boto3

BLOCK = {'BlockPublicAcls': False, 'IgnorePublicAcls': False, 'BlockPublicPolicy': False, 'RestrictPublicBuckets': False}

class Publisher:
    def __init__(self, client):
        self.client = client
        self.s3 = boto3.resource('s3')

    def publish(self, bucket, account):
        boto3.client('s3').put_bucket_acl(Bucket=bucket, ACL='public-read')  # report
        self.client.create_bucket(Bucket=bucket, ACL='public-read-write')  # report
        self.s3.BucketAcl(bucket).put(ACL='authenticated-read')  # report
        self.s3.Bucket(bucket).Acl().put(ACL='public-read')  # report
        self.client.put_bucket_acl(Bucket=bucket, GrantRead='uri="http://acs.amazonaws.com/groups/global/AllUsers"')  # report
        self.client.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=BLOCK)  # report

def share(ec2, rds, snapshot):
    ec2.modify_snapshot_attribute(SnapshotId=snapshot, Attribute='createVolumePermission', OperationType='add', GroupNames=['all'])  # report
    rds.modify_db_snapshot_attribute(DBSnapshotIdentifier=snapshot, AttributeName='restore', ValuesToAdd=['all'])  # report
    ec2.modify_image_attribute(ImageId='ami-1', LaunchPermission={'Add': [{'Group': 'all'}]})  # report
`,
      },
      {
        title: 'AWS CDK',
        code: `
from aws_cdk import aws_s3 as s3, core

class Storage(core.Stack):
    def __init__(self, scope, id):
        super().__init__(scope, id)
        s3.Bucket(self, 'A', public_read_access=True)  # report
        s3.Bucket(self, 'B', access_control=s3.BucketAccessControl.PUBLIC_READ_WRITE)  # report
        s3.Bucket(self, 'C', block_public_access=s3.BlockPublicAccess(block_public_policy=False))  # report
        bucket = s3.Bucket(self, 'D')
        bucket.grant_public_access()  # report
        s3.CfnBucket(self, 'E', access_control='PublicRead')  # report
        s3.CfnBucket(self, 'F', public_access_block_configuration=s3.CfnBucket.PublicAccessBlockConfigurationProperty(block_public_acls=False))  # report
`,
      },
      {
        title: 'Pulumi and troposphere',
        code: `
import pulumi_aws as aws
import pulumi_gcp as gcp
from pulumi_azure_native import storage
from troposphere.s3 import Bucket, PublicRead, PublicAccessBlockConfiguration

data = aws.s3.BucketV2('data')
aws.s3.BucketAclV2('acl', bucket=data.id, acl='public-read')  # report
aws.s3.BucketPublicAccessBlock('block', bucket=data.id, block_public_acls=False, block_public_policy=True)  # report
old = aws.s3.Bucket('old', acl=aws.s3.CannedAcl.PUBLIC_READ)  # report
template = Bucket('S3Bucket', AccessControl=PublicRead)  # report
block = PublicAccessBlockConfiguration(BlockPublicAcls=False)  # report
gcp.storage.BucketIAMBinding('read', bucket='b', role='roles/storage.objectViewer', members=['allUsers'])  # report
gcp.storage.BucketAccessControl('acl', bucket='b', role='READER', entity='allUsers')  # report
account = storage.StorageAccount('sa', allow_blob_public_access=True)  # report
`,
      },
      {
        title: 'Google and Azure clients',
        code: `
from azure.mgmt.storage import StorageManagementClient
from azure.mgmt.storage.models import StorageAccountCreateParameters
from azure.storage.blob import BlobServiceClient, PublicAccess
from google.cloud import storage

def open_bucket(name, connection, sku):
    client = storage.Client()
    bucket = client.bucket(name)
    bucket.make_public(recursive=True, future=True)  # report
    policy = bucket.get_iam_policy(requested_policy_version=3)
    policy.bindings.append({'role': 'roles/storage.objectViewer', 'members': {'allUsers'}})  # report
    bucket.set_iam_policy(policy)
    bucket.acl.all().grant_read()  # report
    bucket.acl.user('a@example.org').grant_read()
    client.create_bucket('other', predefined_acl='publicRead')  # report
    service = BlobServiceClient.from_connection_string(connection)
    service.create_container('images', public_access=PublicAccess.Container)  # report
    accounts = StorageManagementClient(connection, 's').storage_accounts
    accounts.begin_create('group', 'a', {'sku': sku, 'allow_blob_public_access': True})  # report
    return StorageAccountCreateParameters(sku=sku, kind='StorageV2', location='westeurope', allow_blob_public_access=True)  # report
`,
      },
      {
        title: 'OpenStack',
        code: `
import openstack

def publish(conn, swift):
    openstack.connect().create_container('images', public=True)  # report
    conn.create_container('images', public=True)  # report
    conn.set_container_access('images', 'public')  # report
    swift.post_container('images', headers={'X-Container-Read': '.r:*,.rlistings'})  # report
`,
      },
      {
        title: 'one object, or the way to it',
        kind: 'advisory',
        code: `
import boto3
from google.cloud import storage

def publish(path, body):
    s3 = boto3.client('s3')
    s3.put_object(Bucket='media', Key='logo.png', Body=body, ACL='public-read')  # report
    s3.upload_file(path, 'media', 'logo.png', ExtraArgs={'ACL': 'public-read'})  # report
    boto3.resource('s3').Object('media', 'logo.png').put(Body=body, ACL='public-read')  # report
    storage.Client().bucket('media').blob('logo.png').make_public()  # report
    s3.delete_public_access_block(Bucket='media')  # report
`,
      },
      {
        title: 'the pages of a website',
        kind: 'advisory',
        code: `
from aws_cdk import aws_s3 as s3

def build(self):
    s3.Bucket(self, 'Site', website_index_document='index.html', public_read_access=True)  # report
`,
      },
    ],
    good: [
      {
        title: 'private, or for chosen ones',
        code: `
import boto3
from aws_cdk import aws_s3 as s3
from azure.mgmt.storage.models import StorageAccountCreateParameters
from google.cloud import storage

def build(self, acl, options, sku):
    s3.Bucket(self, 'A', public_read_access=False, block_public_access=s3.BlockPublicAccess.BLOCK_ALL)
    s3.Bucket(self, 'B', access_control=s3.BucketAccessControl.LOG_DELIVERY_WRITE)
    s3.BlockPublicAccess(block_public_acls=True, block_public_policy=True)
    client = boto3.client('s3')
    client.put_bucket_acl(Bucket='b', ACL='private')
    client.put_object(Bucket='b', Key='k', Body=b'', ACL='bucket-owner-full-control')
    client.put_object(Bucket='b', Key='k', Body=b'', ACL=acl)
    client.put_public_access_block(Bucket='b', PublicAccessBlockConfiguration={
        'BlockPublicAcls': True, 'IgnorePublicAcls': True, 'BlockPublicPolicy': True, 'RestrictPublicBuckets': True})
    client.create_bucket(**options)
    boto3.client('rds').modify_db_snapshot_attribute(
        DBSnapshotIdentifier='s', AttributeName='restore', ValuesToAdd=['123456789012'])
    self.conn.create_container('c', public=False)
    self.conn.set_container_access('c', 'private')
    self.swift.post_container('c', headers={'X-Container-Read': '.r:example.org'})
    policy = storage.Client().bucket('b').get_iam_policy()
    policy.bindings.append({'role': 'roles/storage.objectViewer', 'members': {'user:a@example.org'}})
    return StorageAccountCreateParameters(sku=sku, kind='StorageV2', location='x', allow_blob_public_access=False)
`,
      },
      {
        title: 'taking rights away, and words alone',
        code: `
def close(policy, ec2, snapshot):
    for binding in policy.bindings:
        binding['members'].discard('allUsers')
    ec2.modify_snapshot_attribute(
        SnapshotId=snapshot, Attribute='createVolumePermission', OperationType='remove', GroupNames=['all'])

ACLS = ['private', 'public-read', 'public-read-write']
`,
      },
    ],
  },
};

const PUBLIC_ACL = /^(public-?read(-?write)?|authenticated-?read|PublicRead(Write)?|AuthenticatedRead)$/i;
const EVERYBODY_GROUP = 'http://acs.amazonaws.com/groups/global/';

const BLOCKS = [
  'block_public_acls',
  'block_public_policy',
  'ignore_public_acls',
  'restrict_public_buckets',
  'BlockPublicAcls',
  'BlockPublicPolicy',
  'IgnorePublicAcls',
  'RestrictPublicBuckets',
];

/** How the names of the clients' methods begin that checkClient tells apart. */
const CLIENT_METHOD = /^(put|post|set|create|copy|upload|delete|modify|begin)(_|$)/;

function check(call: CallView): Report | undefined {
  const isClient =
    isAwsCall(call) || call.name === 'begin_create' || /^(openstack|swiftclient)\./.test(call.callee);
  return isClient && call.node.func.kind === 'Attribute' ? checkClient(call) : checkResource(call);
}

/** https://boto3.amazonaws.com/v1/documentation/api/latest/reference/services/s3.html */
function checkClient(call: CallView): Report | undefined {
  switch (call.name) {
    case 'put_bucket_acl':
    case 'create_bucket':
      return publicAcl(call, call.argument(undefined, 'ACL')) ?? publicGrant(call);
    case 'put_object':
    case 'put_object_acl':
    case 'copy_object':
    case 'create_multipart_upload':
      return publicAcl(call, call.argument(undefined, 'ACL'), 'advisory');
    case 'put':
    case 'create':
      return publicAcl(
        call,
        call.argument(undefined, 'ACL'),
        /BucketAcl|\bAcl\(\)|\bAcl\b/.test(call.sourceOf(call.node.func)) || call.name === 'create'
          ? 'defect'
          : 'advisory',
      );
    case 'upload_file':
    case 'upload_fileobj':
    case 'copy':
      return publicAcl(call, call.argument(undefined, 'ExtraArgs')?.entry('ACL'), 'advisory');
    case 'begin_create': {
      const parameters = call.argument(2, 'parameters');
      const isOpen =
        isOn(parameters?.entry('allow_blob_public_access')) ||
        isOn(parameters?.entry('properties')?.entry('allowBlobPublicAccess'));
      return isOpen ? open(call) : undefined;
    }
    // https://docs.openstack.org/openstacksdk/latest/user/connection.html, swiftclient.Connection.post_container
    case 'create_container':
      return call.argument(1, 'public')?.constant === true || isReadByAll(call) ? open(call) : undefined;
    case 'set_container_access':
      return call.argument(1, 'access')?.constant === 'public' ? open(call) : undefined;
    case 'put_container':
    case 'post_container':
      return isReadByAll(call) ? open(call) : undefined;
    case 'put_public_access_block': {
      const block = call.argument(undefined, 'PublicAccessBlockConfiguration');
      const off = BLOCKS.find((name) => isOff(block?.entry(name)));
      return off ? blockOff(call, off) : undefined;
    }
    case 'delete_public_access_block':
      return call.argument(undefined, 'Bucket') || call.argument(undefined, 'AccountId')
        ? blockOff(call)
        : undefined;
    case 'modify_db_snapshot_attribute':
    case 'modify_db_cluster_snapshot_attribute':
      return names(call.argument(undefined, 'ValuesToAdd'), 'all') ? shared(call) : undefined;
    case 'modify_snapshot_attribute':
    case 'modify_image_attribute':
      return isSharedWithAll(call) ? shared(call) : undefined;
    default:
      return undefined;
  }
}

/** Classes that describe a resource. */
function checkResource(call: CallView): Report | undefined {
  const library = cloudLibraryOf(call.callee);
  if (library === undefined) return undefined;
  const off = BLOCKS.find((name) => isOff(call.argument(undefined, name)));
  if (off && /(BlockPublicAccess|PublicAccessBlock\w*|PublicAccessBlockConfiguration\w*)$/.test(call.callee))
    return blockOff(call, off);
  if (isOn(call.argument(undefined, 'public_read_access')) && library === 'cdk')
    return open(call, websiteOr(call));
  if (isOn(call.argument(undefined, 'allow_blob_public_access'))) return open(call);
  const acl =
    (/s3/.test(call.callee) ? keywordOf(call, 'access_control', 'AccessControl', 'acl') : undefined) ??
    keywordOf(call, 'predefined_acl', 'predefined_default_object_acl');
  if (acl) return publicAcl(call, acl.value, websiteOr(call));
  const entity = /storage\.\w*AccessControl$/.test(call.callee)
    ? call.argument(undefined, 'entity')
    : undefined;
  return /^all(Authenticated)?Users$/.test(String(entity?.constant ?? '')) ? open(call) : undefined;
}

function checkGrant(call: CallView): Report {
  const hasPages = call.receiver?.madeBy?.argument(undefined, 'website_index_document') !== undefined;
  return open(call, hasPages ? 'advisory' : 'defect');
}

/** https://cloud.google.com/python/docs/reference/storage/latest/google.cloud.storage.acl: `bucket.acl.all().grant_read()` */
function checkAcl(call: CallView): Report | undefined {
  const written = call.node.func.kind === 'Attribute' ? call.sourceOf(call.node.func.value) : '';
  return /\b(default_object_)?acl\.all(_authenticated)?\(\)$/.test(written)
    ? open(call, call.name === 'grant_read' && written.startsWith('blob') ? 'advisory' : 'defect')
    : undefined;
}

function checkAzureContainer(call: CallView): Report | undefined {
  const access = keywordOf(call, 'public_access', 'container_access_type')?.value;
  const level = String(access?.constant ?? access?.path?.split('.').at(-1) ?? '');
  return /^(container|blob)$/i.test(level) ? open(call) : undefined;
}

function checkGrants(module: ModuleView): readonly Report[] {
  return googleGrantsIn(module).flatMap(({ role, everybody, at }): readonly Report[] =>
    everybody !== undefined && role.startsWith('roles/storage.')
      ? [{ message: text`${module.quote(at)} gets ${code(role)}, so everybody has it.`, at }]
      : [],
  );
}

function publicAcl(
  call: CallView,
  value: ValueView | undefined,
  kind: 'defect' | 'advisory' = websiteOr(call),
): Report | undefined {
  const acl = String(value?.constant ?? value?.path?.split('.').at(-1)?.replaceAll('_', '-') ?? '');
  if (!PUBLIC_ACL.test(acl)) return undefined;
  return open(call, /write/i.test(acl) ? 'defect' : kind);
}

function publicGrant(call: CallView): Report | undefined {
  const grants = ['GrantRead', 'GrantWrite', 'GrantFullControl', 'GrantReadACP', 'GrantWriteACP'];
  const isPublic = grants.some((name) =>
    String(call.argument(undefined, name)?.constant ?? '').includes(EVERYBODY_GROUP),
  );
  const listed = call.argument(undefined, 'AccessControlPolicy')?.entry('Grants')?.elements;
  const isListed = listed?.some((grant) =>
    String(grant.entry('Grantee')?.entry('URI')?.constant ?? '').startsWith(`${EVERYBODY_GROUP}A`),
  );
  return isPublic || isListed ? open(call) : undefined;
}

/** https://docs.openstack.org/swift/latest/overview_acl.html: `.r:*` is every referrer. */
function isReadByAll(call: CallView): boolean {
  const acl =
    keywordOf(call, 'headers')?.value.entry('X-Container-Read') ??
    call.argument(1)?.entry('X-Container-Read');
  return /(^|,)\s*\.r:\*/.test(String(acl?.constant ?? ''));
}

function isSharedWithAll(call: CallView): boolean {
  if (call.argument(undefined, 'OperationType')?.constant === 'remove') return false;
  const permission = keywordOf(call, 'CreateVolumePermission', 'LaunchPermission')?.value;
  return (
    names(keywordOf(call, 'GroupNames', 'UserGroups')?.value, 'all') ||
    (permission?.entry('Add')?.elements?.some((entry) => entry.entry('Group')?.constant === 'all') ?? false)
  );
}

function names(value: ValueView | undefined, word: string): boolean {
  return value?.elements?.some((element) => element.constant === word) ?? false;
}

function websiteOr(call: CallView): 'defect' | 'advisory' {
  return hasWebsite(call.module) ? 'advisory' : 'defect';
}

function open(call: CallView, kind: 'defect' | 'advisory' = 'defect'): Report {
  return {
    kind,
    message: isObject(call)
      ? text`${call.quote(call.node)} lets everybody read the object.`
      : text`${call.quote(call.node)} opens the storage to everybody.`,
    at: call.node,
    ...(kind === 'advisory' ? { severity: 'low' as const } : {}),
  };
}

/** Whether one object is opened, not a bucket. */
function isObject(call: CallView): boolean {
  return (
    /^(put_object|put_object_acl|copy_object|create_multipart_upload|upload_file|upload_fileobj|copy)$/.test(
      call.name,
    ) || call.callee.endsWith('Blob.make_public')
  );
}

function blockOff(call: CallView, setting?: string): Report {
  return {
    kind: setting === undefined ? 'advisory' : websiteOr(call),
    severity: 'medium',
    message:
      setting === undefined
        ? text`${call.quote(call.node)} takes away what keeps the bucket from becoming public.`
        : text`${code(setting)} is off in ${call.quote(call.node.func)}, so access lists or policies can make the bucket public.`,
    at: call.node,
    fix: { text: ['Leave the public access block on, all four settings of it.'] },
  };
}

function shared(call: CallView): Report {
  return {
    message: text`${call.quote(call.node)} lets every account copy what is in it.`,
    at: call.node,
    fix: { text: ['Share it with the accounts that need it, by their numbers.'] },
  };
}
