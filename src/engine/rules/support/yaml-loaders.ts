import type { CallView } from '../views.ts';

const SAFE_LOADER = /(^|\.)(C?SafeLoader|C?BaseLoader|C?FullLoader|RoundTripLoader|SafeLineLoader)$/;

/** PyYAML's loaders that make any object, and what derives from them. */
export const UNSAFE_LOADERS = ['yaml.Loader', 'yaml.UnsafeLoader', 'yaml.CLoader', 'yaml.CUnsafeLoader'];

/**
 * Whether a YAML load builds only plain data. PyYAML's `FullLoader` counts as such: since 5.4 it makes no objects
 * (https://github.com/yaml/pyyaml/wiki/PyYAML-yaml.load(input)-Deprecation). A loader of one's own derives, as a rule,
 * from the safe one; only PyYAML's and ruamel's own unsafe loaders, and none at all, are not safe.
 */
export function isSafeYamlLoad(call: CallView): boolean {
  if (/^(ruamel\.)?yaml\.unsafe_load(_all)?$/.test(call.callee)) return false;
  if (/^ruamel\.yaml\.YAML\.load(_all)?$/.test(call.callee)) {
    const type = call.receiver?.madeBy?.argument(undefined, 'typ')?.constant;
    return type !== 'unsafe' && type !== 'base_unsafe';
  }
  if (!/^(ruamel\.)?yaml\.load(_all)?$/.test(call.callee)) return call.callee.includes('yaml');
  const loader = call.argument(1, 'Loader');
  if (!loader) return call.hasUnknownArguments;
  const path = loader.path;
  if (path === undefined) {
    const written = call.argumentNode(1, 'Loader');
    // A loader bound by `partial` is not written here, and not known.
    return written === undefined || !isUnsafeName(call.sourceOf(written));
  }
  if (UNSAFE_LOADERS.some((unsafe) => loader.isA(unsafe))) return false;
  return SAFE_LOADER.test(path) || !isUnsafeName(path);
}

function isUnsafeName(name: string): boolean {
  return /(^|\.)(C?Loader|C?UnsafeLoader)$/.test(name);
}
