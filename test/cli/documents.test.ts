import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RULES } from '../../src/engine/rules/index.ts';
import { DEFAULT_CONFIGURATION, readConfiguration } from '../../src/review/config.ts';
import { nodes, parse } from '../report/hostile.ts';
import { run } from './run.ts';

const ROOT = join(import.meta.dirname, '../..');
const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const codeIn = (path: string, language: string) =>
  nodes(parse(read(path))).flatMap((node) =>
    node.type === 'code' && node.lang === language ? [node.value] : [],
  );

test('the documented defaults are the defaults, and the documented example has no mistake', () => {
  const ruleIds = new Set(RULES.map((rule) => rule.id));
  const [defaults, example] = codeIn('docs/configuration.md', 'yaml').map((text) =>
    readConfiguration(text, ruleIds),
  );
  expect(defaults).toEqual({ configuration: DEFAULT_CONFIGURATION, notices: [] });
  expect(example!.notices).toEqual([]);
  expect(example!.configuration.suppressions).toHaveLength(1);
});

test('every command is documented', async () => {
  const { stdout } = await run(['--help']);
  const commands = stdout.match(/^ {2}(?!help\b)([a-z]+) (?=.* {2})/gm)!.map((line) => line.trim());
  expect(commands.length).toBeGreaterThan(4);
  for (const command of new Set(commands)) {
    if (command !== 'patchwarden') expect(read('docs/commands.md')).toContain(`| \`${command}`);
  }
});

test.each(DOCUMENTS)('%s links only to what is there', (document) => {
  const links = nodes(parse(read(document))).flatMap((node) => (node.type === 'link' ? [node.url] : []));
  const files = links
    .filter((address) => !/^[a-z]+:|^#/.test(address))
    .map((address) => address.split('#')[0]!);
  expect(files.filter((file) => !existsSync(join(ROOT, dirname(document), file)))).toEqual([]);
});
