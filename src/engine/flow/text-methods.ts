/** Methods of texts of which something is known. https://docs.python.org/3/library/stdtypes.html#string-methods */
import type { Call } from '../syntax/ast.ts';
import { behind, combined, formatted, NUMBER_FORMAT, ONE_LINE } from './arithmetic.ts';
import { mappingOf } from './containers.ts';
import type { Frame } from './frame.ts';
import { elementsIn, readItem } from './items.ts';
import { KindSet, NUMBER_IS_HARMLESS } from './kinds.ts';
import { duckSinks } from './methods.ts';
import { splitWords } from './natives-text.ts';
import { asText } from './special-methods.ts';
import {
  type Arguments,
  cleaned,
  constant,
  constantOf,
  joinTaint,
  makeValue,
  NO_TAINT,
  tainted,
  templateOf,
  textOf,
  UNKNOWN,
  type Value,
} from './values.ts';

export function textMethod(
  frame: Frame,
  receiver: Value,
  name: string,
  args: Arguments,
  node: Call,
): Value | undefined {
  const text = constantOf(receiver);
  const template = templateOf(receiver);
  const first = args.positional[0];
  switch (name) {
    case 'format':
    case 'format_map': {
      if (template === undefined) return undefined;
      duckSinks(frame, receiver, name, args, node);
      return formatText(frame, template, receiver, args, node, name === 'format_map');
    }
    case 'join': {
      if (!first || template === undefined) return undefined;
      const { elements, rest } = elementsIn(frame, first);
      let taint = receiver.taint;
      let out = '';
      for (const [i, element] of [...elements, ...(rest ? [rest] : [])].entries()) {
        if (i > 0) out += template;
        taint = joinTaint(taint, behind(out, frame.taintOf(element)));
        out += element === rest ? '\0' : formatted(element);
      }
      return textOf(out, combined(frame, taint, node));
    }
    case 'encode':
    case 'decode':
      return receiver;
    case 'lower':
    case 'upper':
    case 'strip':
    case 'lstrip':
    case 'rstrip':
    case 'title':
    case 'capitalize':
      if (typeof text !== 'string') break;
      if (args.positional.length > 0) return tainted(receiver.taint);
      return constant(changed(text, name), receiver.shape.kind === 'constant' && receiver.shape.bytes);
    case 'replace': {
      const [from, to] = args.positional;
      const a = from && constantOf(from);
      const b = to && templateOf(to);
      if (template !== undefined && typeof a === 'string' && a !== '' && b !== undefined && to) {
        const kept = cleaned(receiver.taint, withoutText(args));
        return textOf(template.replaceAll(a, b), combined(frame, joinTaint(kept, to.taint), node));
      }
      break;
    }
    case 'startswith':
    case 'endswith': {
      const other = first && constantOf(first);
      if (template !== undefined && typeof other === 'string') {
        const known =
          name === 'startswith'
            ? template.split('\0', 1)[0]!
            : template.slice(template.lastIndexOf('\0') + 1);
        if (typeof text === 'string' || known.length >= other.length) {
          return constant(name === 'startswith' ? known.startsWith(other) : known.endsWith(other));
        }
      }
      return UNKNOWN;
    }
    case 'isdigit':
      return typeof text === 'string' ? constant(/^\d+$/.test(text)) : UNKNOWN;
    case 'partition':
    case 'rpartition': {
      const separator = first && constantOf(first);
      return typeof separator === 'string'
        ? partitioned(receiver, separator, name === 'rpartition')
        : undefined;
    }
    case 'split': {
      const separator = first && constantOf(first);
      if (
        typeof text === 'string' &&
        typeof separator === 'string' &&
        separator !== '' &&
        args.positional.length === 1
      ) {
        const elements = text
          .split(separator)
          .slice(0, 50)
          .map((part) => constant(part));
        return frame.make(node, { kind: 'list', elements, rest: null }, NO_TAINT);
      }
      return args.positional.length === 0 ? splitWords(frame, receiver, node) : undefined;
    }
    default:
      break;
  }
  return undefined;
}

/** `text.partition('=')`, where the separator stands in what is known of the text. */
function partitioned(receiver: Value, separator: string, isLast: boolean): Value | undefined {
  const template = templateOf(receiver);
  if (template === undefined || separator === '') return undefined;
  const at = isLast ? template.lastIndexOf(separator) : template.indexOf(separator);
  if (at < 0) return undefined;
  // In a part that is not known it may stand before, or behind.
  const isSure = isLast ? !template.slice(at).includes('\0') : !template.slice(0, at).includes('\0');
  if (!isSure) return undefined;
  const parts = [template.slice(0, at), separator, template.slice(at + separator.length)];
  const elements = parts.map((part) => textOf(part, part.includes('\0') ? receiver.taint : NO_TAINT));
  return makeValue({ kind: 'tuple', elements });
}

function changed(text: string, name: string): string {
  switch (name) {
    case 'lower':
      return text.toLowerCase();
    case 'upper':
      return text.toUpperCase();
    case 'strip':
      return text.trim();
    case 'lstrip':
      return text.trimStart();
    case 'rstrip':
      return text.trimEnd();
    case 'capitalize':
      return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
    default:
      return text.replace(/\w+/g, (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase());
  }
}

/** `'{} {name}'.format(…)`, https://docs.python.org/3/library/string.html#format-string-syntax */
function formatText(
  frame: Frame,
  template: string,
  receiver: Value,
  args: Arguments,
  node: Call,
  fromMapping: boolean,
): Value {
  let taint = receiver.taint;
  if (args.extraPositional) taint = joinTaint(taint, args.extraPositional.taint);
  if (args.extraKeywords) taint = joinTaint(taint, args.extraKeywords.taint);
  let next = 0;
  let out = '';
  let end = 0;
  for (const match of template.matchAll(REPLACEMENT_FIELD)) {
    const [whole, field, conversion, spec] = match;
    out += template.slice(end, match.index);
    end = match.index + whole.length;
    if (whole === '{{' || whole === '}}') {
      out += whole[0];
      continue;
    }
    const given = fromMapping
      ? inMapping(frame, args.positional[0], field ?? '', node)
      : fieldValue(args, field ?? '', () => next++);
    const value = given && asText(frame, given, node);
    if (value) {
      const part = behind(out, frame.taintOf(value));
      const isNumber = spec !== undefined && !conversion && NUMBER_FORMAT.test(spec);
      const isQuoted = conversion === '!r' || conversion === '!a';
      taint = joinTaint(
        taint,
        cleaned(part, isNumber ? NUMBER_IS_HARMLESS : isQuoted ? ONE_LINE : KindSet.none),
      );
    }
    const plain = !fromMapping && !conversion && !spec && /^\w*$/.test(field ?? '');
    out += value && plain ? formatted(value) : '\0';
  }
  return textOf(out + template.slice(end), combined(frame, taint, node));
}

const REPLACEMENT_FIELD = /\{\{|\}\}|\{([^{}:!]*)(![rsa])?(:[^{}]*(?:\{[^{}]*\}[^{}]*)*)?\}/g;

/** What a replacement field such as `{}`, `{0}`, `{name}` or `{user.name}` speaks of. */
function fieldValue(args: Arguments, field: string, next: () => number): Value | undefined {
  const name = /^[^.[]*/.exec(field)![0];
  if (name === '') return args.positional[next()];
  return /^\d+$/.test(name) ? args.positional[Number(name)] : args.keywords.get(name);
}

/** What `format_map(values)` puts in the place of a field. */
function inMapping(frame: Frame, values: Value | undefined, field: string, node: Call): Value | undefined {
  const [name] = /^[^.[]*/.exec(field)!;
  return values && mappingOf(frame, values) ? readItem(frame, values, constant(name), node) : values;
}

/** `text.replace('\n', …)`: what a text cannot do any more that lacks a piece. */
export function withoutText(args: Arguments): KindSet {
  const [from, to] = args.positional.map(constantOf);
  // A text in SQL ends at a single quote; two of them are one in it. Nobody doubles quotes for what stands outside one.
  if (from === "'" && to === "''") return QUOTED;
  if (typeof from !== 'string' || typeof to !== 'string' || to.includes(from)) return KindSet.none;
  if (from === '\n' || from === '\r\n') return ONE_LINE;
  // `..` alone is the directory above, which no file is.
  if (from === '/' || from === '\\') return PATHS;
  if (from === '..') return NO_PARENT;
  return from === '<' ? MARKUP : KindSet.none;
}

const PATHS = KindSet.of('path', 'archive-member');
const NO_PARENT = KindSet.of('no-parent');
const QUOTED = KindSet.of('sql');
const MARKUP = KindSet.of('html', 'mail-html', 'xml');
