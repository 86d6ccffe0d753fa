import { at, type Library, named } from './library.ts';

/** Docker and Kubernetes: which image runs, with which command and settings. */
export const containers: Library = {
  name: 'Docker SDK, Kubernetes client',
  docs: 'https://docker-py.readthedocs.io/en/stable/containers.html',
  aliases: {
    'docker.client.DockerClient': 'docker.DockerClient',
    'docker.client.from_env': 'docker.from_env',
    'docker.client': 'docker',
    'docker.api.client.APIClient': 'docker.APIClient',
    'docker.Client': 'docker.APIClient',
  },
  returns: {
    'docker.from_env': 'docker.DockerClient',
    'docker.DockerClient.from_env': 'docker.DockerClient',
    'docker.DockerClient.containers.run': 'docker.models.containers.Container',
    'docker.DockerClient.containers.create': 'docker.models.containers.Container',
    'docker.DockerClient.containers.get': 'docker.models.containers.Container',
  },
  sinks: [
    {
      kind: 'container',
      paths: ['docker.DockerClient.containers.run', 'docker.DockerClient.containers.create'],
      arguments: [
        at(0, 'image'),
        at(1, 'command'),
        named('volumes'),
        named('entrypoint'),
        named('devices'),
        named('cap_add'),
      ],
    },
    {
      kind: 'container',
      paths: ['docker.APIClient.create_container', 'docker.APIClient.create_container_from_config'],
      arguments: [at(0, 'image'), at(1, 'command'), named('host_config')],
    },
    {
      kind: 'container',
      paths: ['docker.DockerClient.images.build', 'docker.APIClient.build'],
      arguments: [named('path'), named('fileobj'), named('remote')],
    },
    {
      kind: 'shell',
      paths: ['docker.models.containers.Container.exec_run'],
      arguments: [at(0, 'cmd')],
    },
    { kind: 'shell', paths: ['docker.APIClient.exec_create'], arguments: [at(1, 'cmd')] },
    {
      // https://github.com/kubernetes-client/python: stream(connect_get_namespaced_pod_exec, name, namespace, command=[...])
      kind: 'remote-command',
      paths: ['kubernetes.stream.stream', 'kubernetes.client.CoreV1Api.connect_get_namespaced_pod_exec'],
      arguments: [named('command')],
    },
    {
      kind: 'container',
      paths: ['kubernetes.client.V1Container'],
      arguments: [named('image'), named('command'), named('args')],
    },
    {
      kind: 'container',
      paths: [
        'kubernetes.client.CoreV1Api.create_namespaced_pod',
        'kubernetes.client.AppsV1Api.create_namespaced_deployment',
        'kubernetes.client.BatchV1Api.create_namespaced_job',
        'kubernetes.utils.create_from_dict',
      ],
      arguments: [at(1, 'body'), named('data')],
    },
  ],
};
