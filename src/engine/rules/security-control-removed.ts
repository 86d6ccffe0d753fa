import { createHash } from 'node:crypto';
import { kindOfControl } from '../controls/controls.ts';
import { CONTROL_KINDS, type ControlKind } from '../controls/kinds.ts';
import { type Finding, type Location, text } from '../finding.ts';
import type { Control } from '../project.ts';
import type { Rule } from './rule.ts';

/**
 * The only rule that needs two versions: the review compares the controls of both (controls/controls.ts) and describes
 * each that is gone with `describeRemovedControl`. So its examples are words; test/engine/controls tests it on changes.
 */
export const securityControlRemoved: Rule = {
  id: 'security-control-removed',
  title: 'Security control removed by the change',
  cwe: [693],
  aspect: 'access',
  kind: 'defect',
  severity: 'high',
  rows: [104],
  summary:
    'A line that the change deletes or weakens was the guard, and what it guarded is still there: an authentication or permission decorator, dependency, mixin or permission class; a policy check; CSRF protection; an escaping or validating call (`shlex.quote`, `html.escape`, `secure_filename`, `escape_filter_chars`, `url_has_allowed_host_and_scheme`); a secure argument (`filter="data"`, `secure=True`, `httponly=True`, `autoescape=True`, `timeout=`); `compare_digest`; a signature that is checked (`signing.loads`); a loader of plain data (`yaml.safe_load`); a lock; the dependencies of a router. As an advisory: the mode of a file (`os.open(path, flags, 0o600)`), `allow_redirects=False`, `@require_POST`, a function before all requests, a method of a form or serializer that checks a field, a consent (`if not trust_remote_code: raise`), checks that the project wrote itself, recognised by what they ask (`".." in name`, `path.is_relative_to(root)`, `.hostname`, `ip.is_private`, `name not in ALLOWED`) or by their names (`sanitize_filename`, `validate_url`), a function of the file that asks so (`resolve(folder, name)`, where `os.path.join` stands now), a refusal (`HTTPException(403)`), doubled quotes, characters that were taken out (`re.sub("[^a-z]", "", name)`), a header that protects the page. Such an advisory becomes a defect where outside input reaches what the check was for, whether or not the check was strong enough. For instance `@login_required` above a view that stays, or `os.system("ls " + shlex.quote(path))` that becomes `os.system("ls " + path)`. Not reported: what moves elsewhere in the file, what is replaced by a control of the same kind, and what goes together with the code it guarded, such as a quoted shell command that becomes a list of arguments.',
  why: 'Such a change often looks like a clean-up. The dangerous line itself is not in the diff, so a review that looks at added lines alone does not see it.',
  fix: 'Put the control back, or put one of the same strength in its place.',
  references: [
    'https://owasp.org/www-project-code-review-guide/',
    'https://cwe.mitre.org/data/definitions/693.html',
  ],
  examples: { bad: [], good: [] },
};

/** The finding for a control of the base version that is gone; `at` is the place in the head version where it stood. */
export function describeRemovedControl(control: Control, at: Location): Finding {
  const kind: ControlKind = CONTROL_KINDS[kindOfControl(control)];
  const [quoted] = control.text;
  const subject = quoted === undefined ? 'A security control' : [quoted];
  const where = control.symbol === '' ? ['this module'] : [{ code: control.symbol }];
  return {
    ruleId: securityControlRemoved.id,
    cwe: [...kind.cwe, ...securityControlRemoved.cwe],
    aspect: kind.aspect,
    kind: kind.kind,
    severity: kind.kind === 'advisory' ? 'low' : kind.severity,
    confidence: 'medium',
    message: text`The change takes ${subject} away from ${where}, ${kind.lost}.`,
    location: at,
    symbol: control.symbol,
    trace: [{ location: at, text: text`${subject}, which ${kind.does}, stood here` }],
    fix: { text: text`Put ${subject} back, or something of the same strength in its place.` },
    fingerprint: createHash('sha256')
      .update([securityControlRemoved.id, control.key].join('\0'))
      .digest('hex')
      .slice(0, 32),
    quiet: kind.quiet ?? false,
  };
}
