import iconv from 'iconv-lite';
import { decodePython, looksLikePython } from '../../../src/engine/syntax/decode.ts';

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

describe('decodePython', () => {
  test.each([
    ['plain ASCII', bytes('x = 1\n'), 'x = 1\n'],
    ['an empty file', bytes(''), ''],
    ['UTF-8 without declaration', bytes('s = "ä🎉"'), 's = "ä🎉"'],
    ['a byte order mark, which is dropped', bytes([0xef, 0xbb, 0xbf], 'x'), 'x'],
    ['a byte order mark and utf-8', bytes([0xef, 0xbb, 0xbf], '# coding: utf-8\n'), '# coding: utf-8\n'],
    ['latin-1', bytes('# -*- coding: latin-1 -*-\ns="', [0xe4], '"'), '# -*- coding: latin-1 -*-\ns="ä"'],
    ['cp1252', bytes('# coding=cp1252\n#', [0x80]), '# coding=cp1252\n#€'],
    ['an underscore in the name', bytes('# coding: iso_8859_15\n#', [0xa4]), '# coding: iso_8859_15\n#€'],
    ['the second line', bytes('#!/usr/bin/python\r\n# vim: set fileencoding=latin1 :\r\n#', [0xe4]), null],
    ['the line ending that Emacs adds', bytes('# coding: latin-1-unix\n#', [0xe4]), null],
    ['a lone carriage return as line break', bytes('\r# coding: latin1\r#', [0xe4]), null],
    ['Japanese', iconv.encode('# coding: euc-jp\ns = "日本"', 'euc-jp'), '# coding: euc-jp\ns = "日本"'],
    ['UTF-7, in which code can hide', bytes('# coding: utf-7\n+AG8-s'), '# coding: utf-7\nos'],
  ])('reads %s', (_name, input, expected) => {
    const decoded = decodePython(input);
    expect(decoded).toEqual({ text: expected ?? expect.stringMatching(/#ä$/) });
  });

  test.each([
    ['NUL bytes', bytes('x = 1\n', [0]), 'binary'],
    ['UTF-16', iconv.encode('x = 1', 'utf-16'), 'binary'],
    ['invalid UTF-8', bytes('s = "', [0xe4], '"'), 'undecodable'],
    ['an unknown encoding', bytes('# coding: rot13\n'), 'undecodable'],
    ['an encoding that is not for source code', bytes('# coding: base64\nAAAA'), 'undecodable'],
    ['bytes that the declared encoding lacks', bytes('# coding: ascii\n#', [0xe4]), 'undecodable'],
    [
      'a mark that contradicts the coding line',
      bytes([0xef, 0xbb, 0xbf], '# coding: latin-1\n'),
      'undecodable',
    ],
    ['a coding line after code', bytes('x = 1\n# coding: latin-1\n#', [0xe4]), 'undecodable'],
    ['a coding line in the third line', bytes('\n\n# coding: latin-1\n#', [0xe4]), 'undecodable'],
  ])('refuses %s', (_name, input, problem) => {
    expect(decodePython(input)).toMatchObject({ problem });
  });

  test('reads only its own part of a larger buffer', () => {
    const whole = bytes('\0# coding: latin-1\n#', [0xe4], '\0');
    expect(decodePython(whole.subarray(1, whole.length - 1))).toEqual({ text: '# coding: latin-1\n#ä' });
  });
});

test.each([
  ['a.py', '', true],
  ['stubs/a.pyi', '', true],
  ['gui.pyw', '', true],
  ['bin/tool', '#!/usr/bin/env python3', true],
  ['bin/tool', '#!/usr/bin/python2.7 -u\r', true],
  ['bin/tool', '#!/usr/bin/env -S python3 -I', true],
  ['bin/tool', '#!/opt/python/bin/ruby', false],
  ['bin/tool', '#!/bin/sh', false],
  ['bin/tool', 'python', false],
  ['a.pyc', '', false],
  ['a.python', '', false],
])('looksLikePython(%j, %j) is %j', (path, firstLine, expected) => {
  expect(looksLikePython(path, firstLine)).toBe(expected);
});
