import { at, type Library, named } from './library.ts';

/** Cloud SDKs: messages and objects that others wrote, secrets that are fetched, and calls that take code or addresses. */
export const cloudServices: Library = {
  name: 'boto3, google-cloud, azure',
  docs: 'https://boto3.amazonaws.com/v1/documentation/api/latest/index.html',
  aliases: {
    'boto3.session.Session': 'boto3.Session',
    'google.cloud.storage.client.Client': 'google.cloud.storage.Client',
    'google.cloud.storage.bucket.Bucket': 'google.cloud.storage.Bucket',
    'google.cloud.storage.blob.Blob': 'google.cloud.storage.Blob',
  },
  returns: {
    'boto3.Session.client': 'boto3.client()',
    'boto3.Session.resource': 'boto3.resource()',
    'botocore.session.get_session': 'botocore.session.Session',
    'botocore.session.Session.create_client': 'boto3.client()',
    'aioboto3.Session.client': 'boto3.client()',
    'aiobotocore.session.get_session().create_client': 'boto3.client()',
    'google.cloud.storage.Client.bucket': 'google.cloud.storage.Bucket',
    'google.cloud.storage.Client.get_bucket': 'google.cloud.storage.Bucket',
    'google.cloud.storage.Bucket.blob': 'google.cloud.storage.Blob',
    'google.cloud.storage.Bucket.get_blob': 'google.cloud.storage.Blob',
    'azure.storage.blob.BlobServiceClient.from_connection_string': 'azure.storage.blob.BlobServiceClient',
    'azure.storage.blob.BlobServiceClient.get_blob_client': 'azure.storage.blob.BlobClient',
    'azure.storage.blob.BlobServiceClient.get_container_client': 'azure.storage.blob.ContainerClient',
    'azure.storage.blob.ContainerClient.get_blob_client': 'azure.storage.blob.BlobClient',
    'azure.storage.blob.BlobClient.download_blob': 'azure.storage.blob.StorageStreamDownloader',
  },
  sources: [
    {
      on: 'call',
      paths: [
        'boto3.client().receive_message',
        'boto3.client().get_records',
        'boto3.resource().Queue.receive_messages',
      ],
      level: 'remote',
      what: 'a message of a queue',
    },
    {
      on: 'call',
      paths: ['boto3.client().get_object', 'boto3.resource().Object.get'],
      level: 'stored',
      what: 'an object of a storage bucket',
    },
    {
      on: 'call',
      paths: [
        'google.cloud.storage.Blob.download_as_string',
        'google.cloud.storage.Blob.download_as_bytes',
        'google.cloud.storage.Blob.download_as_text',
        'azure.storage.blob.StorageStreamDownloader.readall',
        'azure.storage.blob.StorageStreamDownloader.content_as_text',
      ],
      level: 'stored',
      what: 'an object of a storage bucket',
    },
    {
      on: 'call',
      paths: [
        'boto3.client().get_item',
        'boto3.resource().Table.get_item',
        'boto3.resource().Table.scan',
        'boto3.resource().Table.query',
      ],
      level: 'stored',
      what: 'an item of the database',
    },
  ],
  sinks: [
    {
      kind: 'url',
      paths: ['boto3.client', 'boto3.resource', 'boto3.Session.client', 'boto3.Session.resource'],
      arguments: [named('endpoint_url')],
    },
    // https://docs.aws.amazon.com/systems-manager/latest/userguide/send-commands.html
    { kind: 'remote-command', paths: ['boto3.client().send_command'], arguments: [named('Parameters')] },
    {
      kind: 'url',
      paths: [
        'azure.storage.blob.BlobServiceClient',
        'azure.storage.blob.ContainerClient',
        'azure.storage.blob.BlobClient',
        'azure.storage.blob.BlobClient.from_blob_url',
        'azure.storage.blob.ContainerClient.from_container_url',
        'azure.storage.fileshare.ShareFileClient.from_file_url',
        'azure.keyvault.secrets.SecretClient',
        'azure.keyvault.keys.KeyClient',
        'azure.keyvault.certificates.CertificateClient',
      ],
      arguments: [
        at(0, 'account_url'),
        named('vault_url'),
        named('blob_url'),
        named('container_url'),
        named('file_url'),
      ],
    },
    {
      kind: 'url',
      paths: [
        'azure.storage.blob.BlobClient.start_copy_from_url',
        'azure.storage.blob.BlobClient.upload_blob_from_url',
      ],
      arguments: [at(0, 'source_url')],
    },
    { kind: 'path', paths: ['boto3.client().download_file'], arguments: [at(2, 'Filename')] },
    { kind: 'path', paths: ['boto3.client().upload_file'], arguments: [at(0, 'Filename')] },
    {
      kind: 'path',
      paths: [
        'google.cloud.storage.Blob.download_to_filename',
        'google.cloud.storage.Blob.upload_from_filename',
      ],
      arguments: [at(0, 'filename')],
    },
  ],
};
