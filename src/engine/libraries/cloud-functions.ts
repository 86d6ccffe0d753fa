import { at, type Library, named } from './library.ts';

const FLASK_REQUEST = 'flask.wrappers.Request';
const AZURE_REQUEST = 'azure.functions.HttpRequest';
const POWERTOOLS_APPS = [
  'APIGatewayRestResolver',
  'APIGatewayHttpResolver',
  'ALBResolver',
  'LambdaFunctionUrlResolver',
  'ApiGatewayResolver',
  'AppSyncResolver',
];
const VERBS = ['get', 'post', 'put', 'patch', 'delete', 'route', 'resolver'];

const CONTEXT = /^_?(context|ctx|ctxt|lambda_context)$|^_+$/;
/** What only code for AWS Lambda has. https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html */
const LAMBDA =
  /\b(?:boto3|botocore|aws_lambda_powertools|aws_xray_sdk|awslambdaric|LambdaContext|AWS_LAMBDA_\w+|aws_request_id|queryStringParameters|pathParameters|multiValueHeaders|httpMethod|requestContext|rawPath|isBase64Encoded|ResourceProperties)\b|\[['"](?:Records|body|detail)['"]\]|\.get\(['"](?:Records|body|detail)['"]|['"]statusCode['"]|lambda|serverless|functions?\//;

/** Functions that a cloud runs: AWS Lambda, Google Cloud Functions, Azure Functions, Chalice. */
export const cloudFunctions: Library = {
  name: 'AWS Lambda, Google Cloud Functions, Azure Functions, Chalice',
  docs: 'https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html',
  attributes: {
    'chalice.Chalice.current_request': 'chalice.app.Request',
    'chalice.app.Chalice.current_request': 'chalice.app.Request',
    ...Object.fromEntries(
      POWERTOOLS_APPS.map((app) => [
        `aws_lambda_powertools.event_handler.${app}.current_event`,
        'aws_lambda_powertools.Event',
      ]),
    ),
  },
  sources: [
    // https://learn.microsoft.com/python/api/azure-functions/azure.functions.httprequest
    {
      on: 'read',
      paths: [`${AZURE_REQUEST}.params`, `${AZURE_REQUEST}.route_params`],
      level: 'remote',
      what: 'a parameter of the request',
    },
    { on: 'read', paths: [`${AZURE_REQUEST}.headers`], level: 'remote', what: 'a header of the request' },
    {
      on: 'read',
      paths: [`${AZURE_REQUEST}.form`, `${AZURE_REQUEST}.files`],
      level: 'remote',
      what: 'a form field of the request',
    },
    { on: 'read', paths: [`${AZURE_REQUEST}.url`], level: 'remote', what: 'the address of the request' },
    { on: 'call', paths: [`${AZURE_REQUEST}.get_body`], level: 'remote', what: 'the body of the request' },
    {
      on: 'call',
      paths: [`${AZURE_REQUEST}.get_json`],
      level: 'remote',
      what: 'the JSON body of the request',
      marks: ['json'],
    },
    {
      on: 'call',
      paths: [
        'azure.functions.ServiceBusMessage.get_body',
        'azure.functions.QueueMessage.get_body',
        'azure.functions.QueueMessage.get_json',
        'azure.functions.EventHubEvent.get_body',
      ],
      level: 'stored',
      what: 'a message of a queue',
    },
    // https://aws.github.io/chalice/api
    {
      on: 'read',
      paths: ['query_params', 'headers', 'uri_params', 'raw_body', 'json_body', 'context'].map(
        (name) => `chalice.app.Request.${name}`,
      ),
      level: 'remote',
      what: 'a parameter of the request',
    },
    // https://docs.powertools.aws.dev/lambda/python/latest/core/event_handler/api_gateway/
    {
      on: 'read',
      paths: [
        'body',
        'json_body',
        'query_string_parameters',
        'headers',
        'path',
        'path_parameters',
        'arguments',
      ].map((name) => `aws_lambda_powertools.Event.${name}`),
      level: 'remote',
      what: 'a parameter of the request',
    },
    {
      on: 'call',
      paths: [
        'aws_lambda_powertools.Event.get_query_string_value',
        'aws_lambda_powertools.Event.get_header_value',
      ],
      level: 'remote',
      what: 'a parameter of the request',
    },
  ],
  sinks: [
    {
      kind: 'html',
      paths: ['azure.functions.HttpResponse'],
      arguments: [at(0, 'body')],
      when: [{ argument: named('mimetype'), is: 'text/html' }],
    },
    {
      kind: 'response',
      paths: ['azure.functions.HttpResponse', 'chalice.Response', 'chalice.app.Response'],
      arguments: [at(0, 'body')],
    },
  ],
  handlers: [
    {
      what: 'AWS Lambda handler',
      level: 'remote',
      written: [
        { name: /^lambda_?handler$|^handler_lambda$/i, parameters: [/^_?event$/, CONTEXT] },
        {
          name: /^(\w*_)?handler$|^handle$|^handle_event$|^main$/,
          parameters: [/^_?event$/, CONTEXT],
          evidence: LAMBDA,
        },
        { name: /^lambda_/, parameters: [/^_?(event|evt)$/] },
      ],
      parameters: [{ at: at(1), type: 'aws_lambda_powertools.utilities.typing.LambdaContext' }],
      others: 'tainted',
      othersWhat: 'the event of the function',
      returns: 'response',
    },
    {
      what: 'Google Cloud Function',
      level: 'remote',
      decorators: ['functions_framework.http', 'firebase_functions.https_fn.on_request'],
      parameters: [{ at: at(0), type: FLASK_REQUEST }],
      others: 'none',
      returns: 'html',
    },
    {
      what: 'Google Cloud Function',
      level: 'stored',
      decorators: ['functions_framework.cloud_event'],
      others: 'tainted',
      othersWhat: 'an event of the cloud',
    },
    {
      what: 'Azure Function',
      level: 'remote',
      decorators: [
        'azure.functions.FunctionApp.route',
        'azure.functions.Blueprint.route',
        'azure.functions.FunctionApp.function_name',
      ],
      parameters: [{ at: at(0), type: AZURE_REQUEST }],
      others: 'none',
      returns: 'response',
    },
    {
      what: 'Chalice route',
      level: 'remote',
      decorators: ['chalice.Chalice', 'chalice.Blueprint', 'chalice.app.Chalice'].flatMap((app) => [
        `${app}.route`,
      ]),
      others: 'tainted',
      othersWhat: 'a path parameter',
      returns: 'response',
    },
    {
      what: 'Lambda route',
      level: 'remote',
      decorators: [...POWERTOOLS_APPS, 'api_gateway.Router', 'router.APIGatewayRouter'].flatMap((app) =>
        VERBS.map((verb) => `aws_lambda_powertools.event_handler.${app}.${verb}`),
      ),
      others: 'tainted',
      othersWhat: 'a parameter of the request',
      returns: 'response',
    },
  ],
};
