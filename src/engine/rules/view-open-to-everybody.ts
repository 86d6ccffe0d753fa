import { code, text } from '../finding.ts';
import type { Call, Expression } from '../syntax/ast.ts';
import { lastName } from '../syntax/headers.ts';
import type { Report, Rule } from './rule.ts';
import { isPublicByName } from './support/access-control.ts';
import type { ClassView, FunctionView } from './views.ts';

export const viewOpenToEverybody: Rule = {
  id: 'view-open-to-everybody',
  title: 'API view that anyone may change things by',
  cwe: [306, 862],
  aspect: 'access',
  kind: 'advisory',
  severity: 'medium',
  rows: [102, 115],
  summary:
    'A view of Django REST framework that takes writing requests and says that everybody may send them: `permission_classes` with `AllowAny` or empty. Views whose name says that they are for everybody (login, registration, webhooks), and those that check a token or signature themselves, are left out. A quiet advisory: what is said on purpose is often meant.',
  why: 'An empty list switches the permissions of the settings off, and the view then acts for whoever sends the request.',
  fix: 'Name the permission that callers need, such as `IsAuthenticated`; leave `permission_classes` out where the default of the settings is meant.',
  references: [
    'https://www.django-rest-framework.org/api-guide/permissions/#setting-the-permission-policy',
    'https://owasp.org/Top10/A01_2021-Broken_Access_Control/',
  ],
  roles: { test: 'silent', example: 'silent' },
  on: { mentions: /permission_classes/g, class: checkClass, function: checkFunction },
  examples: {
    bad: [
      {
        title: 'classes and functions',
        code: `
from rest_framework.decorators import action, api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView
from rest_framework import viewsets

class Orders(APIView):
    permission_classes = [AllowAny]  # report

    def post(self, request):
        return create_order(request.data)

class Products(viewsets.ModelViewSet):
    permission_classes = ()  # report

class Repositories(viewsets.ReadOnlyModelViewSet):
    @action(detail=True, methods=['post'], permission_classes=[AllowAny])  # report
    def synchronise(self, request, pk):
        return start(pk)

@api_view(['POST'])
@permission_classes([AllowAny])  # report
def cancel(request, pk):
    return cancel_order(pk)
`,
      },
    ],
    good: [
      {
        title: 'checked, reading, or for everybody by name',
        code: `
from rest_framework.decorators import action, api_view, permission_classes
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.views import APIView
from rest_framework import viewsets

class Orders(APIView):
    permission_classes = [IsAuthenticated]

    def post(self, request):
        return create_order(request.data)

class Catalogue(viewsets.ReadOnlyModelViewSet):
    permission_classes = [AllowAny]

class Reports(viewsets.ReadOnlyModelViewSet):
    @action(detail=True, permission_classes=[AllowAny])
    def preview(self, request, pk):
        return show(pk)

class Register(APIView):
    permission_classes = [AllowAny]

    def post(self, request):
        return create_user(request.data)

class Payments(APIView):
    permission_classes = []

    def post(self, request):
        verify_signature(request)
        return book(request.data)

@api_view(['GET'])
@permission_classes([AllowAny])
def terms(request):
    return show_terms()
`,
      },
    ],
  },
};

const WRITES = /^(post|put|patch|delete|create|update|partial_update|destroy|perform_create|perform_update)$/;
const WRITING_BASE =
  /^rest_framework\.(viewsets\.ModelViewSet|generics\.\w*(Create|Update|Destroy)\w*|mixins\.(Create|Update|Destroy)\w*)$/;
const CHECKS_ITSELF =
  /signature|hmac|compare_digest|verify|authenticate|token|check_password|api_?key|secret/i;

function checkClass(cls: ClassView): Report | undefined {
  const assignment = cls.node.body.find(
    (statement) =>
      statement.kind === 'Assign' &&
      statement.targets.some((target) => target.kind === 'Name' && target.id === 'permission_classes'),
  );
  if (assignment?.kind !== 'Assign' || !admitsEverybody(assignment.value)) return undefined;
  const writes =
    cls.methods.some(({ name }) => WRITES.test(name)) || cls.bases.some((base) => WRITING_BASE.test(base));
  if (!writes || isForEverybody(cls.name) || CHECKS_ITSELF.test(cls.sourceOf(cls.node))) return undefined;
  return {
    quiet: true,
    message: text`${code(cls.name)} takes requests that change something from everybody.`,
    at: assignment,
  };
}

function checkFunction(fn: FunctionView): Report | undefined {
  const open = fn.node.decorators.find(
    (decorator) => decorator.kind === 'Call' && classesGiven(decorator).some(admitsEverybody),
  );
  if (!open) return undefined;
  const methods = fn.node.decorators.filter(
    (decorator) => lastName(decorator) === 'api_view' || lastName(decorator) === 'action',
  );
  const writes = methods.some((decorator) => /['"](post|put|patch|delete)['"]/i.test(fn.sourceOf(decorator)));
  if (!writes || isForEverybody(fn.name) || CHECKS_ITSELF.test(fn.sourceOf(fn.node))) return undefined;
  return {
    quiet: true,
    message: text`${code(fn.name)} takes requests that change something from everybody.`,
    at: open,
  };
}

/** `@permission_classes([AllowAny])`, `@action(detail=True, permission_classes=[AllowAny])` */
function classesGiven({ func, args, keywords }: Call): readonly Expression[] {
  if (lastName(func) === 'permission_classes') return args.slice(0, 1);
  if (lastName(func) !== 'action') return [];
  return keywords.flatMap(({ name, value }) => (name === 'permission_classes' ? [value] : []));
}

/** `[]`, `()`, `[AllowAny]`, `(permissions.AllowAny,)` */
function admitsEverybody(classes: Expression): boolean {
  return (
    (classes.kind === 'List' || classes.kind === 'Tuple') &&
    classes.elements.every((element) => lastName(element) === 'AllowAny')
  );
}

function isForEverybody(name: string): boolean {
  return isPublicByName(name.replace(/([a-z0-9])([A-Z])/g, '$1_$2'));
}
