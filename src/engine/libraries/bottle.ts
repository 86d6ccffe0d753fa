import { at, type Library, named } from './library.ts';

const REQUEST = 'bottle.BaseRequest';
const METHODS = ['route', 'get', 'post', 'put', 'delete', 'patch'];

/** Bottle. */
export const bottle: Library = {
  name: 'Bottle',
  docs: 'https://bottlepy.org/docs/stable/api.html',
  aliases: { 'bottle.Request': REQUEST, 'bottle.LocalRequest': REQUEST },
  attributes: {
    'bottle.request': REQUEST,
    'bottle.response': 'bottle.BaseResponse',
    [`${REQUEST}.files`]: 'bottle.Files',
    'bottle.BaseResponse.headers': 'bottle.HeaderDict',
  },
  returns: {
    'bottle.Files.get': 'bottle.FileUpload',
    'bottle.default_app': 'bottle.Bottle',
    'bottle.app': 'bottle.Bottle',
  },
  elements: { 'bottle.Files': 'bottle.FileUpload' },
  bases: {
    'bottle.HTTPResponse': ['bottle.BaseResponse'],
    'bottle.Response': ['bottle.BaseResponse'],
    'bottle.HTTPError': ['bottle.HTTPResponse'],
  },
  neverReturns: ['bottle.abort', 'bottle.redirect'],
  sources: [
    {
      on: 'read',
      paths: [`${REQUEST}.query`, `${REQUEST}.GET`],
      level: 'remote',
      what: 'a query parameter of the request',
    },
    {
      on: 'read',
      paths: [`${REQUEST}.forms`, `${REQUEST}.POST`],
      level: 'remote',
      what: 'a form field of the request',
    },
    { on: 'read', paths: [`${REQUEST}.params`], level: 'remote', what: 'a parameter of the request' },
    {
      on: 'read',
      paths: [`${REQUEST}.json`],
      level: 'remote',
      what: 'the JSON body of the request',
      marks: ['json'],
    },
    { on: 'read', paths: [`${REQUEST}.body`], level: 'remote', what: 'the body of the request' },
    {
      on: 'read',
      paths: [`${REQUEST}.headers`, `${REQUEST}.environ`, `${REQUEST}.auth`],
      level: 'remote',
      what: 'a header of the request',
    },
    { on: 'read', paths: [`${REQUEST}.cookies`], level: 'remote', what: 'a cookie of the request' },
    {
      on: 'read',
      paths: [`${REQUEST}.url`, `${REQUEST}.urlparts`],
      level: 'remote',
      what: 'the address of the request',
    },
    {
      on: 'read',
      paths: [`${REQUEST}.path`, `${REQUEST}.fullpath`, `${REQUEST}.query_string`, `${REQUEST}.url_args`],
      level: 'remote',
      what: 'the path of the request',
    },
    {
      on: 'read',
      paths: [`${REQUEST}.files`],
      level: 'remote',
      what: 'an uploaded file of the request',
      marks: ['path', 'upload'],
    },
    { on: 'call', paths: [`${REQUEST}.get_cookie`], level: 'remote', what: 'a cookie of the request' },
    { on: 'call', paths: [`${REQUEST}.get_header`], level: 'remote', what: 'a header of the request' },
    {
      on: 'read',
      paths: ['bottle.FileUpload.raw_filename'],
      level: 'remote',
      what: 'the name of an uploaded file',
      marks: ['file-name'],
    },
    // `filename` is reduced to harmless characters by Bottle.
    {
      on: 'read',
      paths: ['bottle.FileUpload.filename'],
      level: 'remote',
      what: 'the name of an uploaded file',
      marks: ['file-name', 'path'],
    },
    {
      on: 'read',
      paths: ['bottle.FileUpload.file'],
      level: 'remote',
      what: 'the content of an uploaded file',
    },
  ],
  sinks: [
    {
      kind: 'template',
      paths: [
        'bottle.template',
        'bottle.SimpleTemplate',
        'bottle.MakoTemplate',
        'bottle.Jinja2Template',
        'bottle.CheetahTemplate',
        'bottle.mako_template',
        'bottle.jinja2_template',
      ],
      arguments: [at(0, 'source')],
    },
    { kind: 'redirect', paths: ['bottle.redirect'], arguments: [at(0, 'url')] },
    { kind: 'path', paths: ['bottle.static_file'], arguments: [named('root')] },
    {
      kind: 'html',
      paths: ['bottle.HTTPResponse', 'bottle.Response', 'bottle.HTTPError'],
      arguments: [at(0, 'body')],
    },
    { kind: 'html', paths: ['bottle.abort'], arguments: [at(1, 'text')] },
    { kind: 'html', on: 'attribute', paths: ['bottle.BaseResponse.body'], arguments: [at(0)] },
    {
      kind: 'header',
      paths: ['bottle.BaseResponse.set_header', 'bottle.BaseResponse.add_header'],
      arguments: [at(0), at(1)],
    },
    {
      kind: 'header',
      on: 'item',
      paths: ['bottle.HeaderDict', 'bottle.BaseResponse'],
      arguments: [at(0), at(1)],
    },
    { kind: 'cookie-name', paths: ['bottle.BaseResponse.set_cookie'], arguments: [at(0, 'name')] },
    { kind: 'cookie-value', paths: ['bottle.BaseResponse.set_cookie'], arguments: [at(1, 'value')] },
    { kind: 'path', paths: ['bottle.FileUpload.save'], arguments: [at(0, 'destination')] },
  ],
  sanitizers: [{ paths: ['bottle.html_escape', 'bottle.html_quote'], kinds: ['html', 'mail-html'] }],
  handlers: [
    {
      what: 'Bottle route',
      level: 'remote',
      decorators: ['bottle', 'bottle.Bottle'].flatMap((app) => METHODS.map((method) => `${app}.${method}`)),
      registeredBy: [{ paths: ['bottle.Bottle.route', 'bottle.route'], argument: at(2, 'callback') }],
      others: 'tainted',
      othersWhat: 'a path parameter',
      returns: 'html',
    },
    {
      what: 'Bottle error handler',
      level: 'remote',
      decorators: ['bottle.error', 'bottle.Bottle.error'],
      others: 'none',
      returns: 'html',
    },
  ],
};
