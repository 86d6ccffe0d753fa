/**
 * Roles of Google Cloud given to members, as written in a policy's bindings (dictionaries, `policy.bindings.add(…)`,
 * `Binding(…)`), in Pulumi's `IAMMember` and `IAMBinding`, and in the access entries of BigQuery's datasets.
 * https://cloud.google.com/iam/docs/reference/rest/v1/Policy#Binding
 * https://cloud.google.com/python/docs/reference/bigquery/latest/google.cloud.bigquery.dataset.AccessEntry
 */
import type { Call, Dict, Expression, Node } from '../../syntax/ast.ts';
import { lastName } from '../../syntax/headers.ts';
import { walk } from '../../syntax/walk.ts';
import type { ModuleView } from '../views.ts';
import { type Fields, fieldsOfCall, fieldsOfDict } from './ingress.ts';
import { type Literals, literalsOf } from './module-literals.ts';

export interface GoogleGrant {
  /** `roles/storage.objectViewer` */
  readonly role: string;
  /** `allUsers` or `allAuthenticatedUsers`, where it is given to everybody. */
  readonly everybody: string | undefined;
  /** Where the members are named. */
  readonly at: Node;
}

const HINT = /allUsers|allAuthenticatedUsers|roles\/(owner|editor)\b/;
const known = new WeakMap<ModuleView, readonly GoogleGrant[]>();

/** The grants of a file that are to everybody or of a basic role. */
export function googleGrantsIn(module: ModuleView): readonly GoogleGrant[] {
  let grants = known.get(module);
  if (!grants) {
    grants = HINT.test(module.text) ? read(module) : [];
    known.set(module, grants);
  }
  return grants;
}

function read(module: ModuleView): readonly GoogleGrant[] {
  const literals = literalsOf(module);
  const grants: GoogleGrant[] = [];
  walk(module.node, (node) => {
    const fields = fieldsOf(node, module);
    const grant = fields && grantOf(fields, literals);
    if (grant) grants.push(grant);
    return true;
  });
  return grants;
}

/** What a dictionary or a call says of a grant, with `role` and `members` as the names of its fields. */
function fieldsOf(node: Node & { kind: string }, module: ModuleView): GrantFields | undefined {
  if (node.kind === 'Dict') return binding(fieldsOfDict(node as Dict));
  if (node.kind !== 'Call') return undefined;
  const call = node as Call;
  const name = lastName(call.func);
  if (name === 'AccessEntry' && module.resolve(call.func).startsWith('google.cloud.bigquery')) {
    const fields = fieldsOfCall(call);
    return { role: fields.get('role') ?? call.args[0], members: fields.get('entity_id') ?? call.args[2] };
  }
  // gcp.projects.IAMMember, gcp.storage.BucketIAMBinding, gcp.cloudrun.IamMember
  const isGrant =
    (/I(AM|am)(Member|Binding)$/.test(name) && module.resolve(call.func).startsWith('pulumi_gcp.')) ||
    (name === 'Binding' && /^google\.iam\./.test(module.resolve(call.func))) ||
    (name === 'add' && call.func.kind === 'Attribute' && lastName(call.func.value) === 'bindings');
  return isGrant ? binding(fieldsOfCall(call)) : undefined;
}

interface GrantFields {
  readonly role: Expression | undefined;
  readonly members: Expression | undefined;
}

function binding(fields: Fields): GrantFields {
  const members = ['members', 'member', 'specialGroup', 'iamMember'].map(fields.get).find((field) => field);
  return { role: fields.get('role'), members };
}

/** Roles of BigQuery's access entries have names of their own. */
const ROLE = /^(roles\/|(READER|WRITER|OWNER)$)/;

function grantOf({ role: written, members }: GrantFields, literals: Literals): GoogleGrant | undefined {
  const role = written && literals.of(written);
  if (!members || typeof role !== 'string' || !ROLE.test(role)) return undefined;
  const entries: readonly Expression[] = literals.elementsOf(members) ?? [members];
  const everybody = entries
    .map((entry) => literals.of(entry))
    .find((value) => value === 'allUsers' || value === 'allAuthenticatedUsers');
  return { role, everybody: everybody === undefined ? undefined : String(everybody), at: members };
}
