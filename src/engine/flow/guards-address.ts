/** Checks of where an address leads: of its host, its beginning and its end. */
import type { Expression } from '../syntax/ast.ts';
import { HOST } from './addresses.ts';
import { clean, cleanMarked, cleanOrigins, evaluateQuietly, SAME_TEXT } from './facts.ts';
import type { Frame } from './frame.ts';
import { KindSet } from './kinds.ts';
import { constantOf, type Origin, optionsOf, type Taint, type Value } from './values.ts';

/** `urlparse(x).netloc`, `parsed.hostname`, and variables with one in them: the taint of the address whose host it is. */
export function hostSubject(
  frame: Frame,
  subject: Expression,
  value: Value = evaluateQuietly(frame, subject),
): Taint | undefined {
  const taint = frame.taintOf(value);
  if (taint.length > 0 && taint.every((item) => item.clean.has('host'))) return taint;
  const target =
    subject.kind === 'Call' && subject.func.kind === 'Attribute' && SAME_TEXT.has(subject.func.attr)
      ? subject.func.value
      : subject;
  return target.kind === 'Attribute' && /^(netloc|hostname|host)$/.test(target.attr)
    ? frame.taintOf(evaluateQuietly(frame, target.value))
    : undefined;
}

/** The host that the request was sent to. */
export function isOwnHost(origin: Origin): boolean {
  return origin.type === 'source' && /^the (?:Host header|address) of the request$/.test(origin.what);
}

/** The host is what it should be, or there is none: `//evil.example` has one, so what is left stays here. */
export function settleHost(frame: Frame, host: Taint): void {
  cleanOrigins(
    frame,
    host.filter((item) => !isOwnHost(item.origin)),
    HOST,
  );
}

/** `x.startswith('https://good.example/')`; without the slash it also fits `https://good.example.evil.example`. */
export function refineAddressPrefix(
  frame: Frame,
  subject: Expression,
  prefix: Expression,
  value: Value,
): void {
  const texts = textsOf(value);
  const namesHost =
    texts.length > 0 && texts.every((text) => typeof text === 'string' && /^https?:\/\/[^/]+\//i.test(text));
  const isOwn =
    /\b(?:host_url|url_root)$/.test(frame.source(prefix)) &&
    frame.taintOf(value).every((item) => isOwnHost(item.origin));
  if (namesHost || isOwn) clean(frame, subject, HOST);
}

/** `host.endswith('.good.example')`; without the dot it also fits `evilgood.example`. */
export function refineHostSuffix(frame: Frame, subject: Expression, suffix: Expression): void {
  const texts = textsOf(evaluateQuietly(frame, suffix));
  if (texts.length === 0 || !texts.every((text) => typeof text === 'string' && text.startsWith('.'))) return;
  const host = hostSubject(frame, subject);
  if (host) settleHost(frame, host);
}

/** `x.startswith('/') and not x.startswith('//')`: both together keep a redirect on this host. */
export function refineLocalAddress(
  frame: Frame,
  subject: Expression,
  prefix: Expression,
  outcome: boolean,
): void {
  const text = constantOf(evaluateQuietly(frame, prefix));
  if (typeof text !== 'string' || !(outcome ? /^\/$/ : /^\/[/\\]/).test(text)) return;
  if (outcome) clean(frame, subject, KindSet.of('rooted'));
  cleanMarked(frame, subject, 'url-host-checked', KindSet.of('redirect'));
  clean(frame, subject, KindSet.of('url-host-checked'));
}

/** Letters of a host, as patterns write them; the last labels of the name must be written out. */
const FIXED_HOST =
  /^(?:\^|\\A)?(?:https?\??|\((?:\?:)?https?\??\)):(?:\\?\/){2}(?:(?:[\w-]|\\[.wd-]|\[[\w\\.-]+\]|\((?:\?:)?[\w\\.[\]+|-]+\))[+*?]?)*?[\w-]+(?:\\\.[\w-]+)+(?::\d+)?(?:\\?\/|\((?:\?:)?(?:\\?\/\|\$|\$\|\\?\/)\)|\$|\\Z)/;

/** `re.match(r'https://good\.example/', x)`: where every address leads that fits the pattern. */
export function settlesHost(pattern: string, method: 'match' | 'fullmatch' | 'search'): boolean {
  return FIXED_HOST.test(pattern) && (method !== 'search' || /^(?:\^|\\A)/.test(pattern));
}

/** The texts that a value can be, of a tuple all of its elements; undefined for what is not known. */
export function textsOf(value: Value): (ReturnType<typeof constantOf> | undefined)[] {
  return optionsOf(value.shape).flatMap((shape) =>
    shape.kind === 'tuple'
      ? shape.elements.map(constantOf)
      : [shape.kind === 'constant' ? shape.value : undefined],
  );
}
