/** What tests create outside themselves, by the names of the calls that do it. */
import type { Call, Expression } from '../../syntax/ast.ts';
import { dottedName, lastName } from '../../syntax/headers.ts';
import { walk } from '../../syntax/walk.ts';

const CREATES =
  /^_{0,2}(?:create|allocate|launch|boot|provision|run|upload|import|register|add)_(?:and_\w+?_)?(\w+)$/;

const NOUNS =
  /(server|instance|vm|keypair|key_pair|security_?group|secgroup|floating_?ip|floatingip|fip|volume|snapshot|image|network|subnet|router|port|bucket|stack|cluster|load_?balancer|listener|pool|zone|recordset|share|queue|topic|database|container|user|project|role|domain|flavor|aggregate|trunk|qos_policy|backup|secret|namespace|deployment|pod)s?(_rule|_group|_type)?$/;

/** The noun of a call that creates something that has to be deleted again: `server` of `create_server`. */
export function createdBy(call: Call): string | undefined {
  const name = lastName(call.func);
  const match = CREATES.exec(name);
  const noun = match?.[1];
  if (noun === undefined || !NOUNS.test(noun)) return undefined;
  // `create_and_associate_floatingip`, `create_test_server`
  return NOUNS.exec(noun)?.[0].replace(/s$/, '');
}

/** The noun of a function that deletes: `floatingip` of `delete_floatingip`. */
export function deletedBy(name: string): string | undefined {
  return /^_{0,2}(?:delete|remove|release|deallocate|terminate|destroy|disassociate|purge|try_delete|clear)_(?:and_\w+?_)?(\w+?)s?$/.exec(
    name,
  )?.[1];
}

/** Calls that register a clean-up. */
export function registersCleanup(call: Call): boolean {
  return /^(addCleanup|addClassCleanup|addModuleCleanup|addAsyncCleanup|addClassResourceCleanup|add_cleanup|addfinalizer|callback)$/.test(
    lastName(call.func),
  );
}

/** Where credentials of an administrator are used: `cls.os_admin.network_client`, `self.admin_manager`. */
export function adminClientIn(expression: Expression): Expression | undefined {
  let found: Expression | undefined;
  walk(expression, (node) => {
    if (node.kind === 'Attribute' && ADMIN.test((node as unknown as { attr: string }).attr)) {
      found ??= node as unknown as Expression;
    }
    return found === undefined;
  });
  return found;
}

const ADMIN =
  /^(os_admin|os_adm|os_system_admin|os_project_admin|admin_manager|adm_manager|admin_clients?|os_roles_admin|operator_cloud)$/;

/** `client.create_x` rather than a helper of the test class: the call of a service's own client. */
export function isClientCall(call: Call): boolean {
  return /client|conn\b|connection|cloud\b|boto|ec2|s3/i.test(
    dottedName(call.func).split('.').slice(0, -1).join('.'),
  );
}

/** What ordinary users may create too, so that a test seldom needs an administrator for it. */
export function isTenantResource(noun: string): boolean {
  return /^(server|instance|vm|keypair|key_pair|security_?group(_rule)?|secgroup(_rule)?|floating_?ip|floatingip|fip|volume|snapshot|image|network|subnet|router|port|bucket|stack|load_?balancer|listener|pool|recordset|zone|share|trunk|backup|secret|container)$/.test(
    noun,
  );
}

/** `security_group` → security group, `fip` → floating IP. */
export function nounInWords(noun: string): string {
  if (/^(floating_?ip|fip)$/.test(noun)) return 'floating IP';
  return noun
    .replace(/^secgroup/, 'security group')
    .replace(/^vm$/, 'virtual machine')
    .replace(/^key_pair$/, 'keypair')
    .replaceAll('_', ' ');
}
