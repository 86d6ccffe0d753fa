import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import type { CallView } from './views.ts';

export const passwordNotValidated: Rule = {
  id: 'password-not-validated',
  title: 'Password that no validator has seen',
  cwe: [521],
  aspect: 'validation',
  kind: 'advisory',
  severity: 'low',
  rows: [62],
  summary:
    "A password from outside that Django stores by `set_password` or `create_user` in a function or class that never calls `validate_password`, and by no form that does. The models check nothing by themselves: `AUTH_PASSWORD_VALIDATORS` is used by Django's own forms only. A quiet advisory.",
  why: 'Users can then choose `1234`, whatever the settings say.',
  fix: 'Call `django.contrib.auth.password_validation.validate_password(password, user)` before, or take the password by a form derived from `BaseUserCreationForm` or `SetPasswordForm`.',
  references: ['https://docs.djangoproject.com/en/stable/topics/auth/passwords/#integrating-validation'],
  roles: { test: 'silent', example: 'silent', command: 'silent', migration: 'silent' },
  calls: [
    { paths: [], names: ['set_password'], check: (call) => check(call, 0) },
    { paths: [], names: ['create_user'], check: (call) => check(call, 2) },
  ],
  examples: {
    bad: [
      {
        title: 'views',
        code: `
from django.contrib.auth.models import User
from django.http import HttpResponse

def register(request):
    User.objects.create_user(request.POST['name'], password=request.POST['password'])  # report
    return HttpResponse('welcome')

def change(request):
    new = request.POST.get('password')
    request.user.set_password(new)  # report
    request.user.save()
    return HttpResponse('changed')
`,
      },
      {
        title: 'a serializer',
        code: `
from rest_framework import serializers

class UserSerializer(serializers.ModelSerializer):
    def create(self, validated_data):
        user = User(name=validated_data['name'])
        user.set_password(validated_data['password'])  # report
        user.save()
        return user
`,
      },
    ],
    good: [
      {
        title: 'validated, or made by the program',
        code: `
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.http import HttpResponse
from django.utils.crypto import get_random_string

def change(request):
    new = request.POST.get('password')
    validate_password(new, request.user)
    request.user.set_password(new)
    request.user.save()
    return HttpResponse('changed')
`,
      },
      {
        title: 'no password of a user',
        code: `
import zipfile
from django.contrib.auth.models import User

def unpack(archive, user):
    archive.set_password(b'x')
    user.set_password(None)
    user.set_password(make_random_password())
    User.objects.create_user('robot')
`,
      },
      {
        title: 'the manager of a model',
        code: `
from django.contrib.auth.models import BaseUserManager

class UserManager(BaseUserManager):
    def create_user(self, email, password=None):
        user = self.model(email=email)
        user.set_password(password)
        user.save()
        return user
`,
      },
    ],
  },
};

/** Forms and calls that have seen the password. */
const VALIDATED =
  /validate_password|password_validation|UserCreationForm|SetPasswordForm|PasswordChangeForm|AdminPasswordChangeForm|clean_password|password_validators/;
/** What a view or serializer holds of what was sent. */
const SENT = /\b(request\.(POST|data|form|json)|validated_data|cleaned_data|serializer\.data|payload|body)\b/;

function check(call: CallView, position: number): Report | undefined {
  const name = call.name === 'set_password' ? 'raw_password' : 'password';
  const written = call.argumentNode(position, name);
  const password = call.argument(position, name);
  if (!written || !password || !isSent(call, call.sourceOf(written), password.sources.length > 0))
    return undefined;
  if (!call.module.imports('django') && !call.module.imports('rest_framework')) return undefined;
  if (isValidated(call)) return undefined;
  return {
    quiet: true,
    message: text`${call.quote(written)} becomes a password by ${code(call.name)}, and no validator has seen it.`,
    at: call.node,
    confidence: 'low',
  };
}

/** Whether the code around checks it, or a form or serializer of the file has done so before. */
function isValidated(call: CallView): boolean {
  const around = call.class ?? call.function ?? call.module;
  const source = around.sourceOf(around.node);
  return (
    VALIDATED.test(source) || (VALIDATED.test(call.module.text) && /cleaned_data|validated_data/.test(source))
  );
}

/** Whether the password comes from a request, here or in the lines above. */
function isSent(call: CallView, written: string, hasSource: boolean): boolean {
  if (hasSource || SENT.test(written)) return true;
  if (!call.function || !/^\w+$/.test(written)) return false;
  const above = call.module.text.slice(call.function.node.start, call.node.start);
  return new RegExp(`\\b${written}\\s*=[^=\\n]*${SENT.source}`).test(above);
}
