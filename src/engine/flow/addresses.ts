/** Functions of the project that check where an address leads, by ways that the interpreter does not follow. */
import { KindSet } from './kinds.ts';
import type { FunctionInfo } from './program.ts';

/** What is settled about an address once its host is. */
export const HOST: KindSet = KindSet.of('url', 'redirect', 'url-host-checked');

/** Whether a check of an address looks at its host: more than a comparison of how it begins or ends. */
export function takesAddressApart(fn: FunctionInfo): boolean {
  const body = fn.module.text.slice(fn.node.start, fn.node.end);
  return /\bnetloc\b|\bhostname\b|\.host\b/.test(body) && /url_?(?:parse|split)|parse_?url/i.test(body);
}

/** `validate_next_url`, `get_safe_redirect`: gives back an address that leads nowhere else. */
export function returnsCheckedAddress(fn: FunctionInfo): boolean {
  return (
    /safe|valid|saniti|clean|check|verif|allowed/i.test(fn.name) &&
    /url|uri|next|redirect|target|location|address|return/i.test(fn.name) &&
    takesAddressApart(fn)
  );
}

/** `validate_url(url)`, `_assert_public_host(url)`: raises unless the address leads where it may. */
export function refusesAddress(fn: FunctionInfo): boolean {
  return (
    /safe|valid|saniti|check|verif|allowed|ensure|assert|require|reject|refuse|guard|block|ssrf/i.test(
      fn.name,
    ) &&
    /url|uri|next|redirect|target|location|address|host|endpoint|ssrf/i.test(fn.name) &&
    /\braise\b|\babort\(/.test(fn.module.text.slice(fn.node.start, fn.node.end)) &&
    takesAddressApart(fn)
  );
}
