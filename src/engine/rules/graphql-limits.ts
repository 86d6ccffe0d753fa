import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import type { CallView } from './views.ts';

export const graphqlLimits: Rule = {
  id: 'graphql-limits',
  title: 'GraphQL without a limit on depth, or with introspection',
  cwe: [770, 200],
  aspect: 'resources',
  kind: 'advisory',
  severity: 'low',
  rows: [55],
  summary:
    'A GraphQL view of graphql-server, Flask-GraphQL, graphene-django or Strawberry that names no validation rules: queries can be nested as deep as the client likes, and everyone can read the schema.',
  why: 'Types that refer to each other let one small query ask for an answer that grows with every level.',
  fix: 'Give validation rules: `depth_limit_validator(max_depth=10)` and `DisableIntrospection` of graphene, or `QueryDepthLimiter` of Strawberry.',
  references: [
    'https://docs.graphene-python.org/en/latest/execution/queryvalidation/',
    'https://strawberry.rocks/docs/extensions/query-depth-limiter',
  ],
  roles: { test: 'silent', example: 'silent' },
  calls: [
    {
      paths: [
        'graphql_server.flask.GraphQLView.as_view',
        'flask_graphql.GraphQLView.as_view',
        'graphene_django.views.GraphQLView.as_view',
        'graphql_server.aiohttp.GraphQLView',
        'graphql_server.sanic.GraphQLView',
      ],
      check: (call) => {
        if (
          call.hasUnknownArguments ||
          call.argument(undefined, 'validation_rules') ||
          call.argument(undefined, 'middleware')
        )
          return undefined;
        return report(call);
      },
    },
    {
      paths: ['strawberry.Schema'],
      check: (call) => {
        const extensions = call.argumentNode(undefined, 'extensions');
        if (
          call.hasUnknownArguments ||
          (extensions && /Limiter|DisableValidation|Validation/.test(call.sourceOf(extensions)))
        )
          return undefined;
        return extensions ? undefined : report(call);
      },
    },
  ],
  examples: {
    bad: [
      {
        title: 'a view without rules',
        code: `
from flask import Flask
from graphql_server.flask import GraphQLView
from app.schema import schema

app = Flask(__name__)
app.add_url_rule('/graphql', view_func=GraphQLView.as_view('graphql', schema=schema, graphiql=True))  # report
`,
      },
    ],
    good: [
      {
        title: 'with rules',
        code: `
from flask import Flask
from graphene.validation import DisableIntrospection, depth_limit_validator
from graphql_server.flask import GraphQLView
from app.schema import schema

app = Flask(__name__)
rules = [depth_limit_validator(max_depth=10), DisableIntrospection]
app.add_url_rule('/graphql', view_func=GraphQLView.as_view('graphql', schema=schema, validation_rules=rules))
`,
      },
    ],
  },
};

function report(call: CallView) {
  return {
    message: text`${call.quote(call.node.func)} is used without ${code('validation_rules')}: queries can be nested without a limit.`,
    at: call.node,
    quiet: true,
  };
}
