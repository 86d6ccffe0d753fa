import { isRecheck } from '../../src/app/commands.ts';

test.each([
  '/recheck',
  '/recheck ',
  '/recheck\r\n',
  '/recheck\nthe base was broken',
  '/recheck\r\n\r\nthanks',
])('%j is the command', (body) => {
  expect(isRecheck(body)).toBe(true);
});

test.each([
  '',
  'recheck',
  '/rechecks',
  '/recheck now',
  'x\n/recheck',
  '\n/recheck',
  '> /recheck',
  '`/recheck`',
])('%j is not', (body) => {
  expect(isRecheck(body)).toBe(false);
});
