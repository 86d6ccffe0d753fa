import type { Location } from '../engine/finding.ts';
import type { PullRequest } from '../review/change.ts';

/** The web addresses that a report links to. */
export interface Site {
  /** Where people read repositories; GitHub Enterprise Server has its own. No slash at the end. */
  readonly web: string;
  /** The folder of the rule pages. No slash at the end. */
  readonly rulePages: string;
}

export const GITHUB: Site = {
  web: 'https://github.com',
  rulePages: 'https://github.com/patchwarden/patchwarden/blob/main/docs/rules',
};

export function cweLink(cwe: number): string {
  return `https://cwe.mitre.org/data/definitions/${cwe}.html`;
}

export function ruleLink(ruleId: string, site: Site): string {
  return `${site.rulePages}/${encodeURIComponent(ruleId)}.md`;
}

/**
 * The place on the web, in the head of the pull request or, for code that the change removed, in its merge base.
 * Undefined for a local change, which has no web.
 */
export function blobLink(
  location: Location,
  pullRequest: PullRequest,
  site: Site,
  side: 'head' | 'base' = 'head',
): string | undefined {
  if (pullRequest.number === 0) return undefined;
  const { owner, name } = pullRequest.repository;
  const sha = side === 'head' ? pullRequest.head.sha : pullRequest.mergeBaseSha;
  const path = location.path.split('/').map(encode).join('/');
  const lines =
    location.endLine > location.startLine
      ? `L${location.startLine}-L${location.endLine}`
      : `L${location.startLine}`;
  return `${site.web}/${encode(owner)}/${encode(name)}/blob/${encode(sha)}/${path}#${lines}`;
}

/** As encodeURIComponent, with what Markdown reads in an address encoded too. A lone surrogate becomes U+FFFD. */
function encode(part: string): string {
  return encodeURIComponent(part.toWellFormed()).replace(
    /[!'()*_~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
