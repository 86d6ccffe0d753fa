/** True when the first line of a comment is `/recheck` and nothing else. */
export function isRecheck(body: string): boolean {
  return body.split('\n', 1)[0]?.trim() === '/recheck';
}
