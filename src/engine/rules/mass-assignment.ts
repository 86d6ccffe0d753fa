import { text } from '../finding.ts';
import type { Reports, Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import { hasNamesOfSender, isDeclared, ONE_FIELD, WHOLE_REQUEST } from './support/whole-request.ts';
import type { CallView, FlowView } from './views.ts';

/** `create(**request.POST)`: all of what the sender wrote, names included. */
function isWhole(flow: FlowView): boolean {
  const { call, source } = flow;
  if (!hasNamesOfSender(flow)) return false;
  if (call !== undefined && flow.sink === 'sqlalchemy.orm.Query.update')
    return !ONE_FIELD.test(source.code.code);
  return call === undefined
    ? /^[\w.()]*(?:\.(?:create|update|get_or_create|update_or_create)|\b[A-Z]\w*)\((?:[^()]*,)?\s*\*\*/.test(
        flow.sourceOf(flow.node),
      )
    : flow.node === call.node;
}

/** `Book(**request.POST)`, where the class is imported from models that stand elsewhere. */
function checkConstructor(call: CallView): Reports {
  const { func, keywords } = call.node;
  const spread = keywords.find(({ name }) => name === null)?.value;
  if (
    func.kind !== 'Name' ||
    !/^_*[A-Z]/.test(func.id) ||
    !spread ||
    !WHOLE_REQUEST.test(call.sourceOf(spread))
  )
    return undefined;
  const imported = new RegExp(`^from\\s+[\\w.]*\\bmodels?\\s+import\\b[^#]*\\b${func.id}\\b`, 'm');
  if (call.module.classes.some(({ name }) => name === func.id) || !imported.test(call.module.text))
    return undefined;
  return {
    at: call.node,
    message: text`${calledAs(call)} sets whatever fields ${call.quote(spread)} names.`,
  };
}

/** `account.__dict__.update(request.json)` */
function checkAttributes(call: CallView): Reports {
  const { func, args } = call.node;
  if (func.kind !== 'Attribute' || func.value.kind !== 'Attribute' || func.value.attr !== '__dict__')
    return undefined;
  const source = call.argument(0)?.sources.find(({ level }) => level === 'remote');
  if (!source || !args[0] || ONE_FIELD.test(call.sourceOf(args[0]))) return undefined;
  return {
    at: call.node,
    message: text`${calledAs(call)} sets whatever attributes ${source.what} (${source.code}) names.`,
  };
}

/** `books.update(**request.POST)`, where `books = Book.objects.filter(…)` of a model that stands elsewhere. */
function checkQuery(call: CallView): Reports {
  const { func, keywords } = call.node;
  if (func.kind !== 'Attribute' || func.value.kind !== 'Name') return undefined;
  const around = call.function ?? call.module;
  const isQuery =
    call.callee === ''
      ? new RegExp(`\\b${func.value.id}\\s*=\\s*\\w+\\.objects\\.`).test(around.sourceOf(around.node))
      : /\.objects\./.test(call.callee);
  if (!isQuery) return undefined;
  const spread = keywords.find(({ name }) => name === null)?.value;
  if (!spread || !WHOLE_REQUEST.test(call.sourceOf(spread))) return undefined;
  return {
    at: call.node,
    message: text`${calledAs(call)} sets whatever fields ${call.quote(spread)} names.`,
  };
}

export const massAssignment: Rule = {
  id: 'mass-assignment',
  title: 'Mass assignment',
  cwe: [915],
  aspect: 'validation',
  kind: 'defect',
  severity: 'high',
  rows: [59],
  summary:
    'The fields of a stored object are set from whatever names the request holds: `Model.objects.create(**request.POST)`, `setattr(obj, name, value)` with a name of the request.',
  why: 'The sender sets fields that no form shows: `is_staff`, `owner`, `price`.',
  fix: 'Name the fields: use a form or serializer with an explicit `fields`, or pick the allowed names out of the request.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Mass_Assignment_Cheat_Sheet.html'],
  calls: [
    {
      paths: [],
      keywords: ['**'],
      check: (call) => (call.name === 'update' ? checkQuery : checkConstructor)(call),
    },
    { paths: [], names: ['update'], check: checkAttributes },
  ],
  flow: {
    sinks: ['mass-assignment', 'attribute'],
    levels: { remote: 'defect' },
    // The schema of a GraphQL query names the fields.
    accepts: (flow) =>
      flow.source.what !== 'an argument of the query' &&
      (flow.kind === 'attribute' ? flow.sink === 'builtins.setattr' && !isDeclared(flow) : isWhole(flow)),
    message: (flow) =>
      flow.kind === 'attribute'
        ? text`${flow.origin} names the attribute that ${calledAs(flow)} changes.`
        : text`${calledAs(flow)} sets whatever fields ${flow.source.what} (${flow.source.code}) names.`,
  },
  examples: {
    bad: [
      {
        title: 'Django',
        code: `
from django.http import JsonResponse
from rest_framework.views import APIView
from myapp.models import Account

def create(request):
    Account.objects.create(**request.POST)  # report
    Account.objects.filter(pk=1).update(**request.POST.dict())  # report
    return JsonResponse({})

class Update(APIView):
    def put(self, request, pk):
        account = Account.objects.get(pk=pk)
        for name, value in request.data.items():
            setattr(account, name, value)  # report
        account.save()
`,
      },
      {
        title: 'models of another file, and attributes of any object',
        code: `
import json
from django.http import JsonResponse
from .models import Profile

def create(request):
    profile = Profile(**request.POST.dict())  # report
    profile.save()
    profiles = Profile.objects.filter(user=request.user)
    profiles.update(**request.POST.dict())  # report
    profile.__dict__.update(json.loads(request.body))  # report
    return JsonResponse({})
`,
      },
      {
        title: 'SQLAlchemy and peewee',
        code: `
import peewee
from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)

class User(db.Model):
    pass

class Note(peewee.Model):
    pass

@app.post('/users')
def create():
    user = User(**request.get_json())  # report
    Note.create(**request.json)  # report
    return {'id': user.id}
`,
      },
    ],
    good: [
      {
        title: 'fields that a model names',
        code: `
from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy.orm import DeclarativeBase

app = FastAPI()

class Base(DeclarativeBase):
    pass

class User(Base):
    pass

class NewUser(BaseModel):
    name: str

@app.post('/users')
def create(body: NewUser):
    data = body.model_dump()
    user = session.get(User, 1)
    for name, value in body.model_dump().items():
        setattr(user, name, value)
    return User(**data), User(**body.model_dump()), User(name=body.name)
`,
      },
      {
        title: 'fields that a serializer or form declares',
        code: `
from django.db import models
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import FlaskForm
from rest_framework import serializers
from rest_framework.views import APIView

db = SQLAlchemy()

class Note(models.Model):
    pass

class Event(db.Model):
    pass

class NoteSerializer(serializers.Serializer):
    title = serializers.CharField()

    def create(self, validated_data):
        validated_data.pop('extra', None)
        return Note.objects.create(**validated_data, kind='note')

class Notes(APIView):
    def put(self, request):
        serializer = NoteSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        note = Note(**serializer.data)
        for name, value in serializer.validated_data.items():
            setattr(note, name, value)

class EventForm(FlaskForm):
    pass

def save():
    data = EventForm().data
    return Event(**data)
`,
      },
      {
        title: 'named or allowed fields',
        code: `
from django.http import JsonResponse
from rest_framework.views import APIView
from myapp.models import Account

FIELDS = ('name', 'mail')

def create(request):
    Account.objects.create(name=request.POST['name'], mail=request.POST['mail'])
    return JsonResponse({})

class Replace(APIView):
    def check(self, fields):
        if not set(fields).issubset(FIELDS):
            raise ValueError('unknown fields')

    def put(self, request, pk):
        account = Account.objects.get(pk=pk)
        data = request.data
        self.check(data)
        for name, value in data.items():
            setattr(account, name, value)

class Update(APIView):
    def put(self, request, pk):
        account = Account.objects.get(pk=pk)
        for name in FIELDS:
            setattr(account, name, request.data.get(name))
        for name, value in request.data.items():
            if name in FIELDS:
                setattr(account, name, value)
        account.save()
`,
      },
      {
        title: 'single values under names of the code',
        code: `
from django.db import models
from django.http import HttpResponse
from myapp.models import Port
from django.urls import path

class AuditManager(models.Manager):
    def new(self, action, **kwargs):
        return self.create(action=action, **kwargs)

class Audit(models.Model):
    objects = AuditManager()

def page(request, name):
    Audit.objects.new('page', resource=name)
    ports = {n: {'position': request.POST.get('position')} for n in range(4)}
    for number, attributes in ports.items():
        Port.objects.create(**{'number': number, **attributes})
    return HttpResponse('')

urlpatterns = [path('<path:name>', page)]
`,
      },
    ],
  },
};
