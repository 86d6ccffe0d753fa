import fc from 'fast-check';
import { bounded, byteLength, truncateBytes } from '../../src/report/bounded.ts';

const item = fc.string({ unit: fc.constantFrom('a', 'é', '名', '😀', ' '), minLength: 1, maxLength: 80 });
const section = fc.record({
  heading: fc.constantFrom('', '### Heading'),
  items: fc.array(
    item.map((text) => `* ${text}`),
    { maxLength: 40 },
  ),
  separator: fc.constantFrom('\n' as const, '\n\n' as const),
  noun: fc.constant('things'),
});

test('never too long; whole items, and the rest counted', () => {
  fc.assert(
    fc.property(
      fc.array(section, { maxLength: 4 }),
      fc.integer({ min: 800, max: 4000 }),
      (sections, limit) => {
        const text = bounded(sections, limit);
        expect(byteLength(text)).toBeLessThanOrEqual(limit);
        const all = sections.flatMap(({ items }) => items);
        const shown = text.split('\n').filter((line) => line.startsWith('* '));
        for (const line of shown) expect(all).toContain(line);
        const missing = [...text.matchAll(/^_(\d+) more things left out/gm)].reduce(
          (sum, [, n]) => sum + Number(n),
          0,
        );
        expect(shown.length + missing).toBe(all.length);
      },
    ),
  );
});

test('everything is shown where there is room', () => {
  const sections = [
    { heading: '### A', items: ['- 1', '- 2'], separator: '\n' as const, noun: 'items' },
    { heading: '### B', items: [], separator: '\n' as const, noun: 'items' },
    { heading: '', items: ['x', 'y'], separator: '\n\n' as const, noun: 'items' },
  ];
  expect(bounded(sections, 1000)).toBe('### A\n- 1\n- 2\n\nx\n\ny');
});

test('a text is cut between characters', () => {
  fc.assert(
    fc.property(item, fc.integer({ min: 3, max: 60 }), (text, limit) => {
      const cut = truncateBytes(text, limit);
      expect(byteLength(cut)).toBeLessThanOrEqual(Math.max(limit, 3));
      expect(cut.isWellFormed()).toBe(true);
      if (byteLength(text) <= limit) expect(cut).toBe(text);
      else expect(text.startsWith(cut.slice(0, -1)) && cut.endsWith('…')).toBe(true);
    }),
  );
});
