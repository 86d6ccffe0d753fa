import { type Library, named } from './library.ts';

/** Calls that create machines, disks and networks, and which of their arguments cost or open something. */
export const resourceCreation: Library = {
  name: 'openstacksdk, boto3 EC2, google-cloud-compute',
  docs: 'https://docs.openstack.org/openstacksdk/latest/user/connection.html',
  sinks: [
    {
      kind: 'resource',
      paths: [
        'openstack.connection.Connection.create_server',
        'openstack.connect().create_server',
        'openstack.connect().compute.create_server',
      ],
      arguments: [
        named('flavor'),
        named('image'),
        named('network'),
        named('flavor_id'),
        named('image_id'),
        named('max_count'),
      ],
    },
    {
      kind: 'resource',
      paths: ['openstack.connect().create_volume', 'openstack.connect().block_storage.create_volume'],
      arguments: [named('size')],
    },
    {
      kind: 'resource',
      paths: ['boto3.client().run_instances', 'boto3.resource().create_instances'],
      arguments: [named('ImageId'), named('InstanceType'), named('MaxCount'), named('SubnetId')],
    },
    { kind: 'resource', paths: ['boto3.client().create_volume'], arguments: [named('Size')] },
  ],
};
