import { code, text } from '../finding.ts';
import type { Reports, Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import { argumentAdded } from './support/replacement.ts';
import type { CallView } from './views.ts';

/**
 * Words of a check of the members: where they stand in the function, the extraction is taken as checked. A
 * `startswith` with a word, such as a content type, checks no path.
 */
const CHECKED =
  /commonpath|commonprefix|is_relative_to|realpath|resolve\(|isabs|startswith\((?!\(?\s*[bruf]*['"](?!\.\.|[\\/]))|is_within_directory|safe_members|safe_extract|['"]\.\.['"]|\.isfile\(\)|\.isreg\(\)/;

/** Where a member ends up; what is done with the directory afterwards is no extraction of its own. */
const WRITES =
  /^(?:builtins\.open|os\.(?:open|symlink|link|mkfifo)|pathlib\.Path\.(?:open|write_\w+|symlink_to)|shutil\.copyfile)$/;

function check(call: CallView): Reports {
  const filter = call.argument(undefined, 'filter');
  if (filter ? filter.constant !== 'fully_trusted' : call.hasUnknownArguments) return undefined;
  const members = call.name === 'extractall' ? call.argument(1, 'members') : undefined;
  if (members || call.module.text.includes('tarfile.TarFile.extraction_filter')) return undefined;
  const around = call.function ?? call.module;
  if (CHECKED.test(around.sourceOf(around.node))) return undefined;
  const archive = call.receiver ?? call.argument(0);
  const source =
    archive?.sources.find((one) => one.level === 'remote') ??
    archive?.sources.find((one) => one.level === 'stored');
  return {
    at: call.node,
    kind: source?.level === 'remote' ? 'defect' : 'advisory',
    quiet: !source,
    message: source
      ? text`${calledAs(call)} extracts an archive from ${source.what} (${source.code}) and follows ${code('../')}, absolute paths and links in it.`
      : text`${calledAs(call)} follows ${code('../')}, absolute paths and links in the archive, before Python 3.14.`,
    fix: argumentAdded(call, call.node, "filter='data'", text`Pass ${code("filter='data'")}.`),
    ...(source ? { steps: [{ at: source.at, text: text`${source.what}` }] } : {}),
  };
}

export const archivePathTraversal: Rule = {
  id: 'archive-path-traversal',
  title: 'Archive members outside of the directory',
  cwe: [22],
  aspect: 'parsing',
  kind: 'defect',
  severity: 'high',
  rows: [40],
  summary:
    'A tar archive that is extracted without a filter, and member names of an archive that become paths without a check. A defect where the archive comes from outside, an advisory otherwise.',
  why: 'A member named `../../home/app/.ssh/authorized_keys`, or a link that leads out, is written where the archive’s maker wants it.',
  fix: 'Pass `filter="data"` to `extractall` (Python 3.12, and security releases since 3.8.17); build no paths from member names.',
  references: [
    'https://docs.python.org/3/library/tarfile.html#extraction-filters',
    'https://peps.python.org/pep-0706/',
    'https://security.snyk.io/research/zip-slip-vulnerability',
  ],
  roles: { example: 'quiet' },
  flow: {
    sinks: ['path'],
    levels: { stored: 'defect' },
    accepts: (flow) => {
      if (flow.source.what !== 'the name of an archive member' || !WRITES.test(flow.sink)) return false;
      const around = flow.function ?? flow.module;
      return !CHECKED.test(around.sourceOf(around.node));
    },
    message: (flow) =>
      text`${flow.origin} becomes part of the path in ${calledAs(flow)}, and ${code('../')} in it leads out of the directory.`,
    fix: () => ({
      text: text`Extract with the archive’s own ${code('extract')}, which refuses such names, or resolve the path and check that it is below the directory.`,
    }),
  },
  calls: [
    { paths: ['tarfile.TarFile.extractall', 'tarfile.TarFile.extract'], check },
    { paths: ['shutil.unpack_archive'], check },
  ],
  examples: {
    bad: [
      {
        title: 'an uploaded archive',
        kind: 'defect',
        code: `
import tarfile
from flask import Flask, request

app = Flask(__name__)

@app.post('/import')
def import_archive():
    with tarfile.open(fileobj=request.files['archive']) as archive:
        archive.extractall('/srv/import')  # report
    return ''
`,
      },
      {
        title: 'a downloaded archive; the check is of something else',
        kind: 'defect',
        code: `
import tarfile
from flask import Flask, request

app = Flask(__name__)

@app.put('/files/<name>')
def put(name):
    if request.headers['Content-Type'].startswith('multipart/form-data'):
        stream = request.files['file']
    else:
        stream = request.stream
    with tarfile.open(fileobj=stream) as archive:
        archive.extractall('/srv/files')  # report
    return ''
`,
      },
      {
        title: 'names of members',
        code: `
import os
import zipfile

def unpack(path, target):
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            with open(os.path.join(target, name), 'wb') as out:  # report
                out.write(archive.read(name))
`,
      },
      {
        title: 'an archive of unknown origin',
        kind: 'advisory',
        code: `
import shutil
import tarfile

def unpack(path):
    tarfile.open(path).extractall('/tmp/x')  # report

def unpack_all(path, target):
    with tarfile.open(path) as archive:
        for member in archive.getmembers():
            archive.extract(member, target)  # report
    shutil.unpack_archive(path, target)  # report
`,
      },
    ],
    good: [
      {
        title: 'filtered, checked, or zip',
        code: `
import os
import tarfile
import zipfile

def unpack(path, target):
    with tarfile.open(path) as archive:
        archive.extractall(target, filter='data')
    with zipfile.ZipFile(path) as archive:
        archive.extractall(target)

def checked(path, target):
    with tarfile.open(path) as archive:
        for member in archive.getmembers():
            if not os.path.realpath(os.path.join(target, member.name)).startswith(target + os.sep):
                raise ValueError(member.name)
        archive.extractall(target)

def chosen(path, members):
    tarfile.open(path).extractall('/tmp/x', members=members)
`,
      },
    ],
  },
};
