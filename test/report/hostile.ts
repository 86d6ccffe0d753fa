import fc from 'fast-check';
import type { Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

/** What hostile text is made of: Markdown, HTML, GitHub's references, our own marker, hidden characters. */
const FRAGMENTS = [
  '`',
  '``',
  '```',
  '~~~',
  '\\',
  '|',
  '\\|',
  '\n',
  '\r\n',
  '\n\n',
  '    ',
  '@octocat',
  '@acme/team',
  '#1',
  'GH-1',
  'gh-12',
  'acme/shop#3',
  'https://evil.example/x',
  'http://evil.example',
  'www.evil.example',
  'a@evil.example',
  '[a](https://evil.example)',
  '![a](https://evil.example/x.png)',
  '[a]: https://evil.example',
  '<img src=x>',
  '<script>',
  '</details>',
  '<!--',
  '-->',
  '<!-- patchwarden:fingerprint=00 -->',
  '&lt;',
  '&#64;octocat',
  '*a*',
  '_a_',
  '~~a~~',
  '# a',
  '- a',
  '1. a',
  '> a',
  '---',
  '===',
  '| a | b |\n| - | - |',
  '[^1]',
  '[ ]',
  ':tada:',
  '$a$',
  '\u202e',
  '\u2066',
  '\u200b',
  '\u3164',
  '\u0000',
  '\u001b[31m',
  '\ud800',
  'é',
  '名',
  '😀',
];

export const hostile = fc
  .oneof(
    fc.array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ unit: 'binary' })), { maxLength: 8 }),
    fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 5 }),
  )
  .map((pieces) => pieces.join(''));

/** Reads GitHub flavoured Markdown as GitHub does. */
export function parse(markdown: string): Root {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

/** Every node of a tree, parents first. */
export function nodes(tree: Nodes): Nodes[] {
  return [tree, ...('children' in tree ? tree.children.flatMap(nodes) : [])];
}

/** Texts in which GitHub would look for people, issues and addresses: those outside code. */
export function proseOf(tree: Nodes): string[] {
  return nodes(tree).flatMap((node) => (node.type === 'text' ? [node.value] : []));
}

/** What GitHub makes a link of in prose (https://docs.github.com/en/get-started/writing-on-github). */
export const REFERENCE = /@[a-z0-9]|#\d|\bgh-\d|https?:\/\/|\bwww\.|:[a-z0-9_+-]+:/i;

/** Characters that must not reach a reader unseen; zero-width spaces are our own, in prose only. */
export const HIDDEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200c-\u200f\u202a-\u202e\u2060-\u2069\u3164\ufeff]/u;
