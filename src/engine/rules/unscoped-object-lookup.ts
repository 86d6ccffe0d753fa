import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import { accessCheckIn, isAccessDecorator } from './support/access-control.ts';
import type { CallView, FunctionView } from './views.ts';

export const unscopedObjectLookup: Rule = {
  id: 'unscoped-object-lookup',
  title: 'Object changed by its id, whoever owns it',
  cwe: [639, 285],
  aspect: 'access',
  kind: 'advisory',
  severity: 'medium',
  rows: [102, 116],
  summary:
    'A handler looks an object up by an identifier of the request and changes or deletes it, and neither the lookup nor anything else in the handler has to do with the user, owner, tenant or project. Handlers that only read, and those whose decorator asks for a permission, are left out. Also a method of a class of views that takes any object by its key, where `get_queryset` of the class gives only those of the user.',
  why: 'Whoever is logged in can change the objects of others by counting through the identifiers.',
  fix: 'Look it up among the objects of the caller (`request.user.orders.get(pk=pk)`, `filter(owner=...)`), or check the owner before the change.',
  references: ['https://owasp.org/API-Security/editions/2023/en/0xa1-broken-object-level-authorization/'],
  roles: { test: 'silent', example: 'silent', command: 'silent', migration: 'silent' },
  calls: [
    {
      paths: ['django.shortcuts.get_object_or_404', 'django.shortcuts.aget_object_or_404'],
      check: (call) => checkLookup(call),
    },
    { paths: [], names: ['get', 'get_or_404', 'first_or_404', 'filter_by'], check: checkByName },
  ],
  examples: {
    bad: [
      {
        title: 'Django',
        code: `
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from shop.models import Order

@login_required
def cancel(request, pk):
    order = get_object_or_404(Order, pk=pk)  # report
    order.delete()
    return redirect('orders')

urlpatterns = [path('orders/<int:pk>/cancel', cancel)]
`,
      },
      {
        title: 'Flask-SQLAlchemy',
        code: `
from flask import Flask, request
from shop.models import Note, db

app = Flask(__name__)

@app.route('/notes/<int:note_id>', methods=['DELETE'])
def remove(note_id):
    note = Note.query.get(note_id)  # report
    db.session.delete(note)
    db.session.commit()
    return ''
`,
      },
      {
        title: 'past the queryset of the class',
        code: `
from rest_framework import viewsets
from rest_framework.decorators import action
from shop.models import Account

class AccountViewSet(viewsets.ModelViewSet):
    def get_queryset(self):
        return Account.objects.filter(owner=self.request.user)

    @action(methods=['put'], detail=True)
    def password(self, request, pk=None):
        account = Account.objects.get(pk=pk)  # report
        serializer = self.get_serializer(account, data=request.data)
        serializer.is_valid(raise_exception=True)
        serializer.save()

    @action(methods=['put'], detail=True)
    def name(self, request, pk=None):
        account = self.get_object()
        account.name = request.data['name']
        account.save()
`,
      },
    ],
    good: [
      {
        title: 'the caller is asked about, or nothing is changed',
        code: `
from django.contrib.auth.decorators import login_required, permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from shop.models import Order

@login_required
def cancel(request, pk):
    order = get_object_or_404(Order, pk=pk, customer=request.user)
    order.delete()
    return redirect('orders')

@login_required
def close(request, pk):
    order = get_object_or_404(Order, pk=pk)
    if order.owner != request.user:
        raise PermissionDenied
    order.delete()
    return redirect('orders')

@permission_required('shop.delete_order')
def purge(request, pk):
    get_object_or_404(Order, pk=pk).delete()
    return redirect('orders')

@admins_only
def wipe(request, pk):
    get_object_or_404(Order, pk=pk).delete()
    return redirect('orders')

def show(request, pk):
    return render(request, 'order.html', {'order': get_object_or_404(Order, pk=pk)})

urlpatterns = [path('<int:pk>/cancel', cancel), path('<int:pk>/close', close), path('<int:pk>/purge', purge), path('<int:pk>/wipe', wipe), path('<int:pk>', show)]
`,
      },
    ],
  },
};

const OWNERSHIP =
  /\b(user|owner|author|tenant|project_id|organi[sz]ation|account|member|team|customer|permission|perms?|current_user|created_by|workspace|company|policy|identity|session\[|g\.)\w*\b/i;
const CHANGES = /\.(delete|save|update|remove|destroy|archive|cancel|approve)\(|session\.delete\(/;

function checkByName(call: CallView): Report | undefined {
  if (call.node.func.kind !== 'Attribute') return undefined;
  const receiver = call.sourceOf(call.node.func.value);
  return /(^|\.)[A-Z]\w*\.(objects|query)$|^db\.session$|\.session$/.test(receiver)
    ? (checkBypass(call, receiver) ?? checkLookup(call))
    : undefined;
}

/**
 * A class of views says which objects the user may see, and one of its methods takes any by its key: the permissions
 * that `get_object()` asks for are passed by as well.
 */
function checkBypass(call: CallView, receiver: string): Report | undefined {
  const { function: fn, class: cls } = call;
  if (!fn || !cls || call.name !== 'get' || !receiver.endsWith('.objects')) return undefined;
  const key = identifierIn(call);
  if (key === undefined || !/^(?:pk|id|uuid|slug|(?:self\.)?kwargs\b.*)$/.test(key)) return undefined;
  if (/^_|queryset|^get_object$/.test(fn.name)) return undefined;
  const limits = cls.methods.find(({ name }) => name === 'get_queryset');
  if (!limits || !/\brequest\.user\b/.test(limits.sourceOf(limits.node))) return undefined;
  if (/\bcheck_object_permissions\(|\bhas_perms?\(|\bself\.get_object\(/.test(bodyOf(fn))) return undefined;
  if (asksForPermission(fn)) return undefined;
  return {
    message: text`${call.quote(call.node)} takes any object, while ${code(`${cls.name}.get_queryset`)} gives only those that the user may see.`,
    at: call.node,
    fix: { text: text`Take the object from ${code('self.get_object()')}.` },
  };
}

function checkLookup(call: CallView): Report | undefined {
  const { function: fn } = call;
  if (fn?.handler === undefined) return undefined;
  // A queryset may be limited to what the caller may see; a model is not.
  const from = call.argumentNode(0);
  if (/^a?get_object_or_404$/.test(call.name) && from && !/(^|\.)[A-Z]\w*$/.test(call.sourceOf(from)))
    return undefined;
  const key = identifierIn(call);
  if (key === undefined) return undefined;
  const source = bodyOf(fn);
  if (!CHANGES.test(source) || OWNERSHIP.test(source) || asksForPermission(fn)) return undefined;
  return {
    message: text`${call.quote(call.node)} finds the object by ${code(key)} of the request, and ${code(fn.name)} changes it without asking whose it is.`,
    at: call.node,
    confidence: 'low',
  };
}

/** The code of the argument that comes from the request. */
function identifierIn(call: CallView): string | undefined {
  const names = ['pk', 'id', 'uuid', 'slug', 'ident'];
  for (const { name, value } of call.node.keywords) {
    if (
      name !== null &&
      (names.includes(name) || name.endsWith('_id')) &&
      isParameter(call, call.sourceOf(value))
    )
      return call.sourceOf(value);
  }
  const last = call.node.args.at(-1);
  return last && isParameter(call, call.sourceOf(last)) ? call.sourceOf(last) : undefined;
}

/** A parameter of the handler, or something out of the request. */
function isParameter(call: CallView, source: string): boolean {
  const isNamed =
    call.function?.node.params.some(
      ({ name }) => name === source && !/^(self|cls|request|req|db|session)$/.test(name),
    ) ?? false;
  return isNamed || /^(request|self\.kwargs|kwargs)\b/.test(source);
}

/** The body without the head, whose decorators may speak of users. */
function bodyOf(fn: FunctionView): string {
  const [first] = fn.node.body;
  return first ? fn.module.text.slice(first.start, fn.node.end) : '';
}

function asksForPermission(fn: FunctionView): boolean {
  const check = accessCheckIn(fn);
  if (!check) return false;
  const isLogin =
    isAccessDecorator(check) && /login|authenticated|jwt_required|token_required/i.test(fn.sourceOf(check));
  return !isLogin;
}
