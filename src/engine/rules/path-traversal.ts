import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import type { FlowView } from './views.ts';

/** What works on directories: there `..` alone leads out. */
const ON_DIRECTORIES =
  /rmtree|copytree|listdir|scandir|walk|makedirs|mkdir|rmdir|rename|replace|move|chdir|make_archive|glob/;

/** A parameter of a route without a converter cannot hold a slash: behind a directory it is one name. */
function staysInDirectory(flow: FlowView): boolean {
  if (flow.source.what !== 'a segment of the path' || ON_DIRECTORIES.test(flow.sink)) return false;
  const { template } = flow.value;
  return template === undefined ? flow.sourceOf(flow.node) !== flow.source.code.code : /[/\\]/.test(template);
}

/** What takes a path or an open file. */
const TAKES_FILE =
  /(^|\.)(Image\.open|read_\w+|load_workbook|ZipFile|is_zipfile|is_tarfile|PdfReader|Document)$/;

/** `Image.open(form.cleaned_data['avatar'])`: a field or argument whose type is not known, given as it is, is the upload. */
function isUploadItself({ sink, source, value }: FlowView): boolean {
  return (
    TAKES_FILE.test(sink) &&
    /form field|(?<!JSON )body|argument of the query/.test(source.what) &&
    value.template === undefined
  );
}

/** `request.form[path_field]`: a field whose name is a setting is written by the server in front, which keeps uploads. */
function isNamedByServer({ source, value }: FlowView): boolean {
  return (
    value.template === undefined &&
    /\brequest\.(?:form|POST)(?:\[|\.get\()\s*[A-Za-z_][\w.]*\s*[\]),]/.test(source.code.code)
  );
}

export const pathTraversal: Rule = {
  id: 'path-traversal',
  title: 'Path traversal',
  cwe: [22, 73],
  aspect: 'injection',
  kind: 'defect',
  severity: 'high',
  rows: [39],
  summary:
    'Outside input becomes part of the path of a file that is opened, sent, changed or removed: `open`, `os`, `shutil`, `pathlib`, `send_file`, `FileResponse`, `aiofiles`, an upload saved under the name the client gave.',
  why: '`../../etc/passwd`, or an absolute path, leads out of the directory in front of it: files of the system are read, overwritten or removed.',
  fix: 'Take only the name (`secure_filename`, `os.path.basename`), serve with `send_from_directory`, or resolve the path and check that it is still below the directory (`Path.is_relative_to`).',
  references: [
    'https://owasp.org/www-community/attacks/Path_Traversal',
    'https://werkzeug.palletsprojects.com/en/stable/utils/#werkzeug.utils.secure_filename',
    'https://docs.python.org/3/library/pathlib.html#pathlib.PurePath.is_relative_to',
  ],
  flow: {
    sinks: ['path'],
    levels: { remote: 'defect' },
    accepts: (flow) =>
      !/^(?:the content of an uploaded file|a header of|the type that)/.test(flow.source.what) &&
      !staysInDirectory(flow) &&
      !isUploadItself(flow),
    isDoubtful: isNamedByServer,
    message: (flow) =>
      text`${flow.origin} becomes part of the path in ${calledAs(flow)} and can lead out of the directory.`,
    fix: (flow) => {
      if (/FileStorage\.save/.test(flow.sink))
        return {
          text: text`Store it under a name of your own, or under ${code('secure_filename(file.filename)')}.`,
        };
      if (/send_file|FileResponse/.test(flow.sink)) {
        return {
          text: text`Resolve the path and check that it is still below the directory before it is sent; in Flask, ${code('send_from_directory(directory, name)')} does so.`,
        };
      }
      return {
        text: text`Take only the last part of the name, or resolve the path and check that it is still below the directory.`,
      };
    },
  },
  examples: {
    bad: [
      {
        title: 'a field that a setting names: the server in front may have written it',
        kind: 'advisory',
        code: `
import shutil
from flask import Flask, request
from app.settings import settings

app = Flask(__name__)

@app.post('/restore')
def restore():
    field = settings.get('upload_path_field')
    shutil.move(request.form[field], '/srv/backup.zip')  # report
    return ''
`,
      },
      {
        title: 'Flask',
        code: `
import os
from pathlib import Path
from flask import Flask, request, send_file

app = Flask(__name__)

@app.route('/file')
def file():
    name = request.args['name']
    with open('/srv/files/' + name) as f:  # report
        f.read()
    os.remove(os.path.join('/srv/files', name))  # report
    Path('/srv/files', name).read_text()  # report
    (Path('/srv/files') / name).unlink()  # report
    return send_file('/srv/files/%s' % name)  # report

@app.post('/upload')
def upload():
    file = request.files['file']
    file.save(os.path.join('/srv/uploads', file.filename))  # report
    return ''
`,
      },
      {
        title: 'FastAPI, Django, aiohttp',
        code: `
import os
import shutil
import aiofiles
from aiohttp import web
from django.http import FileResponse
from fastapi import FastAPI, UploadFile
from fastapi.responses import FileResponse as Send

app = FastAPI()

@app.get('/files')
async def files(name: str):
    async with aiofiles.open(f'/srv/{name}') as f:  # report
        await f.read()
    return Send('/srv/' + name)  # report

@app.post('/upload')
async def upload(file: UploadFile):
    with open(f'/srv/uploads/{file.filename}', 'wb') as out:  # report
        shutil.copyfileobj(file.file, out)

def download(request):
    path = os.path.join('/srv', request.GET['path'])
    path = os.path.normpath(path)
    return FileResponse(open(path, 'rb'))  # report

routes = web.RouteTableDef()

@routes.get('/{name}')
async def get(request):
    return web.FileResponse('/srv/' + request.match_info['name'])  # report
`,
      },
      {
        title: 'a body that is called like the request, and recordings that are read by path',
        code: `
import librosa
import torchaudio
from fastapi import FastAPI, Request
from pydantic import BaseModel

app = FastAPI()

class SpeechRequest(BaseModel):
    voice: str

class OwnRequest(Request):
    pass

@app.post('/speak')
async def speak(request: SpeechRequest):
    audio, rate = librosa.load(request.voice, sr=16000)  # report
    return torchaudio.load(f'voices/{request.voice}')  # report

@app.get('/default')
async def default(request: OwnRequest):
    return torchaudio.load(request.app.state.voice)
`,
      },
      {
        title: 'WSGI: a method, and what Werkzeug makes of a function',
        code: `
import os
from wsgiref.simple_server import WSGIServer
from werkzeug import wrappers

class Server(WSGIServer):
    def serve(self, environ, start_response):
        name = environ['PATH_INFO'].lstrip('/')
        return [open(os.path.join(self.root, name), 'rb').read()]  # report

class Plugin:
    @wrappers.Request.application
    def static(self, request):
        with open(os.path.join('/srv', request.path[1:])) as f:  # report
            return wrappers.Response(f.read())
`,
      },
      {
        title: 'Gradio: events of components, one after the other, of components that stand elsewhere',
        code: `
import gradio as gr
from .widgets import widgets

def save(request: gr.Request, name, size, picture):
    with open(f'/srv/{name}.txt', 'w') as f:  # report
        f.write(str(size))
    open(f'/srv/{size}.txt')
    open(picture)

def remove(name):
    open('/srv/' + name)  # report

def show(name):
    open('/srv/' + name)  # report

with gr.Blocks() as demo:
    name = gr.Textbox()
    size = gr.Slider()
    picture = gr.Image(type='filepath')
    gr.Button('Save').click(save, inputs=[name, size, picture], outputs=[]).then(remove, name)
    widgets['show'].click(show, inputs=name)
`,
      },
      {
        title: 'a check without the separator, or before decoding',
        code: `
import os
from pathlib import Path
from urllib.parse import unquote
from flask import Flask, abort, request

app = Flask(__name__)

@app.route('/a')
def a():
    path = os.path.join('/srv/data', request.args['name'])
    if not path.startswith('/srv/data/'):
        abort(404)
    return open(path).read()  # report

def is_allowed(name):
    path = Path('/srv/data') / name
    try:
        path.relative_to('/srv/data')
        return True
    except ValueError:
        return False

@app.route('/b')
def b():
    name = request.args['name']
    if not is_allowed(name):
        abort(404)
    return open('/srv/data/' + name).read()  # report
`,
      },
      {
        title: 'what is left may begin at the root',
        code: `
import os
from flask import Flask, request, send_file

app = Flask(__name__)

@app.get('/download/<path:name>')
def download(name):
    name = name.replace('..', '')
    return send_file(os.path.join('/srv/files', name))  # report

@app.get('/other')
def other():
    name = request.args['name'].lstrip('/').replace('..', '')
    return send_file(os.path.join('/srv/files', name))  # report
`,
      },
    ],
    good: [
      {
        title: 'parts of a route of Flask do not begin at the root, so that `..` is all that leads out',
        code: `
import os
from flask import Flask, abort, send_file

app = Flask(__name__)

@app.get('/static/<path:name>')
def static_file(name):
    path = os.path.join('/srv/static', name)
    if os.path.join('..', '') in path:
        abort(404)
    return send_file(path)
`,
      },
      {
        title: 'a name without `..` and without the root',
        code: `
import os
from flask import Flask, request, send_file

app = Flask(__name__)

@app.get('/download')
def download():
    name = request.args['name'].replace('..', '').lstrip('/')
    return send_file(os.path.join('/srv/files', name))
`,
      },
      {
        title: 'a file that lives in memory',
        code: `
import io
import pandas
from flask import Flask, request

app = Flask(__name__)

@app.post('/table')
def table():
    return pandas.read_csv(io.StringIO(request.form['rows'])).to_html()
`,
      },
      {
        title: 'asked by a function that knows the class of the path by its methods alone',
        code: `
from pathlib import Path
from shutil import rmtree
from flask import Flask, request

app = Flask(__name__)
ROOT = Path('/srv/files')

def is_inside(path, folder):
    try:
        path.resolve().relative_to(folder)
        return True
    except ValueError:
        return False

@app.post('/remove')
def remove():
    target = ROOT / request.form['name']
    if not is_inside(target, ROOT):
        return 'no', 400
    rmtree(target)
    return ''
`,
      },
      {
        title: 'only the name, or checked',
        code: `
import os
from pathlib import Path
from flask import Flask, abort, request, send_from_directory
from werkzeug.utils import secure_filename

app = Flask(__name__)
ROOT = Path('/srv/files').resolve()

@app.route('/file')
def file():
    name = request.args['name']
    open('/srv/files/' + secure_filename(name))
    open(os.path.join('/srv/files', os.path.basename(name)))
    open(f'/srv/files/{Path(name).name}.txt')
    (ROOT / Path(name).name.lstrip('.')).unlink()
    open('/srv/files/%d' % int(name))
    if name not in os.listdir('/srv/files'):
        return send_from_directory('/srv/files', name)
    path = os.path.realpath(os.path.join('/srv/files', name))
    if not path.startswith('/srv/files/'):
        abort(404)
    return open(path).read()

@app.route('/other')
def other():
    path = (ROOT / request.args['name']).resolve()
    if not path.is_relative_to(ROOT):
        abort(404)
    return path.read_text()

@app.route('/third')
def third():
    base = '/srv/files'
    path = os.path.abspath(os.path.join(base, request.args['name']))
    if os.path.commonpath([base, path]) != base:
        abort(404)
    return open(path).read()
`,
      },
      {
        title: 'text that must fit a pattern',
        code: `
from typing import Annotated
from fastapi import FastAPI, Query

app = FastAPI()
LANGUAGE = '^[a-zA-Z]{2,3}(-[a-zA-Z]{2})?$'

@app.get('/text')
async def text(language: str = Query('en', pattern=LANGUAGE)):
    return open(f'/srv/{language}.md').read()

@app.get('/other')
async def other(language: Annotated[str, Query(pattern=LANGUAGE)] = 'en'):
    return open(f'/srv/{language}.md').read()
`,
      },
      {
        title: 'checked by functions of the project',
        code: `
import os
from pathlib import Path
from flask import Flask, abort, request
from .settings import ROOT

app = Flask(__name__)

def is_allowed(name):
    path = Path(name).resolve()
    try:
        path.relative_to(ROOT)
        return True
    except ValueError:
        return False

def is_within(directory, target):
    abs_directory = os.path.abspath(directory)
    abs_target = os.path.abspath(target)
    return os.path.commonpath([abs_directory, abs_target]) == abs_directory

@app.route('/file')
def file():
    path = os.path.abspath(request.args['name'])
    if not is_allowed(path):
        abort(404)
    return open(path).read()

@app.route('/other')
def other():
    path = os.path.join(ROOT, request.args['name'])
    if not is_within(ROOT, path):
        abort(404)
    return open(path).read()
`,
      },
      {
        title: 'uploads that are read, and Django, which takes only the last part of the name',
        code: `
import pandas as pd
from django.http import HttpResponse
from flask import Flask, request

app = Flask(__name__)

@app.post('/table')
def table():
    frame = pd.read_csv(request.files['table'])
    return {'rows': len(frame)}

def upload(request):
    file = request.FILES['file']
    with open('/srv/uploads/' + file.name, 'wb') as out:
        for chunk in file.chunks():
            out.write(chunk)
    return HttpResponse('done')
`,
      },
      {
        title: 'the upload of a form',
        code: `
from django import forms
from PIL import Image
from .models import Organization

class OrganizationForm(forms.ModelForm):
    class Meta:
        model = Organization

    def clean_avatar(self):
        avatar = self.cleaned_data.get('avatar')
        return Image.open(avatar).size
`,
      },
      {
        title: 'arguments of a tool',
        path: 'tool.py',
        code: `
import sys

with open(sys.argv[1]) as f:
    print(f.read())
`,
      },
    ],
  },
};
