import type { ValueView } from '../views.ts';

/** Where an address leads that is not encrypted. */
export interface OpenAddress {
  /** Undefined: not known. */
  readonly host: string | undefined;
  /** It is a default or one of several: the caller or the configuration can give another. */
  readonly canChange: boolean;
}

/** The `http:`, `ftp:` or `ws:` address that a value is or can be; none for the machine's own and its network's. */
export function openAddress(value: ValueView | undefined): OpenAddress | undefined {
  if (value === undefined) return undefined;
  const sure = hostOf(value.constant ?? value.template);
  if (sure !== undefined)
    return sure.host === '' || isPublicName(sure.host) ? known(sure.host, false) : undefined;
  const perhaps = [
    ...(value.constants ?? []),
    value.fallback?.constant,
    ...(value.elements ?? []).map(({ constant }) => constant),
  ];
  for (const option of perhaps) {
    const found = hostOf(option);
    if (found && found.host !== '' && isPublicName(found.host)) return known(found.host, true);
  }
  return undefined;
}

function known(host: string, canChange: boolean): OpenAddress {
  return { host: host === '' ? undefined : host, canChange };
}

/** The host of such an address; '' for one that is not known; undefined where it is another address. */
function hostOf(address: unknown): { readonly host: string } | undefined {
  if (typeof address !== 'string' || !/^(?:http|ftp|ws):\/\//i.test(address)) return undefined;
  const host = /^\w+:\/\/(?:[^/@\0]*@)?([^/:?#\0]+)(?=[/:?#]|$)/.exec(address)?.[1];
  if (host !== undefined) return { host };
  return /^\w+:\/\/\0/.test(address) ? { host: '' } : undefined;
}

/** A name with a dot that is no private, documentation-only or internal one. */
export function isPublicName(host: string): boolean {
  if (/^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|0\.0\.0\.0|\[?::1)/.test(host))
    return false;
  return (
    host.includes('.') &&
    !/\.(local|localhost|internal|lan|home|test|invalid|svc|cluster)$/i.test(host) &&
    !/^localhost\b/i.test(host)
  );
}

/** Whether it is known to be the machine itself or its network; `host:port` too. */
export function isLocalHost(host: ValueView | undefined): boolean {
  const name = host?.constant;
  return (
    typeof name === 'string' &&
    name !== '' &&
    !isPublicName(name.replace(/^\w+:\/\//, '').replace(/[:/].*$/, ''))
  );
}
