/**
 * Roles of Google Cloud given to members, as written in dictionaries of a policy's bindings and in Pulumi's
 * `IAMMember` and `IAMBinding`. https://cloud.google.com/iam/docs/reference/rest/v1/Policy#Binding
 */
import type { Call, Dict, Expression, Node } from '../../syntax/ast.ts';
import { lastName } from '../../syntax/headers.ts';
import { walk } from '../../syntax/walk.ts';
import type { ModuleView } from '../views.ts';
import { type Fields, fieldsOfCall, fieldsOfDict } from './ingress.ts';
import { type Literals, literalsOf } from './moduleLiterals.ts';

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

function fieldsOf(node: Node & { kind: string }, module: ModuleView): Fields | undefined {
  if (node.kind === 'Dict') return fieldsOfDict(node as Dict);
  if (node.kind !== 'Call') return undefined;
  const call = node as Call;
  // gcp.projects.IAMMember, gcp.storage.BucketIAMBinding, gcp.cloudrun.IamMember
  const isGrant = /I(AM|am)(Member|Binding)$/.test(lastName(call.func));
  return isGrant && module.resolve(call.func).startsWith('pulumi_gcp.') ? fieldsOfCall(call) : undefined;
}

function grantOf(fields: Fields, literals: Literals): GoogleGrant | undefined {
  const written = fields.get('role');
  const members = fields.get('members') ?? fields.get('member');
  const role = written && literals.of(written);
  if (!members || typeof role !== 'string' || !role.startsWith('roles/')) return undefined;
  const entries: readonly Expression[] = literals.elementsOf(members) ?? [members];
  const everybody = entries
    .map((entry) => literals.of(entry))
    .find((value) => value === 'allUsers' || value === 'allAuthenticatedUsers');
  return { role, everybody: everybody === undefined ? undefined : String(everybody), at: members };
}
