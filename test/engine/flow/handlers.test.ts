import { analyseFiles } from '../support.ts';

/** Lines on which outside input reaches a shell. */
function commandLines(files: Readonly<Record<string, string>>, path: string): number[] {
  return analyseFiles(files, [path])
    .findings.filter((finding) => finding.ruleId === 'os-command-injection' && finding.location.path === path)
    .map((finding) => finding.location.startLine);
}

test.each([
  ['an AWS Lambda handler', "def lambda_handler(event, context):\n    os.system(event['a'])\n", [3]],
  [
    'a method of a gRPC servicer',
    'import x_pb2_grpc\nclass G(x_pb2_grpc.GServicer):\n    def Say(self, request, context):\n        os.system(request.a)\n',
    [5],
  ],
  [
    'a WSGI application',
    "def application(environ, start_response):\n    os.system(environ['QUERY_STRING'])\n",
    [3],
  ],
  [
    'a Falcon responder',
    "class T:\n    def on_get(self, req, resp, name):\n        os.system(req.get_param('a'))\n        os.system(name)\n",
    [4, 5],
  ],
  ['a Django view without its imports', "def view(request):\n    os.system(request.GET['a'])\n", [3]],
  [
    'a handler that reads what only AWS Lambda gives it',
    "def handler(event, context):\n    os.system(event['queryStringParameters']['a'])\n",
    [3],
  ],
  [
    'a callback of the same name and parameters',
    'def handler(event, context):\n    os.system(event.widget)\n',
    [],
  ],
  ['a function that only shares the first name', "def handler(event):\n    os.system(event['a'])\n", []],
  [
    'a helper with the same parameters and another name',
    "def log(event, context):\n    os.system(event['a'])\n",
    [],
  ],
])('known by how it is written: %s', (_title, code, lines) => {
  expect(commandLines({ 'app.py': `import os\n${code}` }, 'app.py')).toEqual(lines);
});

test('classes and decorators of a framework count in its own repository', () => {
  const files = {
    'nova/__init__.py': '',
    'nova/api/__init__.py': '',
    'nova/api/openstack/__init__.py': '',
    'nova/api/openstack/wsgi.py': 'class Controller(object):\n    pass\n',
    'nova/api/openstack/x.py':
      'import os\nfrom nova.api.openstack import wsgi\nclass X(wsgi.Controller):\n    def show(self, req, id):\n        os.system(id)\n',
  };
  expect(commandLines(files, 'nova/api/openstack/x.py')).toEqual([5]);
});

/** A Python file that imports `os`; lines that must be reported end in `# report`. */
function expectReports(code: string): void {
  const text = `import os\n${code}`;
  const marked = text.split('\n').flatMap((line, i) => (line.endsWith('# report') ? [i + 1] : []));
  expect(commandLines({ 'app.py': text }, 'app.py')).toEqual(marked);
}

test('dependencies of FastAPI bring what they were given, fields of models are what they say', () => {
  expectReports(`
from typing import Annotated
from fastapi import Depends, FastAPI, Request
from pydantic import BaseModel

app = FastAPI()

class Item(BaseModel):
    name: str
    count: int

class Order(BaseModel):
    item: Item
    rush: bool = False

def paging(query: str = '', limit: int = 10):
    return {'query': query, 'limit': limit}

def agent(request: Request):
    return request.headers['User-Agent']

def database():
    return object()

@app.post('/orders')
def order(
    body: Order,
    agent: Annotated[str, Depends(agent)],
    page=Depends(paging),
    connection=Depends(database),
):
    os.system(f'x {body.item.name}')  # report
    os.system(f'x {body.item.count} {body.rush}')
    os.system('x ' + page['query'])  # report
    os.system(f'x {page["limit"]}')
    os.system('x ' + agent)  # report
    os.system(f'x {connection}')

@app.post('/many')
def many(numbers: list[int], names: list[str]):
    os.system('x ' + ' '.join(map(str, numbers)))
    os.system('x ' + ' '.join(names))  # report
`);
});

test('classes that FastAPI makes of the request', () => {
  expectReports(`
from dataclasses import dataclass
from fastapi import Depends, FastAPI
from app.users import User, current_user

app = FastAPI()

class Paging:
    def __init__(self, query: str | None = None, limit: int = 10):
        self.query = query
        self.limit = limit
        self.table = 'items'

@dataclass
class Filter:
    name: str
    page: int

class Session:
    def __init__(self):
        self.name = 'session'

@app.get('/a')
def a(paging: Paging = Depends(Paging), user: User = Depends(current_user), session: Session = Depends()):
    os.system(f'x {paging.query}')  # report
    os.system(f'x {paging.limit} {paging.table} {session.name}')
    os.system(f'x {user.name}')

@app.get('/b')
def b(paging: Paging = Depends(), filters: Filter = Depends()):
    os.system(f'x {paging.query}')  # report
    os.system(f'x {filters.name}')  # report
    os.system(f'x {filters.page}')
`);
});

test('models and schemas that are made of documents', () => {
  expectReports(`
from dataclasses import dataclass
import attr
import dacite
import msgspec
from flask import Flask, request
from marshmallow import Schema, fields
from pydantic import BaseModel, TypeAdapter

app = Flask(__name__)

class Item(BaseModel):
    name: str
    count: int = 0

    def line(self):
        return 'x ' + self.name

@dataclass
class Job:
    name: str
    kind: str = 'a'

@attr.s
class Old:
    name = attr.ib()

class Host(Schema):
    name = fields.Str()
    port = fields.Int()

@app.post('/')
def index():
    item = Item(**request.json)
    os.system(item.line())  # report
    os.system(f'x {item.count}')
    os.system(Item.model_validate(request.json).name)  # report
    os.system(Item.parse_raw(request.data).name)  # report
    os.system(TypeAdapter(Item).validate_python(request.json).name)  # report
    os.system(Item(name=request.json['a'], count=1).model_dump()['name'])  # report
    os.system(Item(name='a', count=1).model_dump()['name'])
    job = Job(kind='b', **request.json)
    os.system(job.name)  # report
    os.system(job.kind)
    os.system(Old(**request.json).name)  # report
    os.system(dacite.from_dict(Job, {'name': request.args['a'], 'kind': 'b'}).name)  # report
    os.system(dacite.from_dict(Job, {'name': request.args['a'], 'kind': 'b'}).kind)
    os.system(msgspec.json.decode(request.data, type=Job).name)  # report
    host = Host().load(request.json)
    os.system(host['name'])  # report
    os.system(f'x {host["port"]}')
    for one in Host(many=True).loads(request.data):
        os.system(one['name'])  # report
    return ''
`);
});

test('requests and sockets that are handed on', () => {
  expectReports(`
import socket
from aiohttp import web

routes = web.RouteTableDef()

async def body(request):
    return await request.json()

async def run(some):
    form = await some.post()
    os.system(form['command'])  # report

def read(connection):
    os.system(connection.recv(9).decode())  # report

def other(connection):
    os.system(connection.recv(9).decode())

@routes.post('/')
async def index(request):
    os.system((await body(request))['command'])  # report
    await run(request)

def serve(server: socket.socket, pipe):
    connection, address = server.accept()
    read(connection)
    other(pipe)
`);
});

test('forms of Django that are valid', () => {
  expectReports(`
from django import forms
from django.views.generic import FormView

class HostForm(forms.Form):
    host = forms.CharField()
    count = forms.IntegerField()

class Check(FormView):
    form_class = HostForm

    def form_valid(self, form):
        os.system('ping ' + form.cleaned_data['host'])  # report
        os.system('ping %s' % form.cleaned_data['count'])
        return super().form_valid(form)
`);
});

test('serializers and views of Django REST framework', () => {
  expectReports(`
from rest_framework import generics, serializers

class JobSerializer(serializers.ModelSerializer):
    command = serializers.CharField()
    count = serializers.IntegerField()

    def validate_command(self, value):
        os.system(value)  # report
        return value

    def update(self, instance, validated_data):
        for name, value in validated_data.items():
            setattr(instance, name, value)
        os.system(validated_data['command'])  # report
        return instance

class Jobs(generics.ListCreateAPIView):
    serializer_class = JobSerializer

    def perform_create(self, serializer):
        os.system(serializer.validated_data['command'])  # report
        os.system('x %s' % serializer.validated_data['count'])
`);
});

test('messages of clients, of chats and of queues', () => {
  expectReports(`
import asyncio
import socket
import websockets
from langchain_core.tools import tool
from openai import OpenAI
from telegram import Update
from telegram.ext import CommandHandler

def serve():
    connection, address = socket.create_server(('', 1)).accept()
    os.system(connection.recv(99).decode())  # report

async def echo(connection):
    async for message in connection:
        os.system(message)  # report

async def command(update: Update, context):
    os.system(update.message.text)  # report
    os.system(' '.join(context.args))  # report

def on_message(client, userdata, message):
    os.system(message.payload.decode())  # report

@tool
def shell(line: str) -> str:
    os.system(line)  # report

def ask():
    answer = OpenAI().chat.completions.create(model='m', messages=[])
    os.system(answer.choices[0].message.content)  # report

async def main():
    CommandHandler('run', command)
    async with websockets.serve(echo, 'localhost', 1):
        pass
`);
});
