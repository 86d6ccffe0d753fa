import { at, type Library, named } from './library.ts';

/** Calls of cloud SDKs that create machines, storage and networks: what must not be decided by whoever asks. */
export const cloudResources: Library = {
  name: 'boto3, openstacksdk, novaclient, google-cloud-compute, azure-mgmt-compute',
  docs: 'https://boto3.amazonaws.com/v1/documentation/api/latest/reference/services/ec2/client/run_instances.html',
  returns: {
    // https://docs.openstack.org/openstacksdk/latest/user/connection.html
    'openstack.connect': 'openstack.connection.Connection',
    'openstack.connection.from_config': 'openstack.connection.Connection',
    // https://docs.openstack.org/python-novaclient/latest/user/python-api.html
    'novaclient.client.Client': 'novaclient.v2.client.Client',
  },
  sinks: [
    {
      kind: 'resource',
      paths: ['boto3.client().run_instances', 'boto3.resource().create_instances'],
      arguments: [
        named('ImageId'),
        named('InstanceType'),
        named('MinCount'),
        named('MaxCount'),
        named('SubnetId'),
        named('SecurityGroupIds'),
        named('UserData'),
      ],
    },
    {
      kind: 'resource',
      paths: ['boto3.client().create_db_instance'],
      arguments: [named('DBInstanceClass'), named('AllocatedStorage'), named('Engine')],
    },
    {
      kind: 'resource',
      paths: ['boto3.client().create_bucket', 'boto3.resource().create_bucket'],
      arguments: [named('ACL'), named('CreateBucketConfiguration')],
    },
    {
      kind: 'resource',
      paths: ['boto3.client().create_volume'],
      arguments: [named('Size'), named('VolumeType')],
    },
    {
      kind: 'resource',
      paths: ['openstack.connection.Connection.create_server'],
      arguments: [
        at(1, 'image'),
        at(2, 'flavor'),
        named('network'),
        named('userdata'),
        named('security_groups'),
      ],
    },
    {
      kind: 'resource',
      paths: ['openstack.connection.Connection.compute.create_server'],
      arguments: [named('image_id'), named('flavor_id'), named('networks'), named('user_data')],
    },
    {
      kind: 'resource',
      paths: ['novaclient.v2.client.Client.servers.create'],
      arguments: [
        at(1, 'image'),
        at(2, 'flavor'),
        named('nics'),
        named('userdata'),
        named('min_count'),
        named('max_count'),
      ],
    },
    {
      kind: 'resource',
      paths: [
        'openstack.connection.Connection.create_volume',
        'openstack.connection.Connection.block_storage.create_volume',
      ],
      arguments: [at(0, 'size')],
    },
  ],
};
