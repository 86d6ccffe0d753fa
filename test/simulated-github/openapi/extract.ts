/**
 * Cuts the operations that the simulated GitHub offers out of GitHub's published OpenAPI description.
 *
 * The description, `@octokit/openapi`, unpacks to 390 MB, so it is no dependency of the project. To add an
 * operation, add it to the list below and run, outside the repository,
 *
 *     npm install --prefix /tmp/openapi @octokit/openapi
 *
 * and then, here,
 *
 *     npx node test/simulated-github/openapi/extract.ts /tmp/openapi/node_modules/@octokit/openapi/generated/api.github.com.json
 */
import { readFileSync, writeFileSync } from 'node:fs';

const OPERATIONS = [
  'GET /app',
  'GET /app/installations',
  'GET /app/installations/{installation_id}',
  'POST /app/installations/{installation_id}/access_tokens',
  'GET /app/hook/deliveries',
  'GET /app/hook/deliveries/{delivery_id}',
  'POST /app/hook/deliveries/{delivery_id}/attempts',
  'GET /installation/repositories',
  'GET /repos/{owner}/{repo}',
  'GET /repos/{owner}/{repo}/installation',
  'GET /repos/{owner}/{repo}/branches/{branch}',
  'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
  'GET /repos/{owner}/{repo}/compare/{basehead}',
  'GET /repos/{owner}/{repo}/commits/{ref}',
  'GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls',
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
  'GET /repos/{owner}/{repo}/contents/{path}',
  'GET /repos/{owner}/{repo}/git/trees/{tree_sha}',
  'GET /repos/{owner}/{repo}/git/blobs/{file_sha}',
  'GET /repos/{owner}/{repo}/pulls',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/files',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews',
  'POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/comments',
  'POST /repos/{owner}/{repo}/pulls/{pull_number}/comments',
  'POST /repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies',
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'GET /repos/{owner}/{repo}/issues/comments/{comment_id}',
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
  'GET /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
  'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
  'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions/{reaction_id}',
  'POST /repos/{owner}/{repo}/check-runs',
  'GET /repos/{owner}/{repo}/check-runs/{check_run_id}',
  'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}',
  'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations',
];

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

const PROSE = new Set(['description', 'example', 'examples', 'externalDocs', 'title', 'x-github', 'x-octokit']);

const source = JSON.parse(readFileSync(process.argv[2]!, 'utf8'));
const used = new Set<string>();

function resolve(reference: string): Json {
  return reference
    .slice(2)
    .split('/')
    .reduce((value: any, key) => value[key.replaceAll('~1', '/').replaceAll('~0', '~')], source);
}

/** A schema in OpenAPI 3.0's dialect, turned into JSON Schema, without its prose. Collects what it refers to. */
function schema(value: Json): Json {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(schema);
  if (typeof value.$ref === 'string') {
    const name = value.$ref.replace('#/components/schemas/', '');
    used.add(name);
    return { $ref: `#/$defs/${name}` };
  }
  const out: JsonObject = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'properties' || key === 'patternProperties') {
      out[key] = Object.fromEntries(Object.entries(inner as JsonObject).map(([k, v]) => [k, schema(v)]));
    } else if (key === 'enum' || key === 'default' || key === 'required') out[key] = inner;
    // GitHub's alternatives overlap: a file's contents match more than one of them.
    else if (key === 'oneOf') out.anyOf = schema(inner);
    else if (!PROSE.has(key) && key !== 'nullable' && key !== 'deprecated') out[key] = schema(inner);
  }
  if (value.nullable !== true) return out;
  if (Array.isArray(out.enum) && !out.enum.includes(null)) out.enum = [...out.enum, null];
  if (typeof out.type === 'string') return { ...out, type: [out.type, 'null'] };
  return { anyOf: [out, { type: 'null' }] };
}

function jsonSchema(content: any): Json | undefined {
  const found = content?.['application/json']?.schema;
  return found === undefined ? undefined : schema(found);
}

const operations = OPERATIONS.map((operation) => {
  const [method, path] = operation.split(' ') as [string, string];
  const description = source.paths[path]?.[method.toLowerCase()];
  if (!description) throw new Error(`GitHub's description has no operation ${operation}`);
  const parameters = [...(source.paths[path].parameters ?? []), ...(description.parameters ?? [])]
    .map((parameter: any) => (parameter.$ref ? (resolve(parameter.$ref) as any) : parameter))
    .filter((parameter: any) => parameter.in !== 'header')
    .map((parameter: any) => ({
      name: parameter.name,
      in: parameter.in,
      required: parameter.required === true,
      schema: schema(parameter.schema),
    }));
  const responses: JsonObject = {};
  for (const [status, given] of Object.entries<any>(description.responses)) {
    const response = given.$ref ? (resolve(given.$ref) as any) : given;
    if (Number(status) < 400) responses[status] = jsonSchema(response.content) ?? null;
  }
  return {
    id: description.operationId,
    method,
    path,
    parameters,
    body: jsonSchema(description.requestBody?.content) ?? null,
    bodyRequired: description.requestBody?.required === true,
    responses,
  };
});

const definitions: JsonObject = {};
for (const name of used) definitions[name] = schema(source.components.schemas[name]);

// Where the description is wrong: outdated comments have no line (woocommerce/woocommerce#62322), and the head of a
// pull request from a deleted fork has no repository (github/rest-api-description#161).
(definitions['pull-request-review-comment'] as any).properties.line.type = ['integer', 'null'];
for (const name of ['pull-request', 'pull-request-simple']) {
  const { properties } = (definitions[name] as any).properties.head;
  properties.repo = { anyOf: [properties.repo, { type: 'null' }] };
}

writeFileSync(
  new URL('github.json', import.meta.url),
  `${JSON.stringify({ version: source.info.version, operations, $defs: definitions })}\n`,
);
console.log(`${operations.length} operations, ${used.size} schemas`);
