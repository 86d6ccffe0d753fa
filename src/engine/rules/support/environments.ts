/** What the name of a file tells about where its settings are used. */

/** Settings for development, tests or continuous integration. */
export function isDevelopmentFile(path: string): boolean {
  const isNamed =
    /(^|\/)(dev|devel|develop|development|local|localhost|ci|sandbox|debug|tests?|testing)(_?(settings|config))?\.py$/i;
  const isSettings =
    /(settings|config|conf)\w*[/_.-](.*[/_.-])?(dev|devel|develop|development|local|ci|sandbox|debug|tests?|testing|example|docker_dev)\w*\.py$/i;
  return (
    isNamed.test(path) ||
    isSettings.test(path) ||
    /(^|[/_])(dev|local|test)_(settings|config)\.py$/i.test(path)
  );
}

/** Settings of the real thing. */
export function isProductionFile(path: string): boolean {
  return /(^|[/_.-])(prod|production|live|deploy|deployment|staging)[^/]*\.py$/i.test(path);
}
