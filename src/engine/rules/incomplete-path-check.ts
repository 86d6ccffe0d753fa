import { code, text } from '../finding.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import type { CallView } from './views.ts';

export const incompletePathCheck: Rule = {
  id: 'incomplete-path-check',
  title: 'Check of a path that lets neighbours pass',
  cwe: [22, 41],
  aspect: 'validation',
  kind: 'defect',
  severity: 'medium',
  rows: [39, 40],
  summary:
    'A check that a path lies in a directory which compares letters instead of parts: `os.path.commonprefix`, and `os.path.abspath(path).startswith(root)` without a separator behind the root. A prefix test that does not refuse anything is an advisory, and so is `name.replace("../", "")` in a function that works with files: it leaves `../` of `....//`.',
  why: '`/srv/data-old/secret` begins with `/srv/data`, so that a path such as `../data-old/secret` passes the check.',
  fix: 'Use `os.path.commonpath([root, path]) == root` or `Path.is_relative_to`, or end the root in `os.sep` before comparing.',
  references: [
    'https://docs.python.org/3/library/os.path.html#os.path.commonpath',
    'https://owasp.org/www-community/attacks/Path_Traversal',
  ],
  roles: { test: 'silent', example: 'silent' },
  calls: [
    { paths: ['os.path.commonprefix'], check: checkCommonPrefix },
    { paths: [], names: ['startswith'], check: checkPrefix },
    { paths: [], names: ['replace'], check: checkRemoval },
  ],
  examples: {
    bad: [
      {
        title: 'the common prefix of two paths',
        code: `
import os

def is_within(directory, target):
    directory = os.path.abspath(directory)
    prefix = os.path.commonprefix([directory, os.path.abspath(target)])  # report
    return prefix == directory

def lookup(directory, path):
    full = os.path.realpath(os.path.join(directory, path))
    if os.path.commonprefix([full, directory]) != directory:  # report
        return None
    return full
`,
      },
      {
        title: 'a root without its separator',
        code: `
import os
from pathlib import Path

def to_os_path(root, path):
    root = os.path.abspath(root)
    full = os.path.join(root, path)
    if not (os.path.abspath(full) + os.path.sep).startswith(root):  # report
        raise ValueError(path)
    return full

def avatar(name):
    path = os.path.realpath(os.path.join('/srv/avatars', name))
    if not path.startswith('/srv/avatars'):  # report
        raise PermissionError(name)
    return path

def validate(root, absolute_path):
    root = os.path.abspath(root)
    if not (absolute_path + os.path.sep).startswith(root):  # report
        raise PermissionError(absolute_path)
    return absolute_path

def read(base: Path, name):
    target = (base / name).resolve()
    if not str(target).startswith(str(base)):  # report
        raise PermissionError(name)
    return target.read_text()
`,
      },
      {
        title: 'the way up taken out once',
        kind: 'advisory',
        code: `
import os
from flask import Flask, request, send_file

app = Flask(__name__)

@app.get('/download')
def download():
    name = request.args['name'].replace('../', '')  # report
    return send_file(os.path.join('/srv/files', name))

def unpack(members, folder):
    for member in members:
        name = member.name.replace('../', '').replace('..\\\\', '')  # report
        with open(os.path.join(folder, name), 'wb') as file:
            file.write(member.data)
`,
      },
    ],
    good: [
      {
        title: 'taken out until it is gone, or with the dots alone; text that is no path',
        code: `
import os

def read(folder, name):
    while '../' in name:
        name = name.replace('../', '')
    return open(os.path.join(folder, name))

def read_other(folder, name):
    return open(os.path.join(folder, name.replace('..', '')))

def label(link):
    return link.replace('../', '').title()
`,
      },
      {
        title: 'the directory ends in a separator',
        code: `
import os

class Folder:
    def __init__(self, root):
        self.root_check = os.path.abspath(root) + os.sep

    def read(self, name):
        path = os.path.abspath(os.path.join(self.root_check, name))
        if not path.startswith(self.root_check):
            raise ValueError(name)
        return open(path).read()

def image_path(base, name):
    base = os.path.abspath(base)
    if not base.endswith(os.sep):
        base += os.sep
    path = os.path.abspath(os.path.join(base, name))
    if os.path.commonprefix([path, base]) != base:
        raise ValueError(name)
    return path
`,
      },
      {
        title: 'parts are compared',
        code: `
import os
from pathlib import Path

def is_within(directory, target):
    directory = os.path.abspath(directory)
    return os.path.commonpath([directory, os.path.abspath(target)]) == directory

def to_os_path(root, path):
    root = os.path.abspath(root)
    full = os.path.abspath(os.path.join(root, path))
    if full != root and not full.startswith(root + os.sep):
        raise ValueError(path)
    return full

def static(path):
    full = os.path.normpath(os.path.join('/srv/static/', path))
    if not full.startswith('/srv/static/'):
        raise ValueError(path)
    return full

def read(base: Path, name):
    target = (base / name).resolve()
    if not target.is_relative_to(base):
        raise PermissionError(name)
    return target.read_text()
`,
      },
      {
        title: 'no check of paths',
        code: `
import os

def shorten(names):
    return os.path.commonprefix(names)

def indent(first, second):
    return len(os.path.commonprefix([first, second]))

def is_comment(line, marker):
    if not line.strip().startswith(marker):
        raise ValueError(line)
    return True
`,
      },
    ],
  },
};

const RESOLVES = /\b(?:abspath|realpath|normpath)\(|\.(?:resolve|absolute)\(/;
/** Something that ends in a separator, or compares the parts besides. */
const SEPARATED =
  /\bsep\b|['"][/\\]+['"]|,\s*['"]{2}\s*\)|[/\\]['"]\s*\)|\.parts\b|is_relative_to|relative_to|commonpath|\.parents\b/;
const REFUSES = /\braise\b|\babort\(|\bHTTP\w+\(|send_error|Forbidden|NotFound|PermissionDenied|\bexit\(/;

/** `root += os.sep`, `self._root = abspath(root) + '/'`: the separator stands behind the directory already. */
function endsInSeparator(root: Expression, call: CallView): boolean {
  const name = root.kind === 'Name' ? root.id : root.kind === 'Attribute' ? root.attr : undefined;
  const around = root.kind === 'Attribute' ? (call.class ?? call.module) : (call.function ?? call.module);
  return (
    name !== undefined &&
    new RegExp(
      `\\b${name}\\s*(?:\\+=|=[^=\\n].*\\+)\\s*(?:(?:os\\.)?(?:path\\.)?sep\\b|['"][/\\\\]+['"])`,
    ).test(around.sourceOf(around.node))
  );
}

/** `os.path.commonprefix([path, root]) == root`, or the same through a variable. */
function checkCommonPrefix(call: CallView): Report | undefined {
  const list = call.argumentNode(0);
  if ((list?.kind !== 'List' && list?.kind !== 'Tuple') || list.elements.length !== 2) return undefined;
  if (SEPARATED.test(call.sourceOf(list))) return undefined;
  if (list.elements.some((element) => endsInSeparator(element, call))) return undefined;
  const around = call.function ?? call.module;
  const source = around.sourceOf(around.node);
  const at = call.node.start - around.node.start;
  const before = source.slice(0, at).trimEnd();
  const after = source.slice(at + call.node.end - call.node.start).trimStart();
  const isCompared = /[=!]=$/.test(before) || /^[=!]=/.test(after);
  const variable = call.targets.find((name) =>
    new RegExp(`\\b${name}\\s*[=!]=|[=!]=\\s*${name}\\b`).test(source),
  );
  if (!isCompared && variable === undefined) return undefined;
  return {
    message: text`${call.quote(call.node)} compares letter by letter: ${code('/srv/data-old')} passes for ${code('/srv/data')}.`,
    at: call.node,
    fix: { text: text`Use ${code('os.path.commonpath')}.` },
  };
}

/** `os.path.abspath(path).startswith(root)` */
function checkPrefix(call: CallView): Report | undefined {
  const { func } = call.node;
  const root = call.argumentNode(0);
  const fn = call.function;
  if (func.kind !== 'Attribute' || !root || !fn || call.positionalCount !== 1) return undefined;
  const isWritten = root.kind === 'Str' && /^\/\w/.test(root.value);
  if (!isWritten && !/^(?:Name|Attribute|Call)$/.test(root.kind)) return undefined;
  const source = fn.sourceOf(fn.node);
  if (!isResolved(func.value, call, source)) return undefined;
  const prefix = call.argument(0)?.template;
  if (prefix !== undefined && /[/\\]$/.test(prefix)) return undefined;
  const at = call.node.start - fn.node.start;
  const rest = source.slice(0, at) + source.slice(at + func.value.end - func.value.start);
  if (
    SEPARATED.test(rest) ||
    endsInSeparator(root, call) ||
    !(isWritten || meansDirectory(root, call, source))
  )
    return undefined;
  const after = source.slice(at).split('\n', 4).join('\n');
  const guards = REFUSES.test(after);
  return {
    message: text`${call.quote(call.node)} also holds for what only begins like ${call.quote(root)}, such as ${code('/srv/data-old')} for ${code('/srv/data')}.`,
    at: call.node,
    ...(guards ? {} : { kind: 'advisory' as const, severity: 'low' as const, quiet: true }),
    fix: {
      text: text`Compare with the separator behind it, or use ${code('os.path.commonpath')} or ${code('is_relative_to')}.`,
    },
  };
}

/** Whether a path without `..` is compared, as written there or where the variable is assigned. */
function isResolved(subject: Expression, call: CallView, source: string): boolean {
  const written = call.sourceOf(subject);
  if (RESOLVES.test(written)) return true;
  const name = /^(?:str\(|os\.fspath\(|\()?(\w+)(?:\)|\s*\+.*)?$/.exec(written)?.[1];
  if (name !== undefined && /^(?:abs|absolute|real|full|resolved|normalized)_?path$/i.test(name)) return true;
  return name !== undefined && new RegExp(`\\b${name}\\s*=[^=].*(?:${RESOLVES.source})`).test(source);
}

/** A resolved path, or a name that says what it is. */
function meansDirectory(root: Expression, call: CallView, source: string): boolean {
  const written = call.sourceOf(root);
  return (
    isResolved(root, call, source) ||
    /(?:root|base|dir|directory|folder|path|home|prefix|location|dest|destination|target)\w*\)?$/i.test(
      written,
    )
  );
}

/** `name.replace('../', '')`: what is left of `....//` is `../` again. */
function checkRemoval(call: CallView): Report | undefined {
  const [removed, given] = [call.argument(0)?.constant, call.argument(1)?.constant];
  if (given !== '' || typeof removed !== 'string' || !/^\.{1,2}[/\\]+$/.test(removed)) return undefined;
  const { func } = call.node;
  const around = call.function;
  if (!around || func.kind !== 'Attribute' || isRemovalOf(func.value)) return undefined;
  const source = around.sourceOf(around.node);
  if (!HANDLES_FILES.test(source) || REPEATS.test(source)) return undefined;
  const isOutside = call.receiver?.sources.some(({ level }) => level === 'remote') ?? false;
  return {
    message: text`${call.quote(call.node)} takes ${code(removed)} out once; what is left of ${code('....//')} is ${code('../')} again.`,
    at: call.node,
    kind: 'advisory',
    severity: 'low',
    quiet: !isOutside,
    fix: {
      text: text`Take the last part of the name (${code('os.path.basename')}), or resolve the path and compare it with the directory.`,
    },
  };
}

/** `x.replace('../', '')`, of which another replacement is a part: the first says enough. */
function isRemovalOf(value: Expression): boolean {
  return (
    value.kind === 'Call' &&
    value.func.kind === 'Attribute' &&
    value.func.attr === 'replace' &&
    value.args[0]?.kind === 'Str' &&
    /^\.{1,2}[/\\]+$/.test(value.args[0].value)
  );
}

const HANDLES_FILES =
  /\bopen\(|\bpath\.join\(|\bPath\(|\bwrite_(?:bytes|text)\(|\bFileResponse\(|\bsend_f(?:ile|rom_directory)\(|\bextract(?:all)?\(|\bmakedirs\(/;
/** Taken out as often as it is there. */
const REPEATS = /\bwhile\b[^\n]*\.\.|\bbasename\(|secure_filename\(|\.\.['"]\s+in\b/;
