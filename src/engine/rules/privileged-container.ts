import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import type { CallView, ValueView } from './views.ts';

export const privilegedContainer: Rule = {
  id: 'privileged-container',
  title: 'Container with the powers of its host',
  cwe: [250, 269],
  aspect: 'access',
  kind: 'defect',
  severity: 'high',
  rows: [94],
  summary:
    "A container that is started with the rights of the machine: `privileged=True`, all capabilities, the host's network, process or IPC namespace, the Docker socket or `/` mounted; with the Docker SDK, the Kubernetes client, Airflow's `DockerOperator` and `KubernetesPodOperator`.",
  why: 'Whoever takes over the program in the container then has the machine, and with it everything else that runs there.',
  fix: 'Give the container only the capability, device or folder that it needs.',
  references: [
    'https://docker-py.readthedocs.io/en/stable/containers.html',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://docs.docker.com/engine/security/#docker-daemon-attack-surface',
  ],
  calls: [
    {
      paths: [
        'docker.DockerClient.containers.run',
        'docker.DockerClient.containers.create',
        'docker.APIClient.create_host_config',
        'docker.types.HostConfig',
        'docker.APIClient.create_container',
      ],
      check: checkDocker,
    },
    {
      paths: [
        'kubernetes.client.V1SecurityContext',
        'kubernetes.client.V1PodSpec',
        'kubernetes.client.models.V1SecurityContext',
        'kubernetes.client.models.V1PodSpec',
        'kubernetes_asyncio.client.V1SecurityContext',
        'kubernetes_asyncio.client.V1PodSpec',
      ],
      check: checkKubernetes,
    },
    {
      paths: ['kubernetes.client.V1HostPathVolumeSource', 'kubernetes.client.models.V1HostPathVolumeSource'],
      check: checkHostPath,
    },
    {
      paths: [
        'airflow.providers.docker.operators.docker.DockerOperator',
        'airflow.operators.docker_operator.DockerOperator',
        'airflow.providers.cncf.kubernetes.operators.pod.KubernetesPodOperator',
      ],
      check: checkDocker,
    },
  ],
  examples: {
    bad: [
      {
        title: 'Docker SDK',
        code: `
import docker

client = docker.from_env()

def start(image):
    client.containers.run(image, privileged=True)  # report
    client.containers.run(image, volumes={'/var/run/docker.sock': {'bind': '/var/run/docker.sock', 'mode': 'rw'}})  # report
    client.containers.run(image, network_mode='host', pid_mode='host')  # report
    client.containers.create(image, cap_add=['ALL'])  # report
`,
      },
      {
        title: 'Kubernetes',
        code: `
from kubernetes import client

def pod(image):
    context = client.V1SecurityContext(privileged=True)  # report
    volume = client.V1HostPathVolumeSource(path='/')  # report
    return client.V1PodSpec(containers=[], host_network=True, host_pid=True), context, volume  # report
`,
      },
    ],
    good: [
      {
        title: 'only what is needed',
        code: `
import docker
from kubernetes import client

docker_client = docker.from_env()

def start(image, options):
    docker_client.containers.run(image, cap_add=['NET_ADMIN'], volumes={'/srv/data': {'bind': '/data', 'mode': 'ro'}})
    docker_client.containers.run(image, privileged=False, network_mode='bridge')
    docker_client.containers.run(image, privileged=options.privileged)
    return client.V1SecurityContext(privileged=False, allow_privilege_escalation=False, run_as_non_root=True)
`,
      },
    ],
  },
};

function checkDocker(call: CallView): Report | undefined {
  if (call.argument(undefined, 'privileged')?.isTrue) return report(call, 'privileged=True');
  for (const name of ['pid_mode', 'ipc_mode', 'userns_mode', 'network_mode'] as const) {
    if (call.argument(undefined, name)?.constant === 'host') {
      return report(call, `${name}='host'`, name === 'network_mode' ? 'advisory' : 'defect');
    }
  }
  const capabilities = call
    .argument(undefined, 'cap_add')
    ?.elements?.map((element) => String(element.constant).toUpperCase());
  const strong = capabilities?.find((name) => /^(CAP_)?(ALL|SYS_ADMIN|SYS_MODULE|SYS_PTRACE)$/.test(name));
  if (strong) return report(call, `cap_add=['${strong}']`);
  const mounted = mounts(call.argument(undefined, 'volumes') ?? call.argument(undefined, 'binds')).find(
    isWholeHost,
  );
  return mounted === undefined ? undefined : report(call, mounted);
}

function checkKubernetes(call: CallView): Report | undefined {
  for (const name of ['privileged', 'host_pid', 'host_ipc', 'host_network'] as const) {
    if (call.argument(undefined, name)?.isTrue)
      return report(
        call,
        `${name}=True`,
        name === 'host_network' && !call.argument(undefined, 'host_pid')?.isTrue ? 'advisory' : 'defect',
      );
  }
  return undefined;
}

function checkHostPath(call: CallView): Report | undefined {
  const path = call.argument(0, 'path')?.constant;
  return typeof path === 'string' && isWholeHost(path) ? report(call, path) : undefined;
}

/** The paths of the host in a dict of volumes or a list of `host:container`. */
function mounts(value: ValueView | undefined): readonly string[] {
  const keys = value?.keys?.map(String) ?? [];
  const entries = value?.elements?.map((element) => String(element.constant ?? '').split(':')[0] ?? '') ?? [];
  return [...keys, ...entries];
}

function isWholeHost(path: string): boolean {
  return (
    path === '/' ||
    /^\/(var\/)?run\/(docker|containerd\/containerd|crio\/crio)\.sock$/.test(path) ||
    /^\/(etc|proc|root|boot|dev)\/?$/.test(path)
  );
}

function report(call: CallView, what: string, kind: 'defect' | 'advisory' = 'defect'): Report {
  return {
    kind,
    message: text`${call.quote(call.node.func)} gives the container the powers of the machine (${code(what)}).`,
    at: call.node,
  };
}
