/** What the role of a file makes of what a rule says of it. */
import type { FileRole } from '../project.ts';
import type { Rule } from './rule.ts';

export type RoleEffect = 'same' | 'advisory' | 'quiet' | 'silent';

const DEFAULT_EFFECTS: Record<FileRole, RoleEffect> = {
  production: 'same',
  settings: 'same',
  command: 'same',
  migration: 'same',
  example: 'advisory',
  test: 'quiet',
  generated: 'silent',
  vendored: 'silent',
  stub: 'silent',
};

/** What a rule does in files of a role. */
export function effectOfRole(rule: Rule, role: FileRole): RoleEffect {
  return rule.roles?.[role] ?? DEFAULT_EFFECTS[role];
}
