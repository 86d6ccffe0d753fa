import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import { cloudLibraryOf, isAwsCall, isCloudLibrary, keywordOf, settingOf } from './support/cloud-settings.ts';
import { googleGrantsIn } from './support/google-grants.ts';
import type { CallView, ModuleView, ValueView } from './views.ts';

export const unauthenticatedApi: Rule = {
  id: 'unauthenticated-api',
  title: 'API without authentication',
  cwe: [306, 862],
  aspect: 'access',
  kind: 'defect',
  severity: 'medium',
  rows: [97],
  summary:
    'Methods and routes of API Gateway whose authorization is `NONE`, function URLs of Lambda with `auth_type` `NONE`, Lambda functions that everybody may invoke (`Principal="*"`), and Cloud Run services or functions whose invoker is `allUsers`; in AWS CDK, boto3, Pulumi and troposphere. Anonymous triggers of Azure Functions are advisories. `OPTIONS`, which browsers ask without credentials, is not reported, nor is authorization that is left out, as it is often set for the whole API.',
  why: 'Everybody on the internet can call it, and what it does is done with the rights of the function behind it.',
  fix: 'Use IAM, a Cognito or Lambda authorizer, or a JWT authorizer; where the endpoint is meant for everybody, limit its rate.',
  references: [
    'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html',
    'https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html',
    'https://cloud.google.com/run/docs/authenticating/public',
  ],
  roles: { test: 'quiet' },
  calls: [
    {
      paths: [],
      names: (name) => name === 'add_permission' || METHODS.test(name),
      libraries: isCloudLibrary,
      check,
    },
  ],
  on: { module: checkInvokers },
  examples: {
    bad: [
      {
        title: 'AWS CDK',
        code: `
from aws_cdk import aws_apigateway as apigateway, aws_apigatewayv2 as apigatewayv2, aws_lambda as lambda_

def build(self, api, function):
    items = api.root.add_resource('items')
    items.add_method('GET', authorization_type=apigateway.AuthorizationType.NONE)  # report
    apigateway.CfnMethod(self, 'm', http_method='POST', resource_id='r', rest_api_id='a', authorization_type='NONE')  # report
    apigatewayv2.CfnRoute(self, 'r', api_id='a', route_key='GET /items', authorization_type='NONE')  # report
    apigateway.RestApi(self, 'api', default_method_options=apigateway.MethodOptions(authorization_type=apigateway.AuthorizationType.NONE))  # report
    function.add_function_url(auth_type=lambda_.FunctionUrlAuthType.NONE)  # report
    lambda_.CfnUrl(self, 'u', auth_type='NONE', target_function_arn='f')  # report
`,
      },
      {
        title: 'boto3',
        code: `
import boto3

def build(api, resource, client):
    gateway = boto3.client('apigateway')
    gateway.put_method(restApiId=api, resourceId=resource, httpMethod='POST', authorizationType='NONE')  # report
    boto3.client('apigatewayv2').create_route(ApiId=api, RouteKey='GET /', AuthorizationType='NONE')  # report
    client.create_function_url_config(FunctionName='f', AuthType='NONE')  # report
    client.add_permission(FunctionName='f', StatementId='all', Action='lambda:InvokeFunction', Principal='*')  # report
`,
      },
      {
        title: 'Pulumi, troposphere, Google',
        code: `
import pulumi_aws as aws
import pulumi_gcp as gcp
from troposphere.apigateway import Method

aws.apigateway.Method('m', rest_api='a', resource_id='r', http_method='ANY', authorization='NONE')  # report
aws.lambda_.FunctionUrl('u', function_name='f', authorization_type='NONE')  # report
Method('m', RestApiId='a', ResourceId='r', HttpMethod='PUT', AuthorizationType='NONE')  # report
gcp.cloudrun.IamMember('all', service='s', role='roles/run.invoker', member='allUsers')  # report
`,
      },
      {
        title: 'Azure Functions',
        kind: 'advisory',
        code: `
import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)  # report

@app.route(route='items', auth_level=func.AuthLevel.ANONYMOUS)  # report
def items(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse('ok')
`,
      },
    ],
    good: [
      {
        title: 'with an authorizer',
        code: `
from aws_cdk import aws_apigateway as apigateway, aws_lambda as lambda_
import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.FUNCTION)

def build(self, items, function, authorizer, client, api):
    items.add_method('GET', authorization_type=apigateway.AuthorizationType.IAM)
    items.add_method('POST', authorizer=authorizer, authorization_type=apigateway.AuthorizationType.COGNITO)
    items.add_method('OPTIONS', authorization_type=apigateway.AuthorizationType.NONE)
    items.add_method('GET')
    function.add_function_url(auth_type=lambda_.FunctionUrlAuthType.AWS_IAM)
    client.put_method(restApiId=api, resourceId='r', httpMethod='OPTIONS', authorizationType='NONE')
    client.put_method(restApiId=api, resourceId='r', httpMethod='GET', authorizationType='CUSTOM', authorizerId=authorizer)
    client.add_permission(
        FunctionName='f', StatementId='s3', Action='lambda:InvokeFunction', Principal='s3.amazonaws.com')
    client.add_permission(
        FunctionName='f', StatementId='org', Action='lambda:InvokeFunction', Principal='*', PrincipalOrgID='o-1')
`,
      },
      {
        title: 'the same words elsewhere',
        code: `
def connect(server):
    server.add_route('/x', auth_type='NONE')
    return Client(authorization_type='NONE')
`,
      },
    ],
  },
};

const METHODS =
  /^(put_method|create_route|update_route|create_function_url_config|update_function_url_config|add_method|add_proxy|add_function_url)$/;

function check(call: CallView): Report | undefined {
  const library = cloudLibraryOf(call.callee);
  if (library === undefined && call.callee !== '') return checkAzure(call);
  if (call.name === 'add_permission' && isAwsCall(call)) return checkPermission(call);
  if ((library === undefined || library === 'boto3') && !METHODS.test(call.name)) return undefined;
  const setting =
    keywordOf(
      call,
      'authorization_type',
      'auth_type',
      'authorizationType',
      'AuthorizationType',
      'AuthType',
      'authorization',
    )?.value ??
    settingOf(call.argument(undefined, 'default_method_options'), 'authorization_type', 'authorizationType');
  if (!isNone(setting) || call.name === 'MethodOptions') return undefined;
  const method = call.argument(0, 'http_method')?.constant ?? methodOf(call);
  if (method === 'OPTIONS') return undefined;
  return {
    message: text`Everybody can call what ${call.quote(call.node.func)} makes: its authorization is ${code('NONE')}.`,
    at: call.node,
  };
}

function methodOf(call: CallView): unknown {
  return keywordOf(call, 'httpMethod', 'HttpMethod')?.value.constant;
}

function isNone(value: ValueView | undefined): boolean {
  return value?.constant === 'NONE' || /\.\w*Auth\w*Type\.NONE$/.test(value?.path ?? '');
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html */
function checkPermission(call: CallView): Report | undefined {
  if (call.argument(undefined, 'Principal')?.constant !== '*' || !call.argument(undefined, 'FunctionName'))
    return undefined;
  if (keywordOf(call, 'SourceArn', 'SourceAccount', 'PrincipalOrgID') || call.hasUnknownArguments)
    return undefined;
  return {
    message: text`${call.quote(call.node.func)} lets every account invoke the function.`,
    at: call.node,
    fix: {
      text: text`Name the account or service as ${code('Principal')}, with ${code('SourceArn')} or ${code('PrincipalOrgID')}.`,
    },
  };
}

/** https://learn.microsoft.com/en-us/python/api/azure-functions/azure.functions.authlevel */
function checkAzure(call: CallView): Report | undefined {
  if (!call.callee.startsWith('azure.functions.')) return undefined;
  const level = keywordOf(call, 'http_auth_level', 'auth_level')?.value;
  if (!level?.path?.endsWith('AuthLevel.ANONYMOUS')) return undefined;
  return {
    kind: 'advisory',
    severity: 'low',
    message: text`${call.quote(call.node.func)} takes requests from everybody (${code('AuthLevel.ANONYMOUS')}).`,
    at: call.node,
    fix: {
      text: text`Where there is no authentication in front of it, use ${code('AuthLevel.FUNCTION')} or check the caller in the function.`,
    },
  };
}

function checkInvokers(module: ModuleView): readonly Report[] {
  return googleGrantsIn(module).flatMap(({ role, everybody, at }): readonly Report[] =>
    everybody !== undefined && /^roles\/(run|cloudfunctions)\./.test(role)
      ? [{ message: text`${module.quote(at)} gets ${code(role)}, so everybody can call the service.`, at }]
      : [],
  );
}
