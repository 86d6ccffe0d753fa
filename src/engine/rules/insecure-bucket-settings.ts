import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import { cloudLibraryOf, isAwsCall, isOff, keywordOf, settingOf } from './support/cloud-settings.ts';
import type { CallView } from './views.ts';

export const insecureBucketSettings: Rule = {
  id: 'insecure-bucket-settings',
  title: 'Bucket without transport encryption, versions or a checked owner',
  cwe: [319, 16, 441],
  aspect: 'configuration',
  kind: 'advisory',
  severity: 'low',
  rows: [99],
  summary:
    'Storage that also answers over plain HTTP (a CDK bucket without `enforce_ssl=True`, an Azure storage account with `enable_https_traffic_only=False`), buckets without versions (`versioned`, `put_bucket_versioning` with `Suspended`), and S3 calls of boto3 without `ExpectedBucketOwner`. What is switched off in so many words is an advisory, for Azure a defect; what is left out is listed in the summary only.',
  why: 'Data sent over HTTP can be read and changed on the way; without versions an overwritten or deleted object is gone; and the name of a deleted bucket can be taken by somebody else, who then gets what is written to it.',
  fix: 'Set `enforce_ssl=True` and `versioned=True`, and give `ExpectedBucketOwner` the number of the account that owns the bucket.',
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html',
    'https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.aws_s3/Bucket.html',
    'https://learn.microsoft.com/en-us/azure/storage/common/storage-require-secure-transfer',
  ],
  roles: { test: 'silent', example: 'quiet' },
  calls: [
    { paths: ['aws_cdk.aws_s3.Bucket'], check: checkBucket },
    {
      paths: [],
      names: ['put_bucket_versioning', 'begin_create', 'update'],
      libraries: (name) => name === 'boto3' || name === 'azure' || name.startsWith('pulumi_'),
      check,
    },
  ],
  examples: {
    bad: [
      {
        title: 'AWS CDK',
        code: `
from aws_cdk import aws_s3 as s3

def build(self):
    s3.Bucket(self, 'A', enforce_ssl=False, versioned=True)  # report
    s3.Bucket(self, 'B', enforce_ssl=True, versioned=False)  # report
    s3.Bucket(self, 'C')  # report
`,
      },
      {
        title: 'boto3',
        code: `
import boto3

s3 = boto3.client('s3')

def store(key, body):
    s3.put_bucket_versioning(Bucket='data', VersioningConfiguration={'Status': 'Suspended'}, ExpectedBucketOwner='1')  # report
    s3.put_object(Bucket='data', Key=key, Body=body)  # report
    return s3.get_object(Bucket='data', Key=key)  # report
`,
      },
      {
        title: 'Azure over plain HTTP',
        kind: 'defect',
        code: `
from azure.mgmt.storage.models import StorageAccountCreateParameters
from pulumi_azure_native import storage

def create(client, sku, group):
    client.storage_accounts.begin_create(group, 'a', {'sku': sku, 'enable_https_traffic_only': False})  # report
    storage.StorageAccount('b', enable_https_traffic_only=False)  # report
    return StorageAccountCreateParameters(sku=sku, kind='StorageV2', location='x', enable_https_traffic_only=False)  # report
`,
      },
    ],
    good: [
      {
        title: 'set',
        code: `
import boto3
from aws_cdk import aws_s3 as s3
from azure.mgmt.storage.models import StorageAccountCreateParameters

def build(self, owner, options, sku, cache):
    s3.Bucket(self, 'A', enforce_ssl=True, versioned=True)
    s3.Bucket(self, 'B', **options)
    client = boto3.client('s3')
    client.put_object(Bucket='data', Key='k', Body=b'', ExpectedBucketOwner=owner)
    client.put_bucket_versioning(Bucket='data', VersioningConfiguration={'Status': 'Enabled'}, ExpectedBucketOwner=owner)
    client.get_object(**options)
    cache.get_object(Key='k')
    return StorageAccountCreateParameters(sku=sku, kind='StorageV2', location='x', enable_https_traffic_only=True)
`,
      },
    ],
  },
};

function checkBucket(call: CallView): Report | undefined {
  const isPlain = isOff(call.argument(undefined, 'enforce_ssl'));
  if (isPlain || isOff(call.argument(undefined, 'versioned'))) {
    return {
      message: isPlain
        ? text`${call.quote(call.node.func)} answers over plain HTTP too (${code('enforce_ssl=False')}).`
        : text`${call.quote(call.node.func)} keeps no earlier versions (${code('versioned=False')}).`,
      at: call.node,
    };
  }
  if (call.hasUnknownArguments) return undefined;
  const missing = ['enforce_ssl', 'versioned'].filter((name) => !call.argument(undefined, name));
  return missing.length === 0
    ? undefined
    : {
        quiet: true,
        message: text`${call.quote(call.node.func)} does not set ${code(missing.join(', '))}.`,
        at: call.node,
      };
}

/**
 * Operations on a bucket that somebody else may own by now.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
 */
const OWNED =
  /^boto3\.client\(\)\.(get_object|put_object|delete_object|delete_objects|head_object|head_bucket|list_objects|list_objects_v2|list_object_versions|copy_object|create_multipart_upload|upload_part|complete_multipart_upload|get_object_tagging|put_object_tagging|put_object_acl|delete_bucket|get_bucket_\w+|put_bucket_\w+|delete_bucket_\w+|put_public_access_block)$/;

function check(call: CallView): Report | undefined {
  if (call.name === 'put_bucket_versioning' && isAwsCall(call)) {
    const status = settingOf(call.argument(undefined, 'VersioningConfiguration'), 'Status');
    if (status?.constant === 'Suspended') {
      return { message: text`${call.quote(call.node)} stops keeping earlier versions.`, at: call.node };
    }
  }
  if (OWNED.test(call.callee)) return checkOwner(call);
  return checkHttps(call);
}

function checkOwner(call: CallView): Report | undefined {
  if (call.hasUnknownArguments || !call.argument(undefined, 'Bucket')) return undefined;
  return keywordOf(call, 'ExpectedBucketOwner', 'ExpectedSourceBucketOwner')
    ? undefined
    : {
        quiet: true,
        message: text`${call.quote(call.node.func)} does not check with ${code('ExpectedBucketOwner')} whose bucket it is.`,
        at: call.node,
      };
}

/** https://learn.microsoft.com/en-us/python/api/azure-mgmt-storage/azure.mgmt.storage.models.storageaccountcreateparameters */
function checkHttps(call: CallView): Report | undefined {
  const library = cloudLibraryOf(call.callee);
  const isAccount =
    (library === 'azure' || library === 'pulumi') && /StorageAccount\w*$|storage\.Account$/.test(call.callee);
  const parameters = /^(begin_create|update)$/.test(call.name) ? call.argument(2, 'parameters') : undefined;
  const settings = isAccount
    ? keywordOf(call, 'enable_https_traffic_only', 'https_traffic_only_enabled')?.value
    : (parameters?.entry('enable_https_traffic_only') ??
      parameters?.entry('properties')?.entry('supportsHttpsTrafficOnly'));
  if (!isOff(settings)) return undefined;
  return {
    kind: 'defect',
    severity: 'medium',
    message: text`${call.quote(call.node.func)} lets the storage account be used over plain HTTP.`,
    at: call.node,
    fix: { text: text`Set ${code('enable_https_traffic_only')} to ${code('True')}.` },
  };
}
