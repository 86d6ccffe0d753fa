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
