import { at, type Library, RECEIVER } from './library.ts';
import { TEXT_KINDS } from './text-kinds.ts';

const REQUEST = 'werkzeug.wrappers.Request';
const RESPONSE = 'werkzeug.wrappers.Response';
/** How people write that the body is HTML. */
const HTML_TYPES = ['text/html', 'text/html; charset=utf-8', 'text/html;charset=utf-8'];

/** Werkzeug and MarkupSafe, on which Flask stands. */
export const werkzeug: Library = {
  name: 'Werkzeug, MarkupSafe',
  docs: 'https://werkzeug.palletsprojects.com/en/stable/wrappers/',
  aliases: {
    'werkzeug.Request': REQUEST,
    'werkzeug.BaseRequest': REQUEST,
    'werkzeug.wrappers.BaseRequest': REQUEST,
    'werkzeug.wrappers.request.Request': REQUEST,
    'werkzeug.Response': RESPONSE,
    'werkzeug.BaseResponse': RESPONSE,
    'werkzeug.wrappers.BaseResponse': RESPONSE,
    'werkzeug.wrappers.response.Response': RESPONSE,
    'werkzeug.secure_filename': 'werkzeug.utils.secure_filename',
    'werkzeug.FileStorage': 'werkzeug.datastructures.FileStorage',
    'werkzeug.redirect': 'werkzeug.utils.redirect',
    'werkzeug.security.safe_join': 'werkzeug.utils.safe_join',
    'jinja2.Markup': 'markupsafe.Markup',
    'jinja2.escape': 'markupsafe.escape',
    'jinja2.utils.markupsafe': 'markupsafe',
    'werkzeug.utils.escape': 'markupsafe.escape',
    'markupsafe.Markup.escape': 'markupsafe.escape',
  },
  returns: { 'werkzeug.utils.redirect': RESPONSE, 'markupsafe.escape': 'markupsafe.Markup' },
  attributes: {
    [`${RESPONSE}.headers`]: 'werkzeug.datastructures.Headers',
    [`${REQUEST}.files`]: 'flask.wrappers.Files',
  },
  sources: [
    { on: 'read', paths: [`${REQUEST}.args`], level: 'remote', what: 'a query parameter of the request' },
    { on: 'read', paths: [`${REQUEST}.form`], level: 'remote', what: 'a form field of the request' },
    { on: 'read', paths: [`${REQUEST}.values`], level: 'remote', what: 'a parameter of the request' },
    { on: 'read', paths: [`${REQUEST}.cookies`], level: 'remote', what: 'a cookie of the request' },
    {
      on: 'read',
      paths: [
        `${REQUEST}.headers`,
        `${REQUEST}.environ`,
        `${REQUEST}.user_agent`,
        `${REQUEST}.referrer`,
        `${REQUEST}.authorization`,
        `${REQUEST}.access_route`,
        `${REQUEST}.origin`,
        `${REQUEST}.content_type`,
        `${REQUEST}.mimetype`,
      ],
      level: 'remote',
      what: 'a header of the request',
    },
    {
      on: 'read',
      paths: [`${REQUEST}.host`, `${REQUEST}.host_url`],
      level: 'remote',
      what: 'the Host header of the request',
    },
    {
      on: 'read',
      paths: [`${REQUEST}.url`, `${REQUEST}.base_url`, `${REQUEST}.url_root`, `${REQUEST}.root_url`],
      level: 'remote',
      what: 'the address of the request',
    },
    {
      on: 'read',
      paths: [`${REQUEST}.path`, `${REQUEST}.full_path`],
      level: 'remote',
      what: 'the path of the request',
      marks: ['rooted'],
    },
    { on: 'read', paths: [`${REQUEST}.view_args`], level: 'remote', what: 'a path parameter' },
    {
      on: 'read',
      paths: [`${REQUEST}.query_string`],
      level: 'remote',
      what: 'the query string of the request',
    },
    {
      on: 'read',
      paths: [`${REQUEST}.data`, `${REQUEST}.stream`, `${REQUEST}.input_stream`],
      level: 'remote',
      what: 'the body of the request',
    },
    {
      on: 'read',
      paths: [`${REQUEST}.json`],
      level: 'remote',
      what: 'the JSON body of the request',
      marks: ['json'],
    },
    {
      on: 'read',
      paths: [`${REQUEST}.files`],
      level: 'remote',
      what: 'an uploaded file of the request',
      marks: ['path', 'upload'],
    },
    { on: 'call', paths: [`${REQUEST}.get_data`], level: 'remote', what: 'the body of the request' },
    {
      on: 'call',
      paths: [`${REQUEST}.get_json`],
      level: 'remote',
      what: 'the JSON body of the request',
      marks: ['json'],
    },
    {
      on: 'read',
      paths: ['werkzeug.datastructures.FileStorage.filename'],
      level: 'remote',
      what: 'the name of an uploaded file',
      marks: ['file-name'],
    },
    {
      on: 'read',
      paths: [
        'werkzeug.datastructures.FileStorage.content_type',
        'werkzeug.datastructures.FileStorage.mimetype',
        'werkzeug.datastructures.FileStorage.headers',
      ],
      level: 'remote',
      what: 'the type that the client gave an uploaded file',
    },
    {
      on: 'call',
      paths: ['werkzeug.datastructures.FileStorage.read', 'werkzeug.datastructures.FileStorage.readlines'],
      level: 'remote',
      what: 'the content of an uploaded file',
    },
    {
      on: 'read',
      paths: ['werkzeug.datastructures.FileStorage.stream'],
      level: 'remote',
      what: 'the content of an uploaded file',
    },
  ],
  sinks: [
    {
      kind: 'html',
      paths: [RESPONSE],
      arguments: [at(0, 'response')],
      when: [
        { argument: at(3, 'mimetype'), given: false },
        { argument: at(4, 'content_type'), given: false },
        { argument: at(2, 'headers'), given: false },
      ],
    },
    ...HTML_TYPES.flatMap((type) =>
      [at(3, 'mimetype'), at(4, 'content_type')].map((argument) => ({
        kind: 'html' as const,
        paths: [RESPONSE],
        arguments: [at(0, 'response')],
        when: [{ argument, is: type }],
      })),
    ),
    { kind: 'html', on: 'attribute', paths: [`${RESPONSE}.data`], arguments: [at(0)] },
    { kind: 'html', paths: [`${RESPONSE}.set_data`], arguments: [at(0, 'value')] },
    { kind: 'response', paths: [RESPONSE], arguments: [at(0, 'response')] },
    { kind: 'redirect', paths: ['werkzeug.utils.redirect'], arguments: [at(0, 'location')] },
    { kind: 'redirect', on: 'attribute', paths: [`${RESPONSE}.location`], arguments: [at(0)] },
    // Values with line breaks are refused by Headers itself; names are not.
    { kind: 'header', on: 'item', paths: ['werkzeug.datastructures.Headers'], arguments: [at(0), at(1)] },
    {
      kind: 'header',
      paths: [
        'werkzeug.datastructures.Headers',
        'werkzeug.datastructures.Headers.add',
        'werkzeug.datastructures.Headers.add_header',
        'werkzeug.datastructures.Headers.set',
        'werkzeug.datastructures.Headers.setdefault',
        'werkzeug.datastructures.Headers.extend',
      ],
      arguments: [at(0), at(1)],
    },
    { kind: 'header', paths: [RESPONSE], arguments: [at(2, 'headers')] },
    { kind: 'cookie-name', paths: [`${RESPONSE}.set_cookie`], arguments: [at(0, 'key')] },
    { kind: 'cookie-value', paths: [`${RESPONSE}.set_cookie`], arguments: [at(1, 'value')] },
    { kind: 'path', paths: ['werkzeug.datastructures.FileStorage.save'], arguments: [at(0, 'dst')] },
    { kind: 'upload', paths: ['werkzeug.datastructures.FileStorage.save'], arguments: [at(0, 'dst')] },
    { kind: 'html', paths: ['markupsafe.Markup'], arguments: [at(0, 'object')] },
    {
      kind: 'path',
      paths: ['werkzeug.utils.send_file', 'werkzeug.utils.send_from_directory'],
      arguments: [at(0)],
    },
  ],
  sanitizers: [
    {
      // `args.get('page', type=int)`: what cannot be converted is missing.
      paths: ['args', 'form', 'values'].flatMap((name) => [
        `${REQUEST}.${name}.get`,
        `${REQUEST}.${name}.getlist`,
      ]),
      kinds: TEXT_KINDS,
      when: [{ argument: at(2, 'type'), given: true }],
    },
    {
      paths: ['werkzeug.utils.secure_filename', 'werkzeug.utils.safe_join'],
      kinds: ['path', 'archive-member'],
    },
    {
      paths: [
        'markupsafe.escape',
        'markupsafe.escape_silent',
        'markupsafe.Markup.format',
        'markupsafe.Markup.join',
        'markupsafe.Markup.striptags',
        'markupsafe.Markup.__add__',
        'markupsafe.Markup.__radd__',
        'markupsafe.Markup.__mod__',
      ],
      kinds: ['html', 'mail-html', 'xml'],
    },
  ],
  propagators: [
    {
      paths: [
        'markupsafe.escape',
        'markupsafe.Markup',
        'werkzeug.utils.secure_filename',
        'werkzeug.utils.safe_join',
      ],
    },
    { paths: ['werkzeug.datastructures.FileStorage.read'], from: [RECEIVER] },
  ],
  handlers: [
    {
      // https://werkzeug.palletsprojects.com/en/stable/wrappers/#werkzeug.wrappers.Request.application
      what: 'Werkzeug application',
      level: 'remote',
      decorators: [`${REQUEST}.application`],
      parameters: [{ at: at(0, 'request'), type: REQUEST }],
      others: 'none',
      returns: 'response',
    },
  ],
};
