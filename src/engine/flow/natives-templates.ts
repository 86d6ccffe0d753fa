/** What rendering a template makes of its values. */
import { exposedValues } from '../templates/exposed-values.ts';
import type { Frame } from './frame.ts';
import { KindSet } from './kinds.ts';
import type { Native } from './native.ts';
import { keywordOf } from './parameter-parts.ts';
import { knownElements } from './sequences.ts';
import {
  type Arguments,
  type CallRecord,
  cleaned,
  constantOf,
  joinTaint,
  NO_ARGUMENTS,
  NO_TAINT,
  type Taint,
  tainted,
  type Value,
} from './values.ts';

const MARKUP = KindSet.of('html', 'mail-html', 'xml');

/**
 * `template.render(…)`: the values are escaped, unless the environment that the template comes from is seen to be made
 * without, or the template itself says so. https://jinja.palletsprojects.com/en/stable/api/#autoescaping
 */
const rendered: Native = (frame, args, _node, receiver) => {
  if (!receiver) return undefined;
  const template = recordOf(receiver);
  // Of a template that is only known by an annotation nothing is seen.
  if (!template)
    return receiver.shape.kind === 'instance'
      ? tainted(joinTaint(frame.taintOf(receiver), cleaned(frame.taintOfAll(args), MARKUP)))
      : undefined;
  const isPlain = !template.receiver || template.receiver.shape.kind === 'api';
  const maker = isPlain ? template : recordOf(template.receiver);
  if (maker && !escapes(maker)) return undefined;
  const escaped = joinTaint(frame.taintOf(receiver), cleaned(frame.taintOfAll(args), MARKUP));
  return tainted(joinTaint(escaped, exposedTaint(frame, template.positional[0], args)));
};

/**
 * Mako escapes nothing by itself, but all values where `h` is among the default filters.
 * https://docs.makotemplates.org/en/latest/filtering.html#the-default-filters-argument
 */
const renderedByMako: Native = (frame, args, _node, receiver) => {
  const template = receiver && recordOf(receiver);
  const lookup = template?.receiver && recordOf(template.receiver);
  const filters = (lookup || template)?.keywords.get('default_filters');
  const names = filters && knownElements(frame, filters)?.map(constantOf);
  if (!names?.some((name) => name === 'h' || name === 'html_escape')) return undefined;
  return tainted(joinTaint(frame.taintOf(receiver!), cleaned(frame.taintOfAll(args), MARKUP)));
};

/** `render_template_string(source, name=value)` */
const renderedText: Native = (frame, args) => {
  const exposed = exposedTaint(frame, args.positional[0], args);
  return exposed.length > 0 ? tainted(exposed) : undefined;
};

/** `Template(source).render(Context({'name': value}))` of Django. */
const renderedWithContext: Native = (frame, args, _node, receiver) => {
  const source = receiver && recordOf(receiver)?.positional[0];
  const context = args.positional[0] && recordOf(args.positional[0])?.positional[0];
  if (!source || !context) return undefined;
  const exposed = exposedTaint(frame, source, { ...NO_ARGUMENTS, positional: [context] });
  return exposed.length > 0 ? tainted(exposed) : undefined;
};

/** The taint of the values that the template puts where they are not escaped, as far as its source is known. */
function exposedTaint(frame: Frame, source: Value | undefined, args: Arguments): Taint {
  const text = source && constantOf(source);
  if (typeof text !== 'string') return NO_TAINT;
  let taint: Taint = NO_TAINT;
  for (const { exposure, name } of exposedValues(text)) {
    if (exposure !== 'unescaped' && exposure !== 'unquoted') continue;
    const value = contextValue(frame, args, name);
    if (value) taint = joinTaint(taint, frame.taintOf(value));
  }
  return taint;
}

/** The value that a template gets under a name. */
function contextValue(frame: Frame, args: Arguments, name: string): Value | undefined {
  const given = args.keywords.get(name);
  if (given) return given;
  for (const value of [...args.positional, ...(args.extraKeywords ? [args.extraKeywords] : [])]) {
    const object = frame.objectOf(value);
    const entry = object?.kind === 'dict' ? (object.entries.get(name) ?? object.rest) : undefined;
    if (entry) return entry;
  }
  return args.extraKeywords ? keywordOf(args.extraKeywords, name) : undefined;
}

function recordOf({ shape }: Value): CallRecord | null {
  return shape.kind === 'instance' ? shape.madeBy : null;
}

function escapes({ keywords, node }: CallRecord): boolean {
  const setting = keywords.get('autoescape');
  return setting ? constantOf(setting) !== false : node.keywords.some(({ name }) => name === null);
}

export const TEMPLATE_NATIVES: readonly (readonly [string, Native])[] = [
  ['jinja2.Template.render', rendered],
  ['jinja2.Template.render_async', rendered],
  ['mako.template.Template.render', renderedByMako],
  ['mako.template.Template.render_unicode', renderedByMako],
  ['flask.render_template_string', renderedText],
  ['quart.render_template_string', renderedText],
  ['django.template.Template.render', renderedWithContext],
  ['django.template.base.Template.render', renderedWithContext],
];
