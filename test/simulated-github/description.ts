/** GitHub's OpenAPI description at work: which operation a request is, and whether request and response obey it. */
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** JSON Schema, as far as this file looks into it. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly Json[];
  readonly items?: Schema;
  readonly properties?: { readonly [name: string]: Schema };
  readonly required?: readonly string[];
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}

interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: 'path' | 'query';
    readonly required: boolean;
    readonly schema: Schema;
  }[];
  readonly body: Schema | null;
  readonly bodyRequired: boolean;
  readonly responses: { readonly [status: string]: Schema | null };
}

export interface Match {
  readonly operation: Operation;
  readonly path: { readonly [name: string]: string };
}

const description: { operations: Operation[]; $defs: { [name: string]: Schema } } = JSON.parse(
  readFileSync(new URL('openapi/github.json', import.meta.url), 'utf8'),
);

const OPTIONS = { strict: false, validateFormats: false, validateSchema: false };
const ajv = new Ajv(OPTIONS);
/** Parameters come as text. */
const coercing = new Ajv({ ...OPTIONS, coerceTypes: true });
const compiled = new Map<object, ValidateFunction>();

function errorsOf(validator: Ajv, schema: Schema, value: unknown): string | null {
  let validate = compiled.get(schema);
  if (!validate) {
    validate = validator.compile({ ...schema, $defs: description.$defs });
    compiled.set(schema, validate);
  }
  return validate(value) ? null : validator.errorsText(validate.errors);
}

const routes = description.operations.map((operation) => ({
  operation,
  names: [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!),
  // Only a path inside a repository may itself hold slashes.
  pattern: new RegExp(
    `^${operation.path.replace(/\{(\w+)\}/g, (_, name) => (name === 'path' || name === 'basehead' ? '(.+)' : '([^/]+)'))}$`,
  ),
}));

export function findOperation(method: string, path: string): Match | undefined {
  for (const { operation, names, pattern } of routes) {
    if (operation.method !== method) continue;
    const found = pattern.exec(path);
    if (!found) continue;
    return {
      operation,
      path: Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(found[i + 1]!)])),
    };
  }
  return undefined;
}

/** What is wrong with a request, or null. Parameters that GitHub does not know are wrong too. */
export function requestError(match: Match, query: URLSearchParams, body: Json | undefined): string | null {
  const { operation } = match;
  const values = new Map([...Object.entries(match.path), ...query.entries()]);
  for (const parameter of operation.parameters) {
    const value = values.get(parameter.name);
    if (value === undefined) {
      if (parameter.required) return `${parameter.name} is missing`;
      continue;
    }
    const error = errorsOf(coercing, wrapped(parameter.schema), { value });
    if (error) return `${parameter.name}: ${error}`;
  }
  for (const name of query.keys()) {
    if (!operation.parameters.some((parameter) => parameter.in === 'query' && parameter.name === name))
      return `there is no query parameter ${name}`;
  }
  if (operation.body === null) return body === undefined || isEmpty(body) ? null : 'there should be no body';
  if (body === undefined) return operation.bodyRequired ? 'the body is missing' : null;
  const known = propertiesOf(operation.body);
  for (const name of Object.keys(body as JsonObject)) {
    if (!known.has(name)) return `there is no property ${name}`;
  }
  return errorsOf(ajv, operation.body, body);
}

/** What is wrong with a response of ours, or null. */
export function responseError(operation: Operation, status: number, body: Json | undefined): string | null {
  if (!(status in operation.responses)) return `${status} is not a documented answer`;
  const schema = operation.responses[status];
  return schema ? errorsOf(ajv, schema, body) : null;
}

/**
 * Completes a response with a neutral value for each required property that the simulation has no fact for: null
 * where it may be, otherwise an empty string, zero, false or an empty list.
 */
export function complete(operation: Operation, status: number, facts: Json | undefined): Json | undefined {
  const schema = operation.responses[status];
  return schema && facts !== undefined ? fill(schema, facts) : facts;
}

/** The same for a named schema of the description, such as `pull-request`. */
export function completeAs(name: string, facts: JsonObject): JsonObject {
  return fill(description.$defs[name]!, facts) as JsonObject;
}

function fill(given: Schema, value: Json | undefined): Json {
  const schema = flat(given);
  if (value === undefined) {
    if (accepts(schema, 'null')) return null;
    if (schema.enum) return schema.enum[0]!;
    if (schema.type === undefined && !schema.properties) return {};
    switch (schema.type) {
      case 'string':
        return schema.format === 'date-time' ? '2026-01-01T00:00:00Z' : '';
      case 'integer':
      case 'number':
        return 0;
      case 'boolean':
        return false;
      case 'array':
        return [];
    }
  }
  if (value === null || (value !== undefined && typeof value !== 'object')) return value;
  const { items } = schema;
  if (Array.isArray(value)) return items ? value.map((item) => fill(items, item)) : value;
  const out: JsonObject = { ...value };
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    if (out[name] !== undefined) out[name] = fill(inner, out[name]);
    else if (schema.required?.includes(name)) out[name] = fill(inner, undefined);
  }
  return out;
}

/** A schema with its references and `allOf` merged; of alternatives, the first that is not null. */
function flat(schema: Schema): Schema {
  if (schema.$ref) return flat(description.$defs[schema.$ref.replace('#/$defs/', '')]!);
  if (schema.allOf) {
    const parts = schema.allOf.map(flat);
    return {
      ...schema,
      ...Object.assign({}, ...parts),
      properties: Object.assign({}, ...parts.map((part) => part.properties)),
      required: parts.flatMap((part) => part.required ?? []),
    };
  }
  if (schema.anyOf && !schema.properties) {
    const merged = flat(schema.anyOf.find((option) => option.type !== 'null')!);
    const isNullable = schema.anyOf.some((option) => accepts(option, 'null'));
    return isNullable ? { ...merged, type: [merged.type ?? 'object', 'null'].flat() } : merged;
  }
  return schema;
}

function accepts(schema: Schema, type: string): boolean {
  return schema.type === type || (Array.isArray(schema.type) && schema.type.includes(type));
}

function propertiesOf(schema: Schema): Set<string> {
  return new Set([
    ...Object.keys(schema.properties ?? {}),
    ...[...(schema.anyOf ?? []), ...(schema.allOf ?? [])].flatMap((option) => [...propertiesOf(option)]),
  ]);
}

const wrappers = new Map<Schema, Schema>();

/** Ajv coerces the properties of an object, not a value by itself. */
function wrapped(schema: Schema): Schema {
  const wrapper = wrappers.get(schema) ?? { type: 'object', properties: { value: schema } };
  wrappers.set(schema, wrapper);
  return wrapper;
}

function isEmpty(body: Json): boolean {
  return typeof body === 'object' && body !== null && Object.keys(body).length === 0;
}
