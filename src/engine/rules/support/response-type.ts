import type { FlowView } from '../views.ts';

const OTHER_TYPE =
  /(?:content_type|mimetype|media_type|default_mimetype)\s*=\s*f?['"](?!text\/html|application\/xhtml)|['"]content-type['"]\s*(?:\]\s*=|:|,)\s*f?['"](?!text\/html|application\/xhtml)/i;
const HTML_TYPE = /text\/html|<html|<body|<h1|<p>|<div/i;

/**
 * The text that alone says what this answer is, whatever other answers the function gives: a page that is returned as
 * it is written, and a Django response that is not changed before it is returned.
 */
function ownAnswer(flow: FlowView): string | undefined {
  const { call, function: fn, node, sink } = flow;
  if (!fn) return undefined;
  if (sink === '') {
    const isWritten = /^\(?\s*(?:[rbf]*['"]|f['"])/i.test(flow.sourceOf(node));
    if (fn.handler !== 'Flask route' || !isWritten) return undefined;
    return [node, ...fn.node.decorators].map((part) => flow.sourceOf(part)).join('\n');
  }
  const isReturned =
    call !== undefined && /return\s*$/.test(fn.sourceOf(fn.node).slice(0, call.node.start - fn.node.start));
  return isReturned &&
    /^django\.http\.HttpResponse/.test(sink) &&
    call.argument(1, 'content_type') === undefined
    ? flow.sourceOf(call.node)
    : undefined;
}

/** Whether the function around says that what it answers with is something other than HTML: JSON, plain text, a file. */
export function answersOtherThanHtml(flow: FlowView): boolean {
  const own = ownAnswer(flow);
  if (own !== undefined) return OTHER_TYPE.test(own);
  const { function: fn } = flow;
  const source = fn ? fn.sourceOf(fn.node) : flow.module.text;
  const around = flow.class ? flow.class.sourceOf(flow.class.node) : source;
  if (OTHER_TYPE.test(source)) return !HTML_TYPE.test(source);
  // A handler class often sets the type for all of its methods.
  return (
    /def (?:set_default_headers|prepare|_set_headers|_headers|send_json|_send)\b/.test(around) &&
    OTHER_TYPE.test(around) &&
    !HTML_TYPE.test(around)
  );
}

/** Whether the text of the function or module shows that HTML is made here. */
export function makesHtml(flow: FlowView): boolean {
  return HTML_TYPE.test(flow.module.text);
}

/** Whether the value is a dict or list, which frameworks send as JSON. */
export function isStructure(flow: FlowView): boolean {
  const { value } = flow;
  return value.keys !== undefined || value.type === 'builtins.dict' || value.type === 'builtins.list';
}
