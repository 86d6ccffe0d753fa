import { code, text } from '../finding.ts';
import type { Reports, Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import { isBuilt, openParts, TAG } from './support/open-markup.ts';
import type { CallView, ValueView } from './views.ts';

/** `format_html(f'<b>{name}</b>')`: what is put in before is not escaped any more. */
function checkFormat(call: CallView): Reports {
  const node = call.argumentNode(0, 'format_string');
  const value = call.argument(0, 'format_string');
  if (!node || !value || !isBuilt(node) || value.sources.some((source) => source.level === 'remote'))
    return undefined;
  // A name in capitals is a constant of the module.
  const first = openParts(node).find((part) => !/^[A-Z_]+$/.test(call.sourceOf(part)));
  if (!first) return undefined;
  return {
    at: call.node,
    kind: 'advisory',
    message: text`${call.quote(first)} is put into the format of ${calledAs(call)} and so is not escaped.`,
    fix: { text: text`Pass it as an argument: ${code("format_html('…{}…', value)")}.` },
  };
}

function check(call: CallView): Reports {
  const node = call.argumentNode(0, 's') ?? call.argumentNode(0, 'object') ?? call.argumentNode(0);
  const value = call.argument(0, 's') ?? call.argument(0, 'object') ?? call.argument(0);
  if (
    !node ||
    !value ||
    value.constants ||
    /^\.(?:unescape|striptags)\(/.test(call.module.text.slice(call.node.end))
  )
    return undefined;
  // Outside input is cross-site scripting and reported as such.
  if (value.sources.some((source) => source.level === 'remote')) return undefined;
  const open = openParts(node).filter((part) => call.module.resolve(part) === '' || part.kind !== 'Name');
  const first = open[0];
  if (!first) return undefined;
  const built = isBuilt(node);
  return {
    at: call.node,
    kind: 'advisory',
    quiet: !built,
    message: built
      ? text`${calledAs(call)} declares a text to be safe HTML into which ${call.quote(first)} is put without being escaped.`
      : text`${calledAs(call)} declares ${call.quote(first)} to be safe HTML.`,
    fix: {
      text: call.callee.startsWith('django')
        ? text`Use ${code("format_html('…{}…', value)")}, which escapes what is put in.`
        : text`Use ${code("Markup('…{}…').format(value)")}, which escapes what is put in.`,
    },
  };
}

function isUnknown(value: ValueView): boolean {
  return (
    value.template === undefined &&
    value.type === undefined &&
    value.path === undefined &&
    value.keys === undefined &&
    value.elements === undefined
  );
}

/** `response['Content-Type'] = …`, `response.mimetype = …` further down. */
function setsType({ function: fn }: CallView): boolean {
  return fn !== undefined && /content[-_]type|mimetype|media_type/i.test(fn.sourceOf(fn.node));
}

/** A page that is put together from pieces of text, or made elsewhere: what it holds the code does not show. */
function checkPage(call: CallView): Reports {
  const node = call.argumentNode(0, 'response') ?? call.argumentNode(0, 'content');
  const value = call.argument(0, 'response') ?? call.argument(0, 'content');
  if (!node || !value || value.sources.some((source) => source.level === 'remote')) return undefined;
  if (/content_type|mimetype|media_type|headers/i.test(call.sourceOf(call.node).replace(/text\/html/g, '')))
    return undefined;
  if (node.kind === 'Name' && isUnknown(value) && !setsType(call)) {
    return {
      at: call.node,
      kind: 'advisory',
      quiet: true,
      message: text`${calledAs(call)} sends ${call.quote(node)} as HTML, and the code does not show that what it holds is escaped.`,
      fix: { text: text`Render a template that escapes, or send the text with its own content type.` },
    };
  }
  if (!value.template?.includes('\0') || !TAG.test(value.template)) return undefined;
  if (isBuilt(node) && openParts(node).length === 0) return undefined;
  return {
    at: call.node,
    kind: 'advisory',
    quiet: true,
    message: text`${call.quote(node)} is a page that is put together from texts, and nothing escapes them.`,
    fix: { text: text`Render a template that escapes.` },
  };
}

export const markupNotEscaped: Rule = {
  id: 'markup-not-escaped',
  title: 'Text declared to be safe HTML',
  cwe: [79, 80],
  aspect: 'injection',
  kind: 'advisory',
  severity: 'medium',
  rows: [32],
  summary:
    '`mark_safe`, `SafeString` or `Markup` of a text that is put together from values which nothing escapes; a page that a view puts together from such values. With a value of the request it is reported as cross-site scripting.',
  why: 'The template engine does not escape it any more: a name or title with a tag in it becomes part of the page.',
  fix: 'Use `format_html` in Django, `Markup("…{}…").format(value)` in Jinja2: they escape what is put in.',
  references: [
    'https://docs.djangoproject.com/en/stable/ref/utils/#django.utils.html.format_html',
    'https://markupsafe.palletsprojects.com/en/stable/',
  ],
  roles: { test: 'silent', example: 'silent', migration: 'silent' },
  calls: [
    {
      paths: [
        'django.utils.safestring.mark_safe',
        'django.utils.safestring.SafeString',
        'markupsafe.Markup',
        'webhelpers.html.literal',
        'webhelpers2.html.literal',
      ],
      check,
    },
    { paths: ['django.utils.html.format_html'], check: checkFormat },
    {
      paths: [
        'flask.make_response',
        'flask.Response',
        'django.http.HttpResponse',
        'fastapi.responses.HTMLResponse',
        'starlette.responses.HTMLResponse',
      ],
      check: checkPage,
    },
  ],
  examples: {
    bad: [
      {
        title: 'HTML that is put together',
        code: `
import markdown
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from markupsafe import Markup

def link(page):
    return mark_safe('<a href="%s">%s</a>' % (page.url, page.title))  # report

def bold(text):
    return Markup(f'<b>{text}</b>')  # report

def raw(text):
    return mark_safe(text)  # report

def rendered(text):
    return mark_safe(markdown.markdown(text))  # report

def formatted(text):
    return format_html(f'<b>{text}</b>')  # report
`,
      },
      {
        title: 'a page that is put together',
        code: `
from django.http import HttpResponse

def page(request):
    html = '<h1>%s</h1>' % heading()
    return HttpResponse(html)  # report

def preview(request, number):
    result = preview_of(number)
    return HttpResponse(result)  # report
`,
      },
    ],
    good: [
      {
        title: 'escaped, or constant',
        code: `
import json
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from markupsafe import Markup

SPACE = mark_safe('&nbsp;')

def link(page):
    return format_html('<a href="{}">{}</a>', page.url, page.title)

def bold(text):
    return Markup('<b>{}</b>').format(text)

def title(page):
    return mark_safe('<b>%s</b>' % escape(page.title))

def page(request, number):
    page = render_to_string('page.html', {'number': number})
    return HttpResponse(page)

def document(request, number):
    text, data = document_of(number), json.dumps({'number': number})
    if number:
        return HttpResponse(data)
    response = HttpResponse(text)
    response['Content-Type'] = 'application/pdf'
    return response
`,
      },
    ],
  },
};
