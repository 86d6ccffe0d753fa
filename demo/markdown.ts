import type pico from 'picocolors';

export type Colors = ReturnType<typeof pico.createColors>;

/** GitHub's Markdown, as far as Patchwarden writes it, for a terminal: lines of at most `width` characters. */
export function markdownLines(markdown: string, colors: Colors, width: number): string[] {
  const out: string[] = [];
  let fence = '';
  for (const block of withTables(markdown.replace(/<!--.*?-->\n?/gs, '').split('\n'))) {
    if (typeof block !== 'string') {
      out.push(...table(block, colors, width));
      continue;
    }
    const fenced = /^(`{3,})(\w*)/.exec(block);
    if (fenced) {
      if (fence === '' && fenced[2] === 'suggestion') out.push(colors.dim('Suggested change:'));
      fence = fence === '' ? fenced[2] || 'code' : '';
    } else if (fence !== '') {
      out.push(fence === 'suggestion' ? colors.green(`+ ${block}`) : `  ${block}`);
    } else if (/^<\/?details>?$/.test(block)) {
      // Shown open.
    } else {
      out.push(...paragraph(block, colors, width));
    }
  }
  // Several empty lines are shown as one, none at the ends.
  return out.filter((line, i) => line !== '' || (i > 0 && i < out.length - 1 && out[i - 1] !== ''));
}

function paragraph(line: string, colors: Colors, width: number): string[] {
  const heading = /^#+ (.*)/.exec(line)?.[1];
  if (heading) return [colors.bold(inline(heading, colors))];
  const summary = /<summary>(.*)<\/summary>/.exec(line)?.[1];
  if (summary) return [colors.dim(`${inline(summary, colors)}:`)];
  const small = /^<sub>(.*)<\/sub>$/.exec(line)?.[1];
  if (small) return [colors.dim(plain(small))];
  const marker = /^\s*(?:[-*]|\d+\.) /.exec(line)?.[0] ?? '';
  const rows = wrap(line.slice(marker.length), width - marker.length);
  return rows.map(
    (row, i) => (i === 0 ? marker.replace('-', '•') : ' '.repeat(marker.length)) + inline(row, colors),
  );
}

/** Breaks between words; a code span counts as one. */
function wrap(text: string, width: number): string[] {
  const rows: string[] = [];
  let row = '';
  for (const word of withoutLinks(text).match(/(?:`[^`]*`|\*\*[^*]*\*\*|\S)+/g) ?? []) {
    if (row !== '' && row.length + 1 + word.length > width) {
      rows.push(row);
      row = '';
    }
    row += row === '' ? word : ` ${word}`;
  }
  return [...rows, row];
}

function inline(text: string, colors: Colors): string {
  return withoutLinks(text)
    .split(/(`+[^`]+`+|\*\*[^*]+\*\*)/)
    .map((part) => {
      if (part.startsWith('`')) return colors.cyan(part.replace(/^`+|`+$/g, ''));
      if (part.startsWith('**')) return colors.bold(part.slice(2, -2));
      return unescaped(part);
    })
    .join('');
}

function plain(text: string): string {
  return unescaped(withoutLinks(text).replaceAll('`', '').replaceAll('**', ''));
}

function withoutLinks(text: string): string {
  return text.replace(/\[((?:`[^`]*`|[^\]])*)\]\([^)]*\)/g, '$1');
}

function unescaped(text: string): string {
  const entities: { readonly [name: string]: string } = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };
  return text
    .replace(/&(?:lt|gt|amp);/g, (entity) => entities[entity] ?? entity)
    .replace(/\\([\p{P}\p{S}])/gu, '$1');
}

/** Puts the rows of a table together. */
function withTables(lines: readonly string[]): (string | string[])[] {
  const blocks: (string | string[])[] = [];
  for (const line of lines) {
    const last = blocks.at(-1);
    if (!line.startsWith('|')) blocks.push(line);
    else if (Array.isArray(last)) last.push(line);
    else blocks.push([line]);
  }
  return blocks;
}

/** The last column takes what room there is, and as many lines as it needs. */
function table(lines: readonly string[], colors: Colors, width: number): string[] {
  const rows = lines
    .filter((line) => !/^[|\s:-]+$/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => plain(cell.trim())),
    );
  const columns = (rows[0]?.length ?? 1) - 1;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const indent = widths.reduce((sum, one) => sum + one + 2, 0);
  return rows.flatMap((row, i) => {
    const start = widths.map((one, column) => `${(row[column] ?? '').padEnd(one)}  `).join('');
    const [first = '', ...more] = wrap(row[columns] ?? '', width - indent);
    const shown = [start + first, ...more.map((rest) => ' '.repeat(indent) + rest)].map((line) =>
      line.trimEnd(),
    );
    return i === 0 ? shown.map(colors.dim) : shown;
  });
}
