/** Questions about settings of cloud resources, which the same word names in many libraries. */
import type { CallView, ModuleView, ValueView } from '../views.ts';

/** What a call makes a cloud resource with. */
export type CloudLibrary = 'cdk' | 'boto3' | 'pulumi' | 'troposphere' | 'azure' | 'google';

const PREFIXES: readonly (readonly [string, CloudLibrary])[] = [
  ['aws_cdk.', 'cdk'],
  ['boto3.', 'boto3'],
  ['aioboto3.', 'boto3'],
  ['mypy_boto3_', 'boto3'],
  ['types_aiobotocore_', 'boto3'],
  ['pulumi_aws', 'pulumi'],
  ['pulumi_gcp', 'pulumi'],
  ['pulumi_azure', 'pulumi'],
  ['troposphere.', 'troposphere'],
  ['azure.mgmt.', 'azure'],
  ['google.cloud.', 'google'],
];

/** The library of what is called, undefined where it is none of these or not known. */
export function cloudLibraryOf(callee: string): CloudLibrary | undefined {
  return PREFIXES.find(([prefix]) => callee.startsWith(prefix))?.[1];
}

/** Whether full paths in one of these libraries begin with the name. */
export function isCloudLibrary(name: string): boolean {
  return PREFIXES.some(([prefix]) =>
    prefix.includes('.') ? prefix.startsWith(`${name}.`) : name.startsWith(prefix),
  );
}

/**
 * Whether it is a call of an AWS client with this name; a receiver whose class is not known counts, as clients are
 * often handed in and the names and arguments of boto3 are no others'.
 */
export function isAwsCall(call: CallView): boolean {
  return call.callee === '' || cloudLibraryOf(call.callee) === 'boto3';
}

/** The first of these keyword arguments that is given. */
export function keywordOf(
  call: CallView,
  ...names: readonly string[]
): { readonly name: string; readonly value: ValueView } | undefined {
  for (const name of names) {
    const value = call.argument(undefined, name);
    if (value) return { name, value };
  }
  return undefined;
}

/** False, or as CloudFormation writes it. */
export function isOff(value: ValueView | undefined): boolean {
  return value !== undefined && (value.constant === false || /^false$/i.test(String(value.constant ?? '')));
}

/** True, or as CloudFormation writes it. */
export function isOn(value: ValueView | undefined): boolean {
  return value !== undefined && (value.constant === true || /^true$/i.test(String(value.constant ?? '')));
}

/** The setting of a value that is a known dictionary or was made by a call: `{'enabled': False}`, `Options(enabled=False)`. */
export function settingOf(value: ValueView | undefined, ...names: readonly string[]): ValueView | undefined {
  for (const name of names) {
    const setting = value?.entry(name) ?? value?.madeBy?.argument(undefined, name);
    if (setting) return setting;
  }
  return undefined;
}

/** Whether the file serves web pages out of a bucket, which everybody is meant to read. */
export function hasWebsite(module: ModuleView): boolean {
  return /website|index_document|static_site/i.test(module.text);
}
