import { hasHole, hasQuotedHole, looksLikeSql } from '../../../../src/engine/rules/support/sql-text.ts';

describe('looksLikeSql', () => {
  test.each([
    'SELECT * FROM users WHERE id = \0',
    '  select name from t',
    'insert into t values (1)',
    'UPDATE t SET a = 1',
    'DELETE FROM t',
    'with recent as (select 1) select * from recent',
    'CREATE OR REPLACE VIEW v AS SELECT 1',
    '-- all users\nSELECT * FROM users',
    '/* hint */ SELECT * FROM users',
  ])('takes %j for SQL', (text) => expect(looksLikeSql(text)).toBe(true));

  test.each([
    '',
    'Please select a file',
    'update available',
    'deleted \0 items',
    'show must go on',
    'create a user',
    'within \0 days',
  ])('takes %j for something else', (text) => expect(looksLikeSql(text)).toBe(false));
});

test('holes, and holes between quotes', () => {
  expect(hasHole('a = \0')).toBe(true);
  expect(hasHole('a = 1')).toBe(false);
  expect(hasQuotedHole("name = '\0'")).toBe(true);
  expect(hasQuotedHole("name LIKE '%\0%'")).toBe(true);
  expect(hasQuotedHole("kind = 'x' AND id = \0")).toBe(false);
});
