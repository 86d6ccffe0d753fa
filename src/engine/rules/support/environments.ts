/** What the name of a file tells about where its settings are used. */

/** Settings for development, tests or continuous integration. */
export function isDevelopmentFile(path: string): boolean {
  return /(^|[/_.-])(dev|devel|develop|development|local|localhost|test|tests|testing|ci|debug|docker_dev|sandbox|example)([/_.-][^/]*)?\.py$|(^|\/)(dev|local|tests?|ci)\//i.test(
    path,
  );
}

/** Settings of the real thing. */
export function isProductionFile(path: string): boolean {
  return /(^|[/_.-])(prod|production|live|deploy|deployment|staging)[^/]*\.py$/i.test(path);
}
