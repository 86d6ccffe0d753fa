import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NO_DEFECTS } from '../../src/review/review.ts';

const DEMO = join(import.meta.dirname, '../../demo/demo.ts');

test('the demo finds the defects, sees them fixed, and ends by itself without colour in a pipe', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--no-warnings', DEMO]);
  expect(stderr).toBe('');
  for (const place of [
    'catalog.py line 18',
    'invoices.py line 12',
    'suppliers.py line 10',
    'suppliers.py line 15',
  ]) {
    expect(stdout).toContain(`bookshop/${place}\n`);
    expect(stdout).toContain(`✓ bookshop/${place}: `);
  }
  expect(stdout).toMatch(/✗ Patchwarden {2}4 security defects/);
  expect(stdout).toContain('Advisories');
  expect(stdout).toContain('binds its values');
  expect(stdout).toContain(`✓ Patchwarden  ${NO_DEFECTS}`);
  expect(stdout).not.toContain('\u001b');
  expect(stdout).not.toMatch(/<\/?(sub|details|summary)>|&(lt|amp);|\]\(http/);
}, 90_000);
