import { plain } from '../../../src/engine/finding.ts';
import { describeRemovedControl } from '../../../src/engine/rules/security-control-removed.ts';
import { ChangedLines } from '../../../src/review/causes.ts';
import { removedControls } from '../../../src/review/controls.ts';
import { changedFile } from '../../review/changes.ts';
import { analyseFiles } from '../support.ts';

/** What the change from one text to the other is said to take away. */
function removed(base: string, head: string): { message: string; kind: string }[] {
  const controlsOf = (text: string) => analyseFiles({ 'app.py': text }).controls;
  const changed = new ChangedLines([changedFile('app.py', base, head)]);
  return removedControls(controlsOf(base), controlsOf(head), [], changed).map(({ control, headLocation }) => {
    const finding = describeRemovedControl(control, headLocation);
    return { message: plain(finding.message), kind: finding.kind };
  });
}

const VIEW = `from django.contrib.auth.decorators import login_required, permission_required

@login_required
def show(request, pk):
    return render(request, pk)
`;

describe('a control is taken away', () => {
  test.each([
    ['a decorator', VIEW, VIEW.replace('@login_required\n', ''), 'anyone can call it'],
    [
      'a permission, while the login stays',
      VIEW.replace('@login_required\n', "@login_required\n@permission_required('shop.view')\n"),
      VIEW,
      'nothing here checks what the caller may do',
    ],
    [
      'a dependency of a route',
      'from fastapi import Depends\n\n@app.get("/x")\ndef show(user=Depends(get_current_user)):\n    return 1\n',
      'from fastapi import Depends\n\n@app.get("/x")\ndef show():\n    return 1\n',
      'anyone can call it',
    ],
    [
      'permission classes that become AllowAny',
      'class OrderView(APIView):\n    permission_classes = [permissions.IsAuthenticated, IsOwner]\n',
      'class OrderView(APIView):\n    permission_classes = [permissions.AllowAny]\n',
      'nothing here checks what the caller may do',
    ],
    [
      'a mixin',
      'class Orders(LoginRequiredMixin, ListView):\n    model = Order\n',
      'class Orders(ListView):\n    model = Order\n',
      'anyone can call it',
    ],
    [
      'a policy check',
      'def delete(self, req, id):\n    context = req.context\n    context.can(policies.DELETE)\n    self.api.delete(context, id)\n',
      'def delete(self, req, id):\n    context = req.context\n    self.api.delete(context, id)\n',
      'nothing here checks what the caller may do',
    ],
    [
      'quoting for the shell',
      'import os, shlex\n\ndef show(path):\n    os.system("ls " + shlex.quote(path))\n',
      'import os, shlex\n\ndef show(path):\n    os.system("ls " + path)\n',
      'the value can change the command',
    ],
    [
      'quoting that is imported in one way or another',
      'import os\n\ndef show(path):\n    if PY3:\n        from shlex import quote\n    else:\n        from pipes import quote\n    os.system("ls " + quote(path))\n',
      'import os\n\ndef show(path):\n    os.system("ls " + path)\n',
      'the value can change the command',
    ],
    [
      'escaping behind a text of many lines',
      'import cgi\n\ndef page(stack):\n    return """\n<html>\n%s\n</html>\n""" % cgi.escape(stack)\n',
      'def page(stack):\n    return """\n<html>\n%s\n</html>\n""" % stack\n',
      'its own markup',
    ],
    [
      'escaping in an f-string',
      "from html import escape\n\ndef page(name):\n    return f'<b>{escape(name)}</b>'\n",
      "from html import escape\n\ndef page(name):\n    return f'<b>{name}</b>'\n",
      'its own markup',
    ],
    [
      'a value that is escaped in its place',
      'from tornado.escape import xhtml_escape\n\ndef reply(self, answer):\n    answer["message"] = xhtml_escape(answer["message"])\n    self.finish(json.dumps(answer))\n',
      'def reply(self, answer):\n    self.finish(json.dumps(answer))\n',
      'its own markup',
    ],
    [
      'an escaped copy of a value',
      'from ldap3.utils.conv import escape_filter_chars\n\ndef find(conn, name):\n    clean = escape_filter_chars(name)\n    conn.search(BASE, "(uid=%s)" % clean)\n',
      'def find(conn, name):\n    conn.search(BASE, "(uid=%s)" % name)\n',
      'the value can change the query',
    ],
    [
      'a check of a redirect, given by keyword, of a variable that has another name now',
      'from django.utils import http\n\ndef context(request):\n    to = request.GET.get("next")\n    if to and not http.is_safe_url(url=to, allowed_hosts=[request.get_host()]):\n        to = None\n    return {"to": to}\n',
      'def context(request):\n    next = request.GET.get("next")\n    return {"to": next}\n',
      'the URL can lead to any site',
    ],
    [
      'a sandbox',
      'from jinja2.sandbox import SandboxedEnvironment\n\nclass Scripts(SandboxedEnvironment):\n    pass\n',
      'from jinja2 import Environment\n\nclass Scripts(Environment):\n    pass\n',
      'whoever writes a template can run code',
    ],
    [
      'a sandbox that is made',
      'from jinja2.sandbox import SandboxedEnvironment\n\ndef env():\n    return SandboxedEnvironment(autoescape=True)\n',
      'from jinja2 import Environment\n\ndef env():\n    return Environment(autoescape=True)\n',
      'whoever writes a template can run code',
    ],
    [
      'a comparison in constant time',
      'import hmac\n\ndef check(a, b):\n    return hmac.compare_digest(a, b)\n',
      'def check(a, b):\n    return a == b\n',
      'the time of the comparison',
    ],
    [
      'a comparison in constant time by the project',
      'def login(given, stored):\n    if compare_passwords_securely(given, stored):\n        return 1\n',
      'def login(given, stored):\n    if given == stored:\n        return 1\n',
      'the time of the comparison',
    ],
    [
      'one of several escapes in a function',
      'from html import escape\n\ndef page(a, b):\n    top = f"<b>{escape(a)}</b>"\n    return top + f"<i>{escape(b)}</i>"\n',
      'from html import escape\n\ndef page(a, b):\n    top = f"<b>{a}</b>"\n    return top + f"<i>{escape(b)}</i>"\n',
      'its own markup',
    ],
    [
      'all escapes of a statement',
      'from html import escape\n\ndef row(a, b):\n    return "<td>%s</td><td>%s</td>" % (escape(a), escape(b))\n',
      'def row(a, b):\n    return "<td>%s</td><td>%s</td>" % (a, b)\n',
      'its own markup',
    ],
    [
      'a comparison in constant time that is denied',
      'def clean(self, given):\n    if not constant_time_compare(given, self.make_hash()):\n        raise ValidationError("no")\n',
      'def clean(self, given):\n    if given != self.make_hash():\n        raise ValidationError("no")\n',
      'the time of the comparison',
    ],
    [
      'a join that stays in the folder',
      'from werkzeug.security import safe_join\n\ndef exists(self, sid):\n    name = safe_join(self.path, sid)\n    return name is not None and os.path.exists(name)\n',
      'def exists(self, sid):\n    name = os.path.join(self.path, sid)\n    return os.path.exists(name)\n',
      'lead out of its folder',
    ],
    [
      'a dependency of all routes of a router',
      'api.include_router(audit.router, prefix="/audit", dependencies=[Depends(auth.get_current_user)])\n',
      'api.include_router(audit.router, prefix="/audit")\n',
      'anyone can call it',
    ],
    [
      'a parser of XML that is made elsewhere',
      'from lxml import etree\n\ndef read(text):\n    return etree.fromstring(text, parser=_safe_parser)\n',
      'from lxml import etree\n\ndef read(text):\n    return etree.fromstring(text)\n',
      'read files and addresses',
    ],
    [
      'the filter of an extraction',
      "def unpack(tar, to):\n    tar.extractall(to, filter='data')\n",
      'def unpack(tar, to):\n    tar.extractall(to)\n',
      'outside the folder',
    ],
    [
      'a flag of a cookie',
      "def login(response):\n    response.set_cookie('sid', 'x', secure=True, httponly=True)\n",
      "def login(response):\n    response.set_cookie('sid', 'x', httponly=True)\n",
      'travels or is read more freely',
    ],
    [
      'a lock',
      'def add(self, n):\n    with self._lock:\n        self.total += n\n',
      'def add(self, n):\n    self.total += n\n',
      'two can change the shared state at once',
    ],
    [
      'a middleware',
      "MIDDLEWARE = [\n    'django.middleware.common.CommonMiddleware',\n    'django.middleware.csrf.CsrfViewMiddleware',\n]\n",
      "MIDDLEWARE = [\n    'django.middleware.common.CommonMiddleware',\n]\n",
      'other sites can send requests',
    ],
  ])('%s', (_title, base, head, lost) => {
    expect(removed(base, head).map(({ message }) => message)).toContainEqual(expect.stringContaining(lost));
    expect(removed(base, head)[0]?.kind).toBe('defect');
  });
});

describe('a check that the project wrote itself is taken away', () => {
  test.each([
    [
      'escaping for an address, with more done to it',
      'from urllib.parse import quote\n\ndef build(path, values):\n    for name, value in values.items():\n        safe = quote(str(value), safe="").replace(".", "%2E")\n        path = path.replace(name, safe)\n    return path\n',
      'def build(path, values):\n    for name, value in values.items():\n        path = path.replace(name, str(value))\n    return path\n',
      'change where the address leads',
    ],
    [
      'characters that were taken out',
      'import re\n\ndef path_of(name):\n    name = re.sub(r"[^A-Za-z0-9_.-]", "_", name)\n    return open(FOLDER + name)\n',
      'def path_of(name):\n    return open(FOLDER + name)\n',
      'keeps characters',
    ],
    [
      'line breaks that were escaped',
      'def request(self, uri):\n    uri = normal(uri)\n    uri = uri.replace(" ", "%20").replace("\\r", "%0D").replace("\\n", "%0A")\n    return self.send(uri)\n',
      'def request(self, uri):\n    uri = normal(uri)\n    return self.send(uri)\n',
      'keeps characters',
    ],
    [
      'leading slashes that were taken out',
      'import re\n\ndef target(path, found):\n    found.append(re.sub("^//+", "/", path + "/"))\n',
      'def target(path, found):\n    found.append(path + "/")\n',
      'keeps characters',
    ],
    [
      'a test for links',
      'def add(self, name):\n    if os.path.islink(name):\n        return\n    self.files[name] = read_model(name)\n',
      'def add(self, name):\n    self.files[name] = read_model(name)\n',
      'a path can lead out of its folder',
    ],
    [
      'the mode of a file',
      'def write(path, key):\n    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as f:\n        f.write(key)\n',
      'def write(path, key):\n    with open(path, "w") as f:\n        f.write(key)\n',
      'other users of the system can read it',
    ],
    [
      'an error that is asked for before',
      'def put(self, data):\n    error = validate_colour(data)\n    if error:\n        return error, 400\n    tag.update(data)\n',
      'def put(self, data):\n    tag.update(data)\n',
      'no value is refused',
    ],
    [
      'fields that were taken out of an answer',
      'def servers(self):\n    found = self.list()\n    return JSONResponse([self._sanitize_server(one) for one in found])\n',
      'def servers(self):\n    return JSONResponse(self.list())\n',
      'used as it came',
    ],
    [
      'a function before all requests',
      '@app.before_request\ndef only_known_hosts():\n    if request.host not in HOSTS:\n        abort(400)\n\n@app.route("/")\ndef index():\n    return "x"\n',
      '@app.route("/")\ndef index():\n    return "x"\n',
      'nobody is refused',
    ],
    [
      'a comparison with the own host',
      'def next_of(request, to):\n    if to.split("/")[2] != request.env.http_host:\n        to = None\n    return redirect(to)\n',
      'def next_of(request, to):\n    return redirect(to)\n',
      'an address can lead anywhere',
    ],
    [
      'redirects that were not followed',
      'import requests\n\ndef fetch(url):\n    return requests.get(url, allow_redirects=False, timeout=5)\n',
      'import requests\n\ndef fetch(url):\n    return requests.get(url, timeout=5)\n',
      'send the request elsewhere',
    ],
    [
      'a method of requests',
      '@require_POST\ndef remove(request, pk):\n    Order.objects.get(pk=pk).delete()\n',
      'def remove(request, pk):\n    Order.objects.get(pk=pk).delete()\n',
      'a link is enough',
    ],
    [
      'a method of a form that takes markup out',
      'import nh3\n\nclass CategoryForm(forms.ModelForm):\n    name = forms.CharField()\n\n    def clean_description(self):\n        return nh3.clean(self.cleaned_data["description"])\n',
      'class CategoryForm(forms.ModelForm):\n    name = forms.CharField()\n',
      'used as it came',
    ],
    [
      'a method of a serializer that refuses',
      'class DomainSerializer(serializers.Serializer):\n    name = serializers.CharField()\n\n    def validate_name(self, value):\n        if not value.islower():\n            raise serializers.ValidationError(value)\n        return value\n',
      'class DomainSerializer(serializers.Serializer):\n    name = serializers.CharField()\n',
      'no value is refused',
    ],
    [
      'a check in an `elif`',
      'def load(kind, name):\n    if kind == "url":\n        return fetch(name)\n    elif ".." in name:\n        raise ValueError(name)\n    return read_model(os.path.join(ROOT, name))\n',
      'def load(kind, name):\n    if kind == "url":\n        return fetch(name)\n    return read_model(os.path.join(ROOT, name))\n',
      'a path can lead out of its folder',
    ],
    [
      'a check that ends the program',
      'def write(name):\n    if os.sep in name:\n        parser.error("no separators")\n    save_key(f"{name}.crt")\n',
      'def write(name):\n    save_key(f"{name}.crt")\n',
      'a path can lead out of its folder',
    ],
    [
      'a function known by what it asks, where a plain join stands now',
      'def entry(folder, name):\n    if os.path.isabs(name):\n        raise ValueError(name)\n    return os.path.join(folder, name)\n\ndef load(folder, names):\n    return [read_model(entry(folder, n)) for n in names]\n',
      'def load(folder, names):\n    return [read_model(os.path.join(folder, n)) for n in names]\n',
      'a path can lead out of its folder',
    ],
    [
      'a consent',
      'def from_code(cls, code, trust_remote_code=False):\n    if not trust_remote_code:\n        raise ValueError("pass trust_remote_code=True")\n    exec(code)\n',
      'def from_code(cls, code, trust_remote_code=False):\n    exec(code)\n',
      'without anybody having agreed',
    ],
    [
      'an exception whose name says why',
      'def load(cls, data):\n    if not issubclass(cls, BaseException):\n        raise SecurityError(cls)\n    return create(cls, data)\n',
      'def load(cls, data):\n    return create(cls, data)\n',
      'any value is taken',
    ],
    [
      'a test for parent directories',
      'def load(name):\n    if ".." in name or os.path.isabs(name):\n        raise ValueError(name)\n    path = os.path.join(ROOT, name)\n    return read_model(path)\n',
      'def load(name):\n    path = os.path.join(ROOT, name)\n    return read_model(path)\n',
      'a path can lead out of its folder',
    ],
    [
      'a path that is resolved first',
      'def load(name):\n    path = (ROOT / name).resolve()\n    if not path.is_relative_to(ROOT):\n        return None\n    with open(path) as f:\n        return f.read()\n',
      'def load(name):\n    with open(ROOT / name) as f:\n        return f.read()\n',
      'a path can lead out of its folder',
    ],
    [
      'a function that makes names harmless',
      'def save(filename, text):\n    filename = sanitize_filename(filename)\n    path = FOLDER / f"{filename}.txt"\n    save_file(path, text)\n',
      'def save(filename, text):\n    path = FOLDER / f"{filename}.txt"\n    save_file(path, text)\n',
      'a path can lead out of its folder',
    ],
    [
      'a function that checks an address',
      'def fetch(url):\n    _validate_url(url)\n    return requests.get(url, timeout=5)\n',
      'def fetch(url):\n    return requests.get(url, timeout=5)\n',
      'an address can lead anywhere',
    ],
    [
      'private networks',
      'def fetch(url):\n    host = urlparse(url).hostname\n    if ip_address(resolve(host)).is_private:\n        raise ValueError(host)\n    return client.get(url)\n',
      'def fetch(url):\n    return client.get(url)\n',
      'an address can lead anywhere',
    ],
    [
      'a list of what is allowed',
      'def run(name):\n    if name not in ALLOWED_RUNNERS:\n        raise ValueError(name)\n    return load_obj(name)\n',
      'def run(name):\n    return load_obj(name)\n',
      'anything is taken',
    ],
    [
      'a value that is put in the place of a bad one',
      'def create(path):\n    if not is_relative_to(ROOT / path, ROOT):\n        path = ""\n    with open(ROOT / path, "w") as f:\n        f.write("")\n',
      'def create(path):\n    with open(ROOT / path, "w") as f:\n        f.write("")\n',
      'a path can lead out of its folder',
    ],
    [
      'escaping for an address',
      'from urllib.parse import quote\n\ndef get(client, name):\n    return client.get(f"/users/{quote(name, safe=\'\')}")\n',
      'def get(client, name):\n    return client.get(f"/users/{name}")\n',
      'change where the address leads',
    ],
    [
      'one of several checks',
      'def load(name):\n    if not name or ".." in name or os.path.isabs(name):\n        return None\n    return open(name)\n',
      'def load(name):\n    if not name or os.path.isabs(name):\n        return None\n    return open(name)\n',
      'fewer values are refused',
    ],
    [
      'quotes that are doubled',
      'def find(db, schema):\n    safe = schema.replace("\'", "\'\'")\n    return db.execute(f"SELECT * FROM t WHERE s = \'{safe}\'")\n',
      'def find(db, schema):\n    return db.execute(f"SELECT * FROM t WHERE s = \'{schema}\'")\n',
      'a quote in the value ends the text',
    ],
    [
      'a join of its own',
      'def read(self, name):\n    return self._safe_join(name)\n',
      'def read(self, name):\n    return os.path.normpath(os.path.join(self.root, name))\n',
      'a path can lead out of its folder',
    ],
    [
      'a limit on calls',
      '@routes.route("/forgot")\n@limiter.limit("5/hour")\ndef forgot():\n    return page()\n',
      '@routes.route("/forgot")\ndef forgot():\n    return page()\n',
      'called without limit',
    ],
    [
      'what is refused as not allowed',
      'def run(name):\n    if not _validate_runner_module(name):\n        raise ValueError(f"Module {name} is not allowed.")\n    return load_obj(name)\n',
      'def run(name):\n    return load_obj(name)\n',
      'any value is taken',
    ],
    [
      'a prefix of what is imported',
      'def make(name):\n    if not name.startswith("shop."):\n        return None\n    return importlib.import_module(name)\n',
      'def make(name):\n    return importlib.import_module(name)\n',
      'no value is refused before it is used',
    ],
    [
      'one of the tests of a function that does nothing else',
      'def relative_path_validator(path):\n    if path.startswith("/"):\n        raise ValueError(path)\n    if os.path.normpath(path).startswith("../"):\n        raise ValueError(path)\n',
      'def relative_path_validator(path):\n    if path.startswith("/"):\n        raise ValueError(path)\n',
      'a path can lead out of its folder',
    ],
    [
      'a refusal by status',
      'def show(item):\n    if item.owner != me():\n        raise HTTPException(status_code=403, detail="no")\n    return item\n',
      'def show(item):\n    return item\n',
      'nobody is refused here any more',
    ],
    [
      'a header',
      'def show(self):\n    self.set_header("X-Content-Type-Options", "nosniff")\n    self.write(read())\n',
      'def show(self):\n    self.write(read())\n',
      'browsers protect it less',
    ],
  ])('%s', (_title, base, head, lost) => {
    const [finding, ...others] = removed(base, head);
    expect(finding?.message).toContain(lost);
    expect(finding?.kind).toBe('advisory');
    expect(others).toEqual([]);
  });

  test.each([
    [
      'another check of the kind',
      'def load(name):\n    if ".." in name:\n        raise ValueError(name)\n    return read_model(name)\n',
      'def load(name):\n    name = safe_path(name)\n    return read_model(name)\n',
    ],
    [
      'the check moves into the function that opens the file',
      'def load(name):\n    if ".." in name:\n        raise ValueError(name)\n    return read_model(name)\n\ndef read_model(path):\n    return open(path)\n',
      'def load(name):\n    return read_model(name)\n\ndef read_model(path):\n    if ".." in path:\n        raise ValueError(path)\n    return open(path)\n',
    ],
    [
      'the code that was protected goes too',
      'def load(name):\n    if ".." in name:\n        raise ValueError(name)\n    return read_model(name)\n',
      'def load(name):\n    return MODELS[name]\n',
    ],
    [
      'another loader of plain data',
      'import yaml\n\ndef read(f):\n    return yaml.safe_load(f)\n',
      'import yaml\n\nLOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)\n\ndef read(f):\n    return yaml.load(f, Loader=LOADER)\n',
    ],
    [
      'one of several checks that has another form now',
      'def load(name):\n    if not name or ".." in name or os.path.isabs(name):\n        return None\n    return open(name)\n',
      'def load(name):\n    if not name or not is_safe_path(name) or os.path.isabs(name):\n        return None\n    return open(name)\n',
    ],
    [
      'an answer that is known already',
      'def load(key):\n    if key in CACHE:\n        return CACHE[key]\n    return open(key)\n',
      'def load(key):\n    return open(key)\n',
    ],
    [
      'a check that another thread makes now',
      'async def get(url):\n    validate_url(url)\n    return fetch(url)\n',
      'async def get(url):\n    await to_thread(validate_url, url)\n    return fetch(url)\n',
    ],
    [
      'another status of the answer',
      'def create(path):\n    try:\n        return make(path)\n    except FileExistsError:\n        return Response("exists", status=401)\n',
      'def create(path):\n    try:\n        return make(path)\n    except FileExistsError:\n        return Response("exists", status=400)\n',
    ],
    [
      'a condition that refuses nothing',
      'def load(url):\n    if urlparse(url).scheme:\n        log(url)\n    return fetch(url)\n',
      'def load(url):\n    return fetch(url)\n',
    ],
  ])('but not: %s', (_title, base, head) => {
    expect(removed(base, head)).toEqual([]);
  });
});

test.each([
  [
    'a signature',
    'from django.core import signing\n\ndef show(request):\n    name = request.GET["n"]\n    try:\n        name = signing.loads(name)\n    except Exception:\n        return None\n    return find(name)\n',
    'def show(request):\n    name = request.GET["n"]\n    return find(name)\n',
    'anyone can make such a value',
  ],
  [
    'a loader of plain data',
    'import yaml\n\ndef read(f, options):\n    return yaml.safe_load(f, **options)\n',
    'import yaml\n\ndef read(f, options):\n    return yaml.load(f, **options)\n',
    'a document can have other objects made',
  ],
  [
    'a safe loader',
    'import yaml\n\ndef read(f):\n    return yaml.load(f, Loader=yaml.SafeLoader)\n',
    'import yaml\n\ndef read(f):\n    return yaml.load(f, Loader=yaml.FullLoader)\n',
    'a document can have other objects made',
  ],
])('%s is taken away', (_title, base, head, lost) => {
  expect(removed(base, head)[0]).toEqual({ message: expect.stringContaining(lost), kind: 'defect' });
});

describe('nothing is taken away', () => {
  test.each([
    [
      'fewer schemas, one for more versions of the API',
      'class C:\n    @validation.query_schema(schema.v20, "2.0", "2.22")\n    @validation.query_schema(schema.v23, "2.23")\n    def index(self, req):\n        return 1\n',
      'class C:\n    @validation.query_schema(schema.index, "2.0")\n    def index(self, req):\n        return 1\n',
    ],
    [
      'what let administrators past the check',
      'def check(self):\n    if self.context.is_admin:\n        return\n    look(self.token)\n',
      'def check(self):\n    look(self.token)\n',
    ],
    [
      'a refusal becomes a function that refuses',
      'def check(self):\n    if self.token.kind == "a":\n        raise Forbidden()\n    return 1\n',
      'def check(self):\n    _block_tokens_of_kind_a(self.token)\n    return 1\n',
    ],
    [
      'another way to refuse',
      'def show(item):\n    if item.hidden:\n        abort(403)\n    return item\n',
      'def show(item):\n    if item.hidden:\n        abort(404)\n    return item\n',
    ],
    ['the function is gone', VIEW, 'from django.contrib.auth.decorators import login_required\n'],
    [
      'a stronger check takes its place',
      VIEW,
      VIEW.replace('@login_required\n', "@permission_required('shop.view')\n"),
    ],
    [
      'a decorator of the project that is named after it',
      VIEW,
      VIEW.replace('@login_required\n', '@shop_login_required\n'),
    ],
    [
      'the command becomes a list',
      'import os, shlex\n\ndef show(path):\n    os.system("ls " + shlex.quote(path))\n',
      'import subprocess\n\ndef show(path):\n    subprocess.run(["ls", path])\n',
    ],
    [
      'the lock moves with what it guards',
      'def add(self, n):\n    with self._lock:\n        self.total += n\n',
      'def add(self, n):\n    self.counter.add(n)\n',
    ],
    [
      'the request is made by another client',
      'import requests\n\ndef get(url):\n    return requests.get(url, timeout=5)\n',
      'import httpx\n\ndef get(url):\n    return CLIENT.get(url)\n',
    ],
    [
      'another line with the same control changes',
      'import shlex\n\ndef run(a, b):\n    go(shlex.quote(a))\n    go(shlex.quote(b))\n',
      'import shlex\n\ndef run(first, b):\n    go(shlex.quote(first))\n    go(shlex.quote(b))\n',
    ],
    [
      'a default that is turned on by itself',
      'import requests\n\ndef get(url):\n    return requests.get(url, verify=True)\n',
      'import requests\n\ndef get(url):\n    return requests.get(url)\n',
    ],
  ])('%s', (_title, base, head) => {
    expect(removed(base, head)).toEqual([]);
  });
});
