import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { parseModule } from '../../../src/engine/syntax/parse.ts';
import { childrenOf, type TreeNode, walk } from '../../../src/engine/syntax/walk.ts';
import { printTree } from './print-tree.ts';

const parsed = (code: string): string[] => parseModule(code).module.body.map(printTree);
const unread = (code: string): string[] =>
  parseModule(code).module.unread.map((range) => `${range.reason}: ${code.slice(range.start, range.end)}`);

/** Blocks of code, each followed by `=> ` and the tree of each statement. */
const LANGUAGE = readFileSync(new URL('./language.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n\n')
  .map((block) => {
    const [code = '', ...trees] = block.split('\n=> ');
    return { code, trees };
  });

describe('the language', () => {
  test.each(LANGUAGE)('$code', ({ code, trees }) => {
    expect(parsed(code)).toEqual(trees);
    expect(unread(code)).toEqual([]);
  });
});

describe('comments and positions', () => {
  test('comments are kept wherever they stand, in order', () => {
    const code =
      '# 1\nx = f( # 2\n  a, # 3\n  b # 4\n).c # 5\nif x: # 6\n  # 7\n  pass\n# 8\nelse: pass\n(a # 9\n .b)\n';
    const { comments } = parseModule(code).module;
    expect(comments.map((comment) => comment.text)).toEqual(
      Array.from({ length: 9 }, (_, i) => `# ${i + 1}`),
    );
    for (const { start, end, text } of comments) expect(code.slice(start, end)).toBe(text);
  });

  test('offsets count UTF-16 units behind characters beyond the BMP', () => {
    const code = 's = "😀𝔘"; name = s\n';
    const [, second] = parseModule(code).module.body;
    expect(code.slice(second!.start, second!.end)).toBe('name = s');
  });

  test('line breaks of all kinds', () => {
    expect(parsed('x = """a\r\nb\rc"""\r\ny = 2\rz = 3\r')).toEqual([
      'Assign(targets=[x] value="a\\nb\\nc")',
      'Assign(targets=[y] value=2)',
      'Assign(targets=[z] value=3)',
    ]);
  });

  test('parentheses are not part of the position, decorators are', () => {
    const code = '@d\ndef f(): return ((a))\n';
    const [f] = parseModule(code).module.body;
    if (f?.kind !== 'FunctionDef' || f.body[0]?.kind !== 'Return') throw new Error('not a function');
    expect(f.start).toBe(0);
    expect(code.slice(f.nameStart, f.nameStart + 1)).toBe('f');
    expect(f.body[0].value).toEqual({ kind: 'Name', start: 21, end: 22, id: 'a' });
  });

  test('every node lies in its parent, behind its elder sibling, and names are what stands there', () => {
    const statement = fc.constantFrom(...LANGUAGE.map(({ code }) => code));
    const indented = statement.map((code) => `def f():\n${code.replace(/^/gm, '  ')}`);
    fc.assert(
      fc.property(fc.array(fc.oneof(statement, indented)), (statements) =>
        checkPositions(statements.join('\n')),
      ),
    );
  });

  test('whatever the text holds, it comes back with positions in order', () => {
    const pieces = fc.constantFrom(
      ...LANGUAGE.flatMap(({ code }) => code.split(/(?<=\W)/)),
      '\n',
      '  ',
      '\t',
      '\0',
      '\ud800',
      '\f',
    );
    fc.assert(fc.property(fc.array(pieces), (text) => checkPositions(text.join(''))));
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => checkPositions(text)));
  });
});

describe('broken input', () => {
  test('statements around and inside an error are kept', () => {
    const code = 'a = 1\nb = = 2\nc = 3\ndef f(:\n  d = 4\n';
    expect(parsed(code)).toEqual(
      expect.arrayContaining(['Assign(targets=[a] value=1)', 'Assign(targets=[c] value=3)']),
    );
    expect(unread(code).length).toBeGreaterThan(0);
  });

  test('an open bracket spoils its own definition only', () => {
    const code = 'def a(:\n  x = (\n@b\ndef c():\n  return 1\nclass D:\n  def e(self): pass\n';
    expect(parsed(code)).toEqual([
      'FunctionDef(name=c decorators=[b] body=[Return(value=1)])',
      'ClassDef(name=D body=[FunctionDef(name=e params=[Parameter(name=self passing=positional)] body=[Pass()])])',
    ]);
    checkPositions(code);
  });

  test('lines of a notebook lose only themselves', () => {
    const code = '%matplotlib inline\nx = 1\n!ls\ny = 2\n';
    expect(parsed(code)).toEqual(
      expect.arrayContaining(['Assign(targets=[x] value=1)', 'Assign(targets=[y] value=2)']),
    );
    expect(unread(code)).toContain('syntax-error: %matplotlib inline');
  });

  test.each(['((((', 'x = )', 'x = `y`', 'x =', 'class', 'def f(', "'''a", 'f"{x', '@', 'x[', 'a.'])(
    '%j is reported',
    (code) => {
      expect(unread(code)).not.toEqual([]);
    },
  );

  test.each(['', '# only a comment', '\n\n', '\f\n', ' '])('%j is empty, not broken', (code) => {
    expect(parsed(code)).toEqual([]);
    expect(unread(code)).toEqual([]);
  });
});

/** Each of these would overflow a recursion over the native tree. */
const DEEP = {
  parentheses: `${'('.repeat(5000)}x${')'.repeat(5000)}`,
  lists: `${'['.repeat(3000)}${']'.repeat(3000)}`,
  dictionaries: `${'{1:'.repeat(3000)}1${'}'.repeat(3000)}`,
  calls: `a${'.b()'.repeat(5000)}`,
  negations: `${'not '.repeat(5000)}x`,
  powers: Array(3000).fill('a').join(' ** '),
  'mixed operators': Array(10_000).fill('a').join(' + b - '),
  conditions: `${'x if y else '.repeat(3000)}z`,
  annotations: `x: ${'A['.repeat(3000)}b${']'.repeat(3000)}`,
  blocks: `${Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}if x:\n`).join('')}${' '.repeat(300)}pass\n`,
  patterns: `match x:\n  case ${'['.repeat(3000)}${']'.repeat(3000)}: pass\n`,
};

describe('deep and long input', () => {
  test.each(Object.entries(DEEP))('%s are cut off where they get too deep', (_name, code) => {
    const { module } = parseModule(`${code}\nafter = 1\n`);
    expect(module.unread.map((range) => range.reason)).toContain('too-deep');
    expect(module.body.map(printTree).at(-1)).toBe('Assign(targets=[after] value=1)');
    expect(depthOf(module as unknown as TreeNode)).toBeLessThan(700);
  });

  test('long chains are flat and whole', () => {
    const [sum] = parseModule(Array(20_000).fill('a').join(' + ')).module.body;
    if (sum?.kind !== 'ExpressionStatement' || sum.value.kind !== 'BinOp') throw new Error('not a sum');
    expect(sum.value.operands).toHaveLength(20_000);
    const [branches] = parseModule(`if a: pass\n${'elif b: pass\n'.repeat(5000)}`).module.body;
    if (branches?.kind !== 'If') throw new Error('not an if');
    expect(branches.elifs).toHaveLength(5000);
  });

  test('texts beyond the 32 KB of the binding', () => {
    const { module, lines } = parseModule('name = "ä😀" # comment\n'.repeat(50_000));
    expect(module.body).toHaveLength(50_000);
    expect(lines.lineAt(module.body.at(-1)!.start)).toBe(50_000);
    expect(module.unread).toEqual([]);
  });

  test('a worker thread has stack enough', async () => {
    const source = new URL('../../../src/engine/syntax/parse.ts', import.meta.url).href;
    const script = `
      import { parentPort, workerData } from 'node:worker_threads';
      const { parseModule } = await import(${JSON.stringify(source)});
      parentPort.postMessage(workerData.map((code) => parseModule(code).module.unread.length));`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`), {
      workerData: Object.values(DEEP),
    });
    const counts = await new Promise<number[]>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    expect(counts.every((count) => count > 0)).toBe(true);
  });
});

function checkPositions(code: string): void {
  walk(parseModule(code).module, (node) => {
    if (node.kind === 'Name') {
      const written = code.slice(node.start, node.end).normalize('NFKC');
      expect([(node as unknown as { id: string }).id, 'print', 'exec', 'type']).toContain(written);
    }
    for (const child of childrenOf(node)) {
      if (child.start < node.start || child.end > node.end || child.start > child.end) {
        throw new Error(
          `${child.kind} ${child.start}-${child.end} is not in ${node.kind} ${node.start}-${node.end}`,
        );
      }
    }
    for (const list of Object.values(node).filter(Array.isArray)) {
      for (let i = 1; i < list.length; i++) {
        if (list[i]?.start < list[i - 1]?.end) throw new Error(`${node.kind}: ${list[i].kind} overlaps`);
      }
    }
    return undefined;
  });
}

function depthOf(root: TreeNode): number {
  let deepest = 0;
  const stack: [TreeNode, number][] = [[root, 1]];
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    deepest = Math.max(deepest, entry[1]);
    for (const child of childrenOf(entry[0])) stack.push([child, entry[1] + 1]);
  }
  return deepest;
}
