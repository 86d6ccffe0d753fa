import fc from 'fast-check';
import { text } from '../../src/engine/finding.ts';
import { BODY_LIMIT, fingerprintOf, inlineComment } from '../../src/report/inline-comment.ts';
import { HIDDEN, hostile, nodes, parse, proseOf, REFERENCE } from './hostile.ts';
import { at, finding, PULL_REQUEST, shown } from './sample.ts';

const HEAD = `https://github.com/acme/shop/blob/${'a'.repeat(40)}`;

test('says what is wrong, how it gets there, what to do, and where to read more', () => {
  expect(inlineComment(shown(), PULL_REQUEST)).toBe(
    [
      '<!-- patchwarden:fingerprint=0123456789abcdef -->',
      "The request parameter `args['q']` becomes part of the SQL text of `cursor.execute`.",
      '',
      `1. [\`shop/search.py:10\`](${HEAD}/shop/search.py#L10): \`request.args['q']\` comes from the request`,
      `2. [\`shop/search.py:12\`](${HEAD}/shop/search.py#L12): \`query\` is run as SQL`,
      '',
      '**Fix:** Pass the value as a parameter: `cursor.execute(sql, (q,))`.',
      '',
      '<sub>high severity · [CWE-89](https://cwe.mitre.org/data/definitions/89.html) · ' +
        '[`sql-injection`](https://github.com/patchwarden/patchwarden/blob/main/docs/rules/sql-injection.md)</sub>',
    ].join('\n'),
  );
});

test('an advisory says that it is one', () => {
  const body = inlineComment(shown({ finding: finding({ kind: 'advisory' }) }), PULL_REQUEST);
  expect(body.split('\n')[1]).toMatch(/^\*\*Advisory:\*\* The request parameter/);
});

test('where the consequence is elsewhere, says where', () => {
  const body = inlineComment(
    shown({ elsewhere: true, finding: finding({ location: at('shop/db.py', 40) }) }),
    PULL_REQUEST,
  );
  expect(body).toContain(`the consequence is at [\`shop/db.py:40\`](${HEAD}/shop/db.py#L40).`);
});

test('a long trace is folded away', () => {
  const step = { location: at('a.py', 1), text: text`it is passed on` };
  const body = inlineComment(shown({ finding: finding({ trace: Array(4).fill(step) }) }), PULL_REQUEST);
  expect(body).toContain('<details><summary>How it gets there, in 4 steps</summary>\n\n1. ');
  expect(body).toContain('\n\n</details>\n\n**Fix:**');
});

describe('a suggested change', () => {
  const replacement = {
    path: 'shop/search.py',
    startLine: 12,
    endLine: 12,
    lines: ['    cursor.execute(sql, (q,))'],
  };
  const fix = { text: text`Pass a parameter.`, replacement };

  test('is offered where it replaces exactly the lines of the comment', () => {
    const body = inlineComment(shown({ finding: finding({ fix }) }), PULL_REQUEST);
    expect(body).toContain('```suggestion\n    cursor.execute(sql, (q,))\n```');
  });

  test.each([
    ['another line', { anchor: { path: 'shop/search.py', side: 'RIGHT', line: 13 } }],
    ['more lines', { anchor: { path: 'shop/search.py', side: 'RIGHT', startLine: 11, line: 12 } }],
    ['another file', { anchor: { path: 'shop/db.py', side: 'RIGHT', line: 12 } }],
    ['a removed line', { anchor: { path: 'shop/search.py', side: 'LEFT', line: 12 } }],
    ['the cause of a finding elsewhere', { elsewhere: true }],
  ] as const)('is not offered at %s', (_, changes) => {
    const body = inlineComment(shown({ finding: finding({ fix }), ...changes }), PULL_REQUEST);
    expect(body).not.toContain('suggestion');
    expect(body).toContain('**Fix:** Pass a parameter.');
  });

  test('is not offered with characters that the reader would not see', () => {
    const hidden = { ...fix, replacement: { ...replacement, lines: ['x = 1 # \u202e'] } };
    expect(inlineComment(shown({ finding: finding({ fix: hidden }) }), PULL_REQUEST)).not.toContain(
      'suggestion',
    );
  });

  test('cannot be closed by what it holds', () => {
    const fenced = { ...fix, replacement: { ...replacement, lines: ['"""', '```', '@octocat'] } };
    const tree = parse(inlineComment(shown({ finding: finding({ fix: fenced }) }), PULL_REQUEST));
    const blocks = nodes(tree).filter((node) => node.type === 'code');
    expect(blocks).toMatchObject([{ lang: 'suggestion', value: '"""\n```\n@octocat' }]);
  });
});

test('whatever the code is called, a comment links only where we mean it to and mentions nobody', () => {
  fc.assert(
    fc.property(hostile, hostile, hostile, (name, path, fixText) => {
      const body = inlineComment(
        shown({
          finding: finding({
            message: text`The name ${{ code: name }} and ${name} are bad.`,
            location: at(path, 3),
            trace: [{ location: at(path, 2), text: text`${{ code: name }} is read` }],
            fix: { text: text`${fixText}` },
          }),
          elsewhere: true,
        }),
        PULL_REQUEST,
      );
      expect(fingerprintOf(body)).toBe('0123456789abcdef');
      const tree = parse(body);
      expect(tree.children.map((child) => child.type)).toEqual([
        'html',
        'paragraph',
        'paragraph',
        'list',
        'paragraph',
        'paragraph',
      ]);
      const all = nodes(tree);
      const addresses = all.flatMap((node) => (node.type === 'link' ? [node.url] : []));
      for (const address of addresses) expect(address).toMatch(/^https:\/\/(github\.com|cwe\.mitre\.org)\//);
      expect(addresses).toHaveLength(4);
      expect(
        all.filter((node) => node.type === 'html').map((node) => node.type === 'html' && node.value),
      ).toEqual(['<!-- patchwarden:fingerprint=0123456789abcdef -->', '<sub>', '</sub>']);
      expect(all.some((node) => node.type === 'image' || node.type === 'imageReference')).toBe(false);
      for (const prose of proseOf(tree)) expect(prose).not.toMatch(REFERENCE);
      expect(body.replaceAll('\n', '')).not.toMatch(HIDDEN);
    }),
  );
});

test('a fingerprint is only read where we write it', () => {
  const marker = '<!-- patchwarden:fingerprint=aa -->';
  expect(fingerprintOf(`${marker}\nrest`)).toBe('aa');
  expect(fingerprintOf(`> ${marker}`)).toBeUndefined();
  expect(fingerprintOf(`text ${marker}`)).toBeUndefined();
});

test('a comment never outgrows what GitHub takes, and loses neither the message nor the fix', () => {
  const step = { location: at(`${'directory/'.repeat(30)}a.py`, 1), text: text`it is passed on` };
  const body = inlineComment(shown({ finding: finding({ trace: Array(500).fill(step) }) }), PULL_REQUEST);
  expect(body.length).toBeLessThanOrEqual(BODY_LIMIT);
  expect(body).toContain('becomes part of the SQL text');
  expect(body).toContain('490 steps between them are left out here.');
  expect(body).toContain('**Fix:**');
});
