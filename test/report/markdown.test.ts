import fc from 'fast-check';
import { code } from '../../src/engine/finding.ts';
import { codeBlock, codeSpan, inCell, literal, markdown } from '../../src/report/markdown.ts';
import { visible } from '../../src/report/visible.ts';
import { HIDDEN, hostile, nodes, parse, proseOf, REFERENCE } from './hostile.ts';

/** The one paragraph's inline nodes; fails where the text became anything else. */
function inline(source: string) {
  const tree = parse(`x ${source} y`);
  expect(tree.children.map((child) => child.type)).toEqual(['paragraph']);
  return nodes(tree.children[0]!).slice(1);
}

describe('codeSpan', () => {
  test.each([
    ['name', '`name`'],
    ['a`b', '``a`b``'],
    ['`a`', '`` `a` ``'],
    [' a ', '`  a  `'],
    ['a\nb', '`a b`'],
    ['a\u202eb', '`a\\u202eb`'],
    ['\u001b[31m', '`\\x1b[31m`'],
    ['\u{e0041}', '`\\U000e0041`'],
    ['', '(empty)'],
    ['\n', '(empty)'],
  ])('shows %j as %s', (text, expected) => {
    expect(codeSpan(text)).toBe(expected);
  });

  test('hostile text is one code node that says exactly what is visible of it', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        fc.pre(visible(text).trim() !== '');
        const found = inline(codeSpan(text));
        expect(found.map((node) => node.type)).toEqual(['text', 'inlineCode', 'text']);
        const value = found[1]!.type === 'inlineCode' ? found[1].value : '';
        expect(value).toBe(visible(text));
        expect(value).not.toMatch(HIDDEN);
      }),
    );
  });
});

describe('literal', () => {
  test('hostile text is text, and GitHub finds nothing in it to link', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const found = inline(literal(text));
        expect(found.map((node) => node.type)).toEqual(['text']);
        const value = found[0]!.type === 'text' ? found[0].value : '';
        expect(value).not.toMatch(REFERENCE);
        expect(value.replaceAll('\u200b', '').slice(2, -2).trim()).toBe(visible(text).trim());
      }),
    );
  });

  test('is no block of its own at the start of a line', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const source = markdown([text.replaceAll('`', '')]);
        const tree = parse(source);
        if (source !== '') expect(tree.children.map((child) => child.type)).toEqual(['paragraph']);
      }),
    );
  });

  test.each([
    [':tada:', ':\u200btada:'],
    // What stands behind our text may bring the colon that is missing.
    ['by :tada', 'by :\u200btada'],
    ['by :tada ', 'by :\u200btada '],
    [':tada:-', ':\u200btada:\u200b-'],
  ])('breaks the emoji in %j', (text, expected) => {
    expect(literal(text)).toBe(expected);
  });

  test('plain words stay as they are', () => {
    expect(literal('The request parameter reaches the shell')).toBe(
      'The request parameter reaches the shell',
    );
  });
});

describe('markdown', () => {
  test('keeps code beside code apart, and reads backticks in our words as code', () => {
    expect(markdown(['Use ', code('a'), code('b'), ' or `c`.'])).toBe('Use `a`\u200b`b` or `c`.');
  });

  test('only text and code come out of any rich text', () => {
    const part = fc.oneof(
      hostile,
      hostile.map((value) => ({ code: value })),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), (rich) => {
        const found = inline(markdown(rich));
        expect(found.filter((node) => node.type !== 'text' && node.type !== 'inlineCode')).toEqual([]);
        for (const prose of proseOf(parse(markdown(rich)))) expect(prose).not.toMatch(REFERENCE);
      }),
    );
  });
});

test('a cell of a table holds any rich text', () => {
  fc.assert(
    fc.property(hostile, hostile, (prose, quoted) => {
      const cell = inCell(markdown([prose, { code: quoted }]));
      const tree = parse(`| a | b |\n| --- | --- |\n| ${cell} | end |`);
      const rows = nodes(tree).filter((node) => node.type === 'tableRow');
      expect(rows).toHaveLength(2);
      expect(rows[1]!.type === 'tableRow' && rows[1]!.children).toHaveLength(2);
      const last = nodes(rows[1]!).at(-1)!;
      expect(last.type === 'text' && last.value).toBe('end');
    }),
  );
});

test('a fenced block holds any lines', () => {
  fc.assert(
    fc.property(fc.array(hostile.map((line) => line.replace(/[\r\n\0\p{Cs}]/gu, ''))), (lines) => {
      const tree = parse(`${codeBlock(lines, 'suggestion')}\n\nafter`);
      expect(tree.children.map((child) => child.type)).toEqual(['code', 'paragraph']);
      const block = tree.children[0]!;
      expect(block.type === 'code' && block.value).toBe(lines.join('\n'));
    }),
  );
});
