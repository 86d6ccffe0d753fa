import { at, type Library, named } from './library.ts';

const CONTEXT = 'oslo_context.context.RequestContext';
const OPENSTACK_CONTROLLERS = [
  'nova.api.openstack.wsgi.Controller',
  'cinder.api.openstack.wsgi.Controller',
  'manila.api.openstack.wsgi.Controller',
  'glance.common.wsgi.Controller',
  'heat.common.wsgi.Controller',
  'neutron_lib.api.extensions.ExtensionDescriptor',
];

/** Requests that are not plain web pages: OpenStack controllers, RPC endpoints, gRPC, GraphQL, websockets. */
export const remoteProcedures: Library = {
  name: 'OpenStack WSGI, oslo.messaging, gRPC, GraphQL, websockets',
  docs: 'https://docs.openstack.org/oslo.messaging/latest/reference/target.html',
  aliases: {
    'nova.api.openstack.wsgi.Request': 'webob.Request',
    'cinder.api.openstack.wsgi.Request': 'webob.Request',
    'graphene.types.objecttype.ObjectType': 'graphene.ObjectType',
    'graphene.types.mutation.Mutation': 'graphene.Mutation',
    'websockets.legacy.server.WebSocketServerProtocol': 'websockets.ServerConnection',
    'websockets.WebSocketServerProtocol': 'websockets.ServerConnection',
    'websockets.server.WebSocketServerProtocol': 'websockets.ServerConnection',
    'websockets.asyncio.server.ServerConnection': 'websockets.ServerConnection',
    'websockets.asyncio.server.serve': 'websockets.serve',
    'websockets.server.serve': 'websockets.serve',
    'websockets.legacy.server.serve': 'websockets.serve',
    'websockets.sync.server.serve': 'websockets.serve',
    'zmq.asyncio.Context': 'zmq.Context',
    'pymodbus.server.StartTcpServer': 'pymodbus.server.StartTcpServer',
  },
  returns: { 'zmq.Context.socket': 'zmq.Socket' },
  elements: { 'websockets.ServerConnection': 'websockets.Message' },
  neverReturns: ['pecan.abort', 'pecan.redirect', 'grpc.ServicerContext.abort'],
  sources: [
    { on: 'read', paths: ['wsgi.Environ'], level: 'remote', what: 'a variable of the request' },
    // `async for message in connection`
    { on: 'read', paths: ['websockets.ServerConnection'], level: 'remote', what: 'a message of the client' },
    {
      on: 'call',
      paths: ['websockets.ServerConnection.recv', 'websocket.WebSocket.recv'],
      level: 'remote',
      what: 'a message of the client',
    },
    {
      on: 'call',
      paths: ['zmq.Socket.recv', 'zmq.Socket.recv_string', 'zmq.Socket.recv_multipart'],
      level: 'remote',
      what: 'a message of the socket',
    },
    {
      on: 'call',
      paths: ['zmq.Socket.recv_json'],
      level: 'remote',
      what: 'a message of the socket',
      marks: ['json'],
    },
    {
      on: 'call',
      paths: ['multiprocessing.connection.Connection.recv_bytes'],
      level: 'stored',
      what: 'a message of another process',
    },
  ],
  // Which of the variables is asked for decides.
  propagators: [{ paths: ['wsgi.Environ.get'], from: 'nothing' }],
  sinks: [{ kind: 'header', paths: ['wsgi.StartResponse'], arguments: [at(0, 'status'), at(1, 'headers')] }],
  handlers: [
    {
      // https://peps.python.org/pep-3333/
      what: 'WSGI application',
      level: 'remote',
      written: [
        { parameters: [/^env(iron)?$/, /^start_response$/] },
        { parameters: [/^env(iron)?$/, /^start_response$/], isMethod: true },
      ],
      parameters: [
        { at: at(0), type: 'wsgi.Environ' },
        { at: at(1), type: 'wsgi.StartResponse' },
      ],
      others: 'none',
      returns: 'response',
    },
    {
      what: 'OpenStack API method',
      level: 'remote',
      classes: OPENSTACK_CONTROLLERS,
      methods: [
        'index',
        'detail',
        'show',
        'create',
        'update',
        'delete',
        'action',
        '_action_*',
        'members',
        'update_all',
        'delete_all',
      ],
      parameters: [
        { at: named('req'), type: 'webob.Request' },
        { at: named('request'), type: 'webob.Request' },
      ],
      others: 'tainted',
      othersWhat: 'a parameter of the request',
      returns: 'response',
    },
    {
      what: 'OpenStack API action',
      level: 'remote',
      decorators: [
        'nova.api.openstack.wsgi.action',
        'cinder.api.openstack.wsgi.action',
        'manila.api.openstack.wsgi.action',
        'nova.api.openstack.wsgi.expected_errors',
        'nova.api.openstack.wsgi.Controller.api_version',
        'cinder.api.openstack.wsgi.Controller.api_version',
        'manila.api.openstack.wsgi.Controller.api_version',
      ],
      parameters: [
        { at: named('req'), type: 'webob.Request' },
        { at: named('self'), type: 'builtins.object' },
      ],
      others: 'tainted',
      othersWhat: 'a parameter of the request',
      returns: 'response',
    },
    {
      // https://pecan.readthedocs.io/en/latest/routing.html
      what: 'Pecan method',
      level: 'remote',
      decorators: [
        'pecan.expose',
        'pecan.decorators.expose',
        'wsmeext.pecan.wsexpose',
        'ironic.api.method.expose',
        'magnum.api.expose.expose',
      ],
      others: 'tainted',
      othersWhat: 'a parameter of the request',
      returns: 'response',
    },
    {
      what: 'gRPC method',
      level: 'remote',
      written: [{ parameters: [/^_?request(_iterator)?$/, /^_?(context|ctx)$/], methodOf: /Servicer$/ }],
      registeredBy: [
        {
          paths: ['grpc.unary_unary_rpc_method_handler', 'grpc.unary_stream_rpc_method_handler'],
          argument: at(0, 'behavior'),
        },
      ],
      parameters: [{ at: named('context'), type: 'grpc.ServicerContext' }],
      others: 'tainted',
      othersWhat: 'the request message',
      returns: 'response',
    },
    {
      // https://docs.graphene-python.org/en/latest/types/objecttypes/#resolvers
      what: 'GraphQL resolver',
      level: 'remote',
      classes: [
        'graphene.ObjectType',
        'graphene.Mutation',
        'graphene.relay.ClientIDMutation',
        'graphene_django.DjangoObjectType',
      ],
      methods: ['resolve_*', 'mutate', 'mutate_and_get_payload', 'perform_mutation'],
      parameters: [
        { at: named('info'), type: 'graphql.GraphQLResolveInfo' },
        { at: named('root'), type: 'builtins.object' },
        { at: named('_root'), type: 'builtins.object' },
        { at: named('parent'), type: 'builtins.object' },
        { at: named('cls'), type: 'builtins.object' },
        // What decorators of the project add.
        { at: named('manager'), type: 'builtins.object' },
        { at: named('requestor'), type: 'builtins.object' },
        { at: named('context'), type: 'builtins.object' },
      ],
      others: 'tainted',
      othersWhat: 'an argument of the query',
      returns: 'response',
    },
    {
      what: 'GraphQL resolver',
      level: 'remote',
      decorators: [
        'strawberry.mutation',
        'strawberry.field',
        'ariadne.QueryType.field',
        'ariadne.MutationType.field',
        'ariadne.ObjectType.field',
        'tartiflette.Resolver',
      ],
      parameters: [
        { at: named('info'), type: 'graphql.GraphQLResolveInfo' },
        { at: named('_info'), type: 'graphql.GraphQLResolveInfo' },
        { at: named('root'), type: 'builtins.object' },
        { at: named('obj'), type: 'builtins.object' },
        { at: named('_'), type: 'builtins.object' },
        { at: named('self'), type: 'builtins.object' },
      ],
      others: 'tainted',
      othersWhat: 'an argument of the query',
      returns: 'response',
    },
    {
      what: 'websocket handler',
      level: 'remote',
      registeredBy: [{ paths: ['websockets.serve', 'websockets.unix_serve'], argument: at(0, 'handler') }],
      parameters: [{ at: at(0), type: 'websockets.ServerConnection' }],
      others: 'none',
    },
    {
      // https://www.jsonrpcserver.com/
      what: 'JSON-RPC method',
      level: 'remote',
      decorators: [
        'jsonrpcserver.method',
        'jsonrpc.dispatcher.add_method',
        'flask_jsonrpc.JSONRPC.method',
        'spyne.rpc',
        'spyne.decorator.rpc',
        'spyne.srpc',
        'Pyro4.expose',
        'Pyro5.api.expose',
        'nameko.rpc.rpc',
        'nameko.web.handlers.http',
      ],
      parameters: [{ at: named('ctx'), type: 'builtins.object' }],
      others: 'tainted',
      othersWhat: 'an argument of the remote call',
    },
    {
      // Model Context Protocol: https://github.com/modelcontextprotocol/python-sdk
      what: 'MCP tool',
      level: 'remote',
      decorators: [
        'mcp.server.fastmcp.FastMCP.tool',
        'mcp.server.fastmcp.FastMCP.resource',
        'mcp.server.fastmcp.FastMCP.prompt',
        'fastmcp.FastMCP.tool',
        'fastmcp.FastMCP.resource',
        'mcp.server.Server.call_tool',
        'mcp.server.lowlevel.Server.call_tool',
      ],
      parameters: [
        { at: named('ctx'), type: 'mcp.server.fastmcp.Context' },
        { at: named('context'), type: 'mcp.server.fastmcp.Context' },
      ],
      others: 'tainted',
      othersWhat: 'an argument that the model gives the tool',
    },
    {
      // https://docs.openstack.org/oslo.messaging/latest/reference/endpoint.html: the conductor is the caller, inside the cloud.
      what: 'RPC endpoint',
      level: 'stored',
      decorators: ['oslo_messaging.expected_exceptions', 'oslo_messaging.rpc.expose'],
      parameters: [
        { at: named('context'), type: CONTEXT },
        { at: named('ctxt'), type: CONTEXT },
      ],
      others: 'tainted',
      othersWhat: 'an argument of the RPC call',
    },
  ],
};
