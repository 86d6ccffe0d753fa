import { at, type Library, named, RECEIVER } from './library.ts';

const REQUEST = 'flask.wrappers.Request';
const RESPONSE = 'werkzeug.wrappers.Response';
const ROUTES = ['route', 'get', 'post', 'put', 'delete', 'patch', 'endpoint'];
const HOOKS = ['before_request', 'after_request', 'teardown_request', 'url_value_preprocessor'];
const APPS = ['flask.Flask', 'flask.Blueprint'];

/** Werkzeug merges slashes before it matches a route, so that no part of it begins with one. https://werkzeug.palletsprojects.com/en/stable/routing/#werkzeug.routing.Map */
const OF_ROUTE = ['relative'] as const;

/** Flask and what grew around it: Blueprints, Quart, Flask-RESTful, Flask-RESTX, Flask-Login, Flask-WTF, Flask-AppBuilder. */
export const flask: Library = {
  name: 'Flask, Quart, Flask-RESTful, Flask-RESTX, Flask-WTF',
  docs: 'https://flask.palletsprojects.com/en/stable/api/',
  aliases: {
    'flask.app.Flask': 'flask.Flask',
    'flask.blueprints.Blueprint': 'flask.Blueprint',
    'flask.globals.request': 'flask.request',
    'flask.Request': REQUEST,
    'flask.Response': RESPONSE,
    'flask.wrappers.Response': RESPONSE,
    'flask.Markup': 'markupsafe.Markup',
    'flask.escape': 'markupsafe.escape',
    'flask.helpers.send_file': 'flask.send_file',
    'flask.helpers.send_from_directory': 'flask.send_from_directory',
    'flask.templating.render_template_string': 'flask.render_template_string',
    // Quart has Flask's API with awaits: https://quart.palletsprojects.com/
    quart: 'flask',
    'quart.wrappers': 'flask.wrappers',
    // https://flask-restx.readthedocs.io/
    flask_restx: 'flask_restful',
    flask_restplus: 'flask_restful',
    'flask_openapi3.OpenAPI': 'flask.Flask',
    'flask_openapi3.APIBlueprint': 'flask.Blueprint',
    'apiflask.APIFlask': 'flask.Flask',
    'apiflask.APIBlueprint': 'flask.Blueprint',
    'connexion.request': 'flask.request',
    'flask_smorest.Blueprint': 'flask.Blueprint',
    // https://wtforms.readthedocs.io/en/stable/fields/
    'wtforms.fields': 'wtforms',
    'wtforms.fields.html5': 'wtforms',
    'flask_wtf.file.FileField': 'wtforms.FileField',
    'flask_wtf.file.MultipleFileField': 'wtforms.MultipleFileField',
    'flask_wtf.FileField': 'wtforms.FileField',
  },
  returns: {
    'flask.make_response': RESPONSE,
    'flask.redirect': RESPONSE,
    'flask.jsonify': RESPONSE,
    'flask.send_file': RESPONSE,
    'flask.send_from_directory': RESPONSE,
    'flask_restful.reqparse.RequestParser.parse_args': 'flask_restful.reqparse.Namespace',
    'flask_restful.Api.namespace': 'flask_restful.Namespace',
    'flask.wrappers.Files.get': 'werkzeug.datastructures.FileStorage',
    'flask.wrappers.Files.getlist': 'werkzeug.datastructures.FileList',
  },
  attributes: {
    'flask.request': REQUEST,
    [`${REQUEST}.files`]: 'flask.wrappers.Files',
    'flask.session': 'flask.sessions.SessionMixin',
    'flask.Flask.logger': 'logging.Logger',
    'flask.current_app': 'flask.Flask',
    'flask_login.current_user': 'flask_login.UserMixin',
    'flask_wtf.FlaskForm.data': 'flask_wtf.FormData',
    'wtforms.IntegerField.data': 'builtins.int',
    'wtforms.DecimalField.data': 'builtins.int',
    'wtforms.FloatField.data': 'builtins.float',
    'wtforms.BooleanField.data': 'builtins.bool',
    'wtforms.FileField.data': 'werkzeug.datastructures.FileStorage',
    'wtforms.MultipleFileField.data': 'werkzeug.datastructures.FileList',
  },
  elements: {
    'flask.wrappers.Files': 'werkzeug.datastructures.FileStorage',
    'werkzeug.datastructures.FileList': 'werkzeug.datastructures.FileStorage',
  },
  bases: {
    [REQUEST]: ['werkzeug.wrappers.Request'],
    'flask.views.MethodView': ['flask.views.View'],
    'flask_restful.Resource': ['flask.views.MethodView'],
    'flask_wtf.FlaskForm': ['wtforms.Form'],
    'flask_wtf.Form': ['wtforms.Form'],
  },
  neverReturns: [
    'flask.abort',
    'werkzeug.exceptions.abort',
    'flask_restful.abort',
    'flask_smorest.abort',
    'apiflask.abort',
  ],
  sources: [
    {
      on: 'call',
      paths: ['flask.wrappers.Files.get'],
      level: 'remote',
      what: 'an uploaded file of the request',
      marks: ['path', 'upload'],
    },
    {
      on: 'call',
      paths: ['flask_restful.reqparse.RequestParser.parse_args'],
      level: 'remote',
      what: 'an argument of the request',
    },
    {
      on: 'call',
      // https://quart.palletsprojects.com/en/latest/how_to_guides/websockets/
      paths: ['flask.websocket.receive', 'flask.websocket.receive_json'],
      level: 'remote',
      what: 'a message of the client',
    },
    {
      on: 'call',
      paths: ['webargs.flaskparser.parser.parse'],
      level: 'remote',
      what: 'an argument of the request',
    },
    {
      on: 'read',
      paths: [
        ...['String', 'Text', 'TextArea', 'Password', 'Hidden', 'URL', 'Url', 'Email', 'Search', 'Tel'].map(
          (kind) => `wtforms.${kind}Field.data`,
        ),
        'flask_wtf.FlaskForm.data',
      ],
      level: 'remote',
      what: 'a form field of the request',
    },
    {
      on: 'call',
      paths: ['flask_socketio.SocketIO.request'],
      level: 'remote',
      what: 'a message of the client',
    },
  ],
  sinks: [
    {
      kind: 'template',
      paths: ['flask.render_template_string', 'flask.stream_template_string'],
      arguments: [at(0, 'source')],
    },
    { kind: 'html', paths: ['flask.make_response'], arguments: [at(0)] },
    { kind: 'redirect', paths: ['flask.redirect', 'flask.Flask.redirect'], arguments: [at(0, 'location')] },
    // send_from_directory joins safely: only its directory is a sink.
    { kind: 'path', paths: ['flask.send_file'], arguments: [at(0, 'path_or_file'), named('filename_or_fp')] },
    { kind: 'path', paths: ['flask.send_from_directory'], arguments: [at(0, 'directory')] },
    {
      kind: 'path',
      paths: ['flask.Flask.open_resource', 'flask.Flask.open_instance_resource'],
      arguments: [at(0, 'resource')],
    },
    { kind: 'session', on: 'item', paths: ['flask.sessions.SessionMixin'], arguments: [at(0), at(1)] },
    {
      kind: 'response',
      paths: ['flask.make_response', 'flask.jsonify', 'flask.abort', 'flask_restful.abort'],
      arguments: '*',
    },
    { kind: 'header', paths: ['flask.make_response'], arguments: [at(2)] },
  ],
  sanitizers: [
    // Werkzeug's `safe_join` refuses what leaves the directory.
    { paths: ['flask.safe_join', 'flask.helpers.safe_join'], kinds: ['path'] },
    { paths: ['flask.url_for'], kinds: ['redirect', 'url', 'header', 'html'] },
    { paths: ['flask.render_template', 'flask.stream_template'], kinds: ['html', 'mail-html'] },
  ],
  propagators: [
    { paths: ['flask.url_for', 'flask.stream_with_context'] },
    { paths: ['flask.wrappers.Files.get'], from: [RECEIVER] },
  ],
  handlers: [
    {
      what: 'Flask route',
      level: 'remote',
      decorators: APPS.flatMap((app) => ROUTES.map((method) => `${app}.${method}`)),
      registeredBy: [{ paths: APPS.map((app) => `${app}.add_url_rule`), argument: at(2, 'view_func') }],
      others: 'tainted',
      othersWhat: 'a path parameter',
      othersMarks: OF_ROUTE,
      returns: 'html',
    },
    {
      what: 'Flask view',
      level: 'remote',
      classes: ['flask.views.View', 'flask.views.MethodView'],
      methods: ['dispatch_request', 'get', 'post', 'put', 'patch', 'delete', 'head', 'options'],
      others: 'tainted',
      othersWhat: 'a path parameter',
      othersMarks: OF_ROUTE,
      returns: 'html',
    },
    {
      // What it returns is made JSON.
      what: 'Flask-RESTful resource',
      level: 'remote',
      classes: ['flask_restful.Resource'],
      methods: ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'],
      others: 'tainted',
      othersWhat: 'a path parameter',
      returns: 'response',
    },
    {
      what: 'Flask-AppBuilder view',
      level: 'remote',
      decorators: [
        'flask_appbuilder.expose',
        'flask_appbuilder.baseviews.expose',
        'flask_classful.route',
        'flask_admin.expose',
      ],
      others: 'tainted',
      othersWhat: 'a path parameter',
      returns: 'html',
    },
    {
      what: 'Flask hook',
      level: 'remote',
      decorators: APPS.flatMap((app) => HOOKS.map((hook) => `${app}.${hook}`)),
      others: 'none',
    },
    {
      what: 'Flask error handler',
      level: 'remote',
      decorators: APPS.flatMap((app) => [`${app}.errorhandler`, `${app}.app_errorhandler`]),
      others: 'none',
      returns: 'html',
    },
    {
      what: 'Socket.IO handler',
      level: 'remote',
      decorators: [
        'flask_socketio.SocketIO.on',
        'flask_socketio.SocketIO.event',
        'socketio.Server.on',
        'socketio.Server.event',
        'socketio.AsyncServer.on',
        'socketio.AsyncServer.event',
      ],
      others: 'tainted',
      othersWhat: 'a message of the client',
    },
    {
      what: 'Flask-SocketIO namespace',
      level: 'remote',
      classes: ['flask_socketio.Namespace', 'socketio.Namespace', 'socketio.AsyncNamespace'],
      methods: ['on_*'],
      others: 'tainted',
      othersWhat: 'a message of the client',
    },
  ],
};
