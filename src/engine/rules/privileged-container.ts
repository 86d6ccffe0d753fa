import { code, text } from '../finding.ts';
import { dottedName } from '../syntax/headers.ts';
import type { Report, Rule } from './rule.ts';
import { isAwsCall, keywordOf } from './support/cloud-settings.ts';
import {
  type ContainerRight,
  hostSide,
  isStrongCapability,
  isWholeHost,
  kubernetesKind,
  rightsInManifests,
} from './support/container-rights.ts';
import type { AssignmentView, CallView, ModuleView, ValueView } from './views.ts';

export const privilegedContainer: Rule = {
  id: 'privileged-container',
  title: 'Container with the powers of its host',
  cwe: [250, 269],
  aspect: 'access',
  kind: 'defect',
  severity: 'high',
  rows: [94],
  summary:
    "A container that is started with the rights of the machine: `privileged=True`, capabilities such as `ALL` and `SYS_ADMIN`, the host's process or IPC namespace, confinement switched off, the Docker socket, `/` or `/etc` of the host mounted; with the Docker SDK, the Kubernetes client, Pulumi, manifests as dictionaries, Airflow's operators, ECS and Batch through boto3 and CDK, JupyterHub's spawners, and command lines of docker and podman that are lists. The host's network, running as user 0 and `allow_privilege_escalation=True` are advisories.",
  why: 'Whoever takes over the program in the container then has the machine, and with it everything else that runs there.',
  fix: 'Give the container only the capability, device or folder that it needs.',
  references: [
    'https://docker-py.readthedocs.io/en/stable/containers.html',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://docs.docker.com/engine/security/#docker-daemon-attack-surface',
    'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html',
  ],
  roles: { test: 'quiet' },
  calls: [{ paths: [], names: (name) => MAKES_CONTAINER.test(name), libraries: ['aws_cdk'], check }],
  on: {
    module: checkManifests,
    assignment: {
      names: (name) => /^(privileged|host_?pid|host_?ipc)$/i.test(name),
      check: checkAssignment,
    },
  },
  examples: {
    bad: [
      {
        title: 'Docker SDK',
        code: `
import docker
from docker.types import Mount

client = docker.from_env()

class Runner:
    def __init__(self, client):
        self.client = client

    def start(self, image):
        client.containers.run(image, privileged=True)  # report
        client.containers.run(image, volumes={'/var/run/docker.sock': {'bind': '/var/run/docker.sock', 'mode': 'rw'}})  # report
        client.containers.run(image, pid_mode='host')  # report
        client.containers.create(image, cap_add=['ALL'])  # report
        client.containers.run(image, security_opt=['seccomp=unconfined'])  # report
        self.client.containers.run(image, volumes=['/:/host:ro'])  # report
        self.client.containers.run(image, mounts=[Mount('/var/run/docker.sock', '/var/run/docker.sock', type='bind')])  # report
        api = docker.APIClient()
        api.create_host_config(privileged=True, binds=['/srv:/srv'])  # report
`,
      },
      {
        title: 'Kubernetes',
        code: `
from kubernetes import client
from kubernetes.client import V1Capabilities, V1HostPathVolumeSource

def pod(image):
    context = client.V1SecurityContext(privileged=True)  # report
    strong = client.V1SecurityContext(capabilities=V1Capabilities(add=['SYS_ADMIN']))  # report
    volume = V1HostPathVolumeSource(path='/')  # report
    return client.V1PodSpec(containers=[], host_pid=True), context, strong, volume  # report

def change(pod, spec):
    pod.spec.host_ipc = True  # report
    spec['hostPID'] = True  # report
    pod.spec.containers[0].security_context.privileged = True  # report
`,
      },
      {
        title: 'manifests as dictionaries, command lines as lists',
        code: `
import subprocess

MANIFEST = {
    'kind': 'Pod',
    'spec': {
        'hostPID': True,  # report
        'containers': [{
            'name': 'agent',
            'securityContext': {
                'privileged': True,  # report
                'capabilities': {'add': ['NET_ADMIN', 'SYS_ADMIN']},  # report
            },
        }],
        'volumes': [{'name': 'root', 'hostPath': {'path': '/'}}],  # report
    },
}

def build(image):
    subprocess.run(['docker', 'run', '--rm', '--privileged', image])  # report
`,
      },
      {
        title: 'Airflow, ECS, Pulumi, JupyterHub',
        code: `
import boto3
import pulumi_kubernetes as k8s
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.providers.docker.operators.docker import DockerOperator
from aws_cdk import aws_ecs as ecs

task = DockerOperator(task_id='a', image='b', privileged=True)  # report
pod = KubernetesPodOperator(task_id='a', image='b', security_context={'privileged': True})  # report
k8s.core.v1.SecurityContextArgs(privileged=True)  # report
boto3.client('ecs').register_task_definition(family='a', containerDefinitions=[{'name': 'b', 'privileged': True}])  # report
boto3.client('batch').register_job_definition(jobDefinitionName='a', type='container', containerProperties={'image': 'b', 'privileged': True})  # report

def build(self, image):
    definition = ecs.Ec2TaskDefinition(self, 'Task')
    definition.add_container('agent', image=image, privileged=True)  # report

c.KubeSpawner.privileged = True  # report
`,
      },
      {
        title: "the host's network, root, escalation",
        kind: 'advisory',
        code: `
import docker
from kubernetes import client

def pod(image):
    docker.from_env().containers.run(image, network_mode='host')  # report
    client.V1SecurityContext(run_as_user=0)  # report
    client.V1SecurityContext(allow_privilege_escalation=True)  # report
    return client.V1PodSpec(containers=[], host_network=True)  # report
`,
      },
    ],
    good: [
      {
        title: 'only what is needed',
        code: `
import docker
from kubernetes import client
from docker.types import Mount

docker_client = docker.from_env()

def start(image, options):
    docker_client.containers.run(image, cap_add=['NET_ADMIN'], volumes={'/srv/data': {'bind': '/data', 'mode': 'ro'}})
    docker_client.containers.run(image, privileged=False, network_mode='bridge', mounts=[Mount('/data', 'data')])
    docker_client.containers.run(image, privileged=options.privileged)
    docker_client.containers.run(image, security_opt=['no-new-privileges'], cap_drop=['ALL'])
    client.V1HostPathVolumeSource(path='/srv/models')
    client.V1Capabilities(drop=['ALL'], add=['NET_BIND_SERVICE'])
    return client.V1SecurityContext(privileged=False, allow_privilege_escalation=False, run_as_non_root=True, run_as_user=1000)
`,
      },
      {
        title: 'the same words elsewhere',
        code: `
def users(session, user):
    user.privileged = True
    session.run('job', privileged=True)
    row = {'privileged': True, 'name': 'admin'}
    print('do not use docker run --privileged')
    return row, ['--privileged', 'setup']
`,
      },
    ],
  },
};

/** Last names of the calls that run a container or say with which rights. */
const MAKES_CONTAINER =
  /^(run|create|create_host_config|HostConfig|create_container|exec_run|DockerOperator|register_(task|job)_definition|(V1)?(SecurityContext|PodSpec|Capabilities|HostPathVolumeSource)(Args|InitArgs)?)$/;

function check(call: CallView): Report | undefined {
  const right = isDocker(call)
    ? dockerRight(call)
    : isAwsCall(call) && /^register_(task|job)_definition$/.test(call.name)
      ? awsRight(call)
      : call.callee.startsWith('aws_cdk.aws_ecs.')
        ? cdkRight(call)
        : kubernetesRight(call);
  return right && report(call, right);
}

function report(call: CallView, { what, isWhole }: ContainerRight): Report {
  return {
    kind: isWhole ? 'defect' : 'advisory',
    ...(isWhole ? {} : { severity: 'low' as const }),
    message: isWhole
      ? text`${call.quote(call.node.func)} gives the container the powers of the machine (${code(what)}).`
      : text`${call.quote(call.node.func)} gives the container more than it may need (${code(what)}).`,
    at: call.node,
  };
}

/** https://docker-py.readthedocs.io/en/stable/containers.html; podman-py and airflow's operator have the same names. */
function isDocker(call: CallView): boolean {
  if (/^(docker|podman|aiodocker)\./.test(call.callee))
    return /^(run|create|create_host_config|HostConfig|create_container|exec_run)$/.test(call.name);
  if (/(^|\.)DockerOperator$/.test(call.callee)) return true;
  return call.callee === '' && /(^|\.)containers\.(run|create)$/.test(dottedName(call.node.func));
}

function dockerRight(call: CallView): ContainerRight | undefined {
  if (call.argument(undefined, 'privileged')?.isTrue) return { what: 'privileged=True', isWhole: true };
  const options = call.argument(undefined, 'security_opt')?.elements ?? [];
  const open = options.find((option) =>
    /^(seccomp[=:]unconfined|apparmor[=:]unconfined|label[=:]disable)$/.test(String(option.constant)),
  );
  if (open) return { what: String(open.constant), isWhole: true };
  const capability = call
    .argument(undefined, 'cap_add')
    ?.elements?.find((element) => isStrongCapability(element.constant));
  if (capability) return { what: `cap_add=['${capability.constant}']`, isWhole: true };
  const mounted = mountsOf(call).find(isWholeHost);
  if (mounted !== undefined) return { what: mounted, isWhole: true };
  for (const name of ['pid_mode', 'ipc_mode', 'userns_mode', 'network_mode']) {
    if (call.argument(undefined, name)?.constant === 'host')
      return { what: `${name}='host'`, isWhole: /^(pid|ipc)_mode$/.test(name) };
  }
  return undefined;
}

/** The paths of the host in a dict of volumes, a list of `host:container`, or a list of mounts. */
function mountsOf(call: CallView): readonly string[] {
  const volumes = keywordOf(call, 'volumes', 'binds')?.value;
  const listed = volumes?.elements?.map((element) => hostSide(String(element.constant ?? ''))) ?? [];
  const mounts = call.argument(undefined, 'mounts')?.elements ?? [];
  const bound = mounts.map((mount) => String(mount.madeBy?.argument(1, 'source')?.constant ?? ''));
  return [...(volumes?.keys?.map(String) ?? []), ...listed, ...bound];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html */
function awsRight(call: CallView): ContainerRight | undefined {
  const containers = [
    ...(call.argument(undefined, 'containerDefinitions')?.elements ?? []),
    ...listOf(call.argument(undefined, 'containerProperties')),
  ];
  if (containers.some((container) => container.entry('privileged')?.isTrue))
    return { what: "'privileged': True", isWhole: true };
  for (const container of containers) {
    const added = container.entry('linuxParameters')?.entry('capabilities')?.entry('add')?.elements;
    const strong = added?.find((element) => isStrongCapability(element.constant));
    if (strong) return { what: String(strong.constant), isWhole: true };
  }
  const volumes = call.argument(undefined, 'volumes')?.elements ?? [];
  const mounted = volumes
    .map((volume) => volume.entry('host')?.entry('sourcePath')?.constant)
    .find((path) => isWholeHost(path));
  if (mounted !== undefined) return { what: String(mounted), isWhole: true };
  for (const name of ['pidMode', 'ipcMode']) {
    if (call.argument(undefined, name)?.constant === 'host') return { what: `${name}='host'`, isWhole: true };
  }
  return undefined;
}

function listOf(value: ValueView | undefined): readonly ValueView[] {
  return value ? [value] : [];
}

function cdkRight(call: CallView): ContainerRight | undefined {
  if (call.argument(undefined, 'privileged')?.isTrue) return { what: 'privileged=True', isWhole: true };
  if (call.argument(undefined, 'pid_mode')?.path?.endsWith('PidMode.HOST'))
    return { what: 'PidMode.HOST', isWhole: true };
  if (call.name !== 'add_capabilities') return undefined;
  const capability = call.node.args
    .map((_, position) => call.argument(position)?.path?.split('.').at(-1))
    .find(isStrongCapability);
  return capability === undefined ? undefined : { what: capability, isWhole: true };
}

/** https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.31/#securitycontext-v1-core */
function kubernetesRight(call: CallView): ContainerRight | undefined {
  switch (kubernetesKind(call.node, call.callee, call.name)) {
    case 'SecurityContext':
      if (call.argument(undefined, 'privileged')?.isTrue) return { what: 'privileged=True', isWhole: true };
      if (keywordOf(call, 'allow_privilege_escalation', 'allowPrivilegeEscalation')?.value.isTrue)
        return { what: 'allow_privilege_escalation=True', isWhole: false };
      return keywordOf(call, 'run_as_user', 'runAsUser')?.value.constant === 0
        ? { what: 'run_as_user=0', isWhole: false }
        : undefined;
    case 'PodSpec':
      for (const name of ['host_pid', 'host_ipc', 'host_network', 'hostPID', 'hostIPC', 'hostNetwork']) {
        if (call.argument(undefined, name)?.isTrue)
          return { what: `${name}=True`, isWhole: !/network/i.test(name) };
      }
      return undefined;
    case 'Capabilities': {
      const added = call.argument(undefined, 'add')?.elements;
      const strong = added?.find((element) => isStrongCapability(element.constant));
      return strong && { what: String(strong.constant), isWhole: true };
    }
    case 'HostPathVolumeSource': {
      const path = call.argument(0, 'path')?.constant;
      return isWholeHost(path) ? { what: String(path), isWhole: true } : undefined;
    }
    default:
      return undefined;
  }
}

function checkManifests(module: ModuleView): readonly Report[] {
  return rightsInManifests(module).map(({ at, right: { what, isWhole } }) => ({
    kind: isWhole ? 'defect' : 'advisory',
    ...(isWhole ? {} : { severity: 'low' as const }),
    message: text`${code(what)} gives the container ${isWhole ? 'the powers of the machine' : 'more than it may need'}.`,
    at,
  }));
}

/** `c.KubeSpawner.privileged = True`, `pod.spec.host_pid = True`, `spec['hostPID'] = True` */
function checkAssignment(view: AssignmentView): Report | undefined {
  if (view.target !== 'attribute' && view.target !== 'item') return undefined;
  const isHost = /^(host_?pid|host_?ipc)$/i.test(view.name);
  if (!isHost && view.name !== 'privileged') return undefined;
  if (!view.value.isTrue || view.node.kind !== 'Assign') return undefined;
  const [target] = view.node.targets;
  const owner = target ? view.sourceOf(target) : '';
  const isContainer = /security_?context|spawner|host_?config|pod|container|spec/i.test(owner);
  return isContainer
    ? {
        message: text`${view.quote(view.node)} gives the container the powers of the machine.`,
        at: view.node,
      }
    : undefined;
}
