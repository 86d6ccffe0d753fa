import iconv from 'iconv-lite';

export type Decoded =
  | { readonly text: string }
  | { readonly problem: 'undecodable' | 'binary'; readonly detail: string };

/** PEP 263: the comment that names the encoding. */
const CODING_LINE = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;
const BLANK_OR_COMMENT = /^[ \t\f]*(?:#|$)/;
/** iconv-lite knows these, but Python refuses them for source code: they do not contain ASCII. */
const NOT_FOR_SOURCE = /^(?:hex|base64|binary|ucs|utf16|utf32)/;

/**
 * Turns a Python file's bytes into text as Python does: byte order mark, then the coding line of PEP 263
 * (https://peps.python.org/pep-0263/), then UTF-8. The text has no byte order mark.
 */
export function decodePython(bytes: Uint8Array): Decoded {
  if (bytes.includes(0)) return { problem: 'binary', detail: 'the file contains NUL bytes' };
  const declared = declaredEncoding(bytes);
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  if (declared === null || isUtf8(declared)) return decodeUtf8(bytes);
  if (hasMark) {
    return undecodable(`the byte order mark says UTF-8, but the coding line says ${declared}`);
  }
  const compact = declared.replaceAll('-', '');
  if (NOT_FOR_SOURCE.test(compact) || !iconv.encodingExists(declared)) {
    return undecodable(`the coding line names an encoding that is not supported: ${declared}`);
  }
  const text = iconv.decode(bytes, declared);
  return text.includes('\ufffd') ? undecodable(`the file is not valid ${declared}`) : { text };
}

/** Whether a file holds Python: by its suffix, or by the `#!` line of a script. */
export function looksLikePython(path: string, firstLine: string): boolean {
  return /\.py[iw]?$/i.test(path) || /^#!.*[/\s](?:python|pypy)[\w.-]*(?:\s|$)/.test(firstLine);
}

function declaredEncoding(bytes: Uint8Array): string | null {
  const [first, second] = firstTwoLines(bytes);
  const line = CODING_LINE.test(first) || !BLANK_OR_COMMENT.test(first) ? first : second;
  const name = CODING_LINE.exec(line)?.[1];
  if (name === undefined) return null;
  // Editors append the line ending: `utf-8-unix`.
  return name
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/-(?:unix|dos|mac)$/, '');
}

function firstTwoLines(bytes: Uint8Array): [string, string] {
  const mark = bytes[0] === 0xef ? 3 : 0;
  let end = mark;
  for (let breaks = 0; end < bytes.length; end++) {
    const isBreak = bytes[end] === 10 || (bytes[end] === 13 && bytes[end + 1] !== 10);
    if (isBreak && ++breaks === 2) break;
  }
  const head = Buffer.from(bytes.buffer, bytes.byteOffset + mark, Math.max(0, end - mark)).toString('latin1');
  const [first = '', second = ''] = head.split(/\r\n|\r|\n/);
  return [first, second];
}

function isUtf8(encoding: string): boolean {
  return /^(?:utf-?8(?:-sig)?|u8)$/.test(encoding);
}

function decodeUtf8(bytes: Uint8Array): Decoded {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return undecodable('the file is not valid UTF-8 and has no coding line');
  }
}

function undecodable(detail: string): Decoded {
  return { problem: 'undecodable', detail };
}
