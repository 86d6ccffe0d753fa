/** What gives a container the rights of the machine that it runs on. */
import type { Call, Dict, Expression, List, Node } from '../../syntax/ast.ts';
import { walk } from '../../syntax/walk.ts';
import type { ModuleView } from '../views.ts';
import { fieldsOfDict } from './ingress.ts';
import { literalsOf } from './module-literals.ts';

/** A setting, and how much it gives away. */
export interface ContainerRight {
  /** As it is written: `privileged=True`. */
  readonly what: string;
  readonly isWhole: boolean;
}

/** Capabilities from which one gets to the host; the others are judged by nobody here. */
const STRONG_CAPABILITY =
  /^(CAP_)?(ALL|SYS_ADMIN|SYS_MODULE|SYS_PTRACE|SYS_RAWIO|DAC_READ_SEARCH|BPF|SYS_BOOT)$/i;

export function isStrongCapability(name: unknown): boolean {
  return typeof name === 'string' && STRONG_CAPABILITY.test(name);
}

/** A path of the host that gives away the host when it is mounted: `/`, `/etc`, the socket of the container daemon. */
export function isWholeHost(path: unknown): boolean {
  return (
    typeof path === 'string' &&
    (/^\/+$/.test(path) ||
      /^\/(var\/)?run\/(docker|containerd\/containerd|crio\/crio|podman\/podman)\.sock$/.test(path) ||
      /^\/(etc|proc|root|boot|dev|var\/run|var\/lib\/(docker|kubelet))\/?$/.test(path))
  );
}

/** The host's side of `/srv/data:/data:ro`. */
export function hostSide(mount: string): string {
  return mount.split(':')[0] ?? '';
}

const HINT = /securityContext|security_context|hostNetwork|hostPID|hostIPC|hostPath|--privileged/;

/** Rights in manifests that are written as dictionaries, and in command lines of docker and podman as lists. */
export function rightsInManifests(
  module: ModuleView,
): readonly { readonly at: Node; readonly right: ContainerRight }[] {
  if (!HINT.test(module.text)) return [];
  const literals = literalsOf(module);
  const found: { at: Node; right: ContainerRight }[] = [];
  const isTrue = (expression: Expression | undefined) =>
    expression !== undefined && literals.of(expression) === true;
  const add = (at: Node, what: string, isWhole = true) => found.push({ at, right: { what, isWhole } });

  const readContext = (context: Dict) => {
    const fields = fieldsOfDict(context);
    const privileged = fields.get('privileged');
    if (privileged && isTrue(privileged)) add(privileged, "'privileged': True");
    const capabilities = fields.get('capabilities');
    const added = capabilities?.kind === 'Dict' ? fieldsOfDict(capabilities).get('add') : undefined;
    const strong = literals.elementsOf(added)?.find((entry) => isStrongCapability(literals.of(entry)));
    if (strong) add(strong, String(literals.of(strong)));
    const user = fields.get('runAsUser');
    if (user && literals.of(user) === 0) add(user, "'runAsUser': 0", false);
  };
  const readDict = (dict: Dict) => {
    const fields = fieldsOfDict(dict);
    const context = fields.get('securityContext') ?? fields.get('security_context');
    if (context?.kind === 'Dict') readContext(context);
    for (const name of ['hostPID', 'hostIPC', 'hostNetwork']) {
      const value = fields.get(name);
      if (value && isTrue(value)) add(value, `'${name}': True`, name !== 'hostNetwork');
    }
    const hostPath = fields.get('hostPath');
    const path = hostPath?.kind === 'Dict' ? fieldsOfDict(hostPath).get('path') : undefined;
    if (path && isWholeHost(literals.of(path))) add(path, String(literals.of(path)));
  };
  const readCommand = (list: List) => {
    const words = list.elements.map((element) => literals.of(element));
    const isRun = /^(\S*\/)?(docker|podman|nerdctl)$/.test(String(words.find((word) => word !== 'sudo')));
    const at = list.elements.find((element) => literals.of(element) === '--privileged');
    if (isRun && at && (words.includes('run') || words.includes('create'))) add(at, '--privileged');
  };

  walk(module.node, (node) => {
    if (node.kind === 'Dict') readDict(node as Dict);
    else if (node.kind === 'List') readCommand(node as List);
    else if (node.kind === 'Keyword') {
      // Airflow: KubernetesPodOperator(security_context={'privileged': True})
      const { name, value } = node as unknown as { name: string | null; value: Expression };
      if (/^(container_)?security_context$/.test(name ?? '') && value.kind === 'Dict') readContext(value);
    }
    return true;
  });
  return found;
}

/** The last name of a call's class, without the endings that libraries add: `V1SecurityContext`, `SecurityContextArgs`. */
export function kubernetesKind(call: Call, callee: string, name: string): string | undefined {
  const isKubernetes = /(^|\.|_)(kubernetes|kubernetes_asyncio|lightkube|k8s)(\.|$)/.test(callee);
  const match = /^(V1)?([A-Z]\w*?)(Args|InitArgs)?$/.exec(name);
  if (!match || (!isKubernetes && !(callee === '' && match[1]))) return undefined;
  return call.args.length <= 1 ? match[2] : undefined;
}
