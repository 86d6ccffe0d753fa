import { text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';

/** Directories that web servers hand out. */
const PUBLIC = /(?:^|[/\\])(?:static|public|public_html|www|htdocs|webroot|wwwroot)(?:[/\\]|$)/i;
const CHECKED =
  /allowed|extension|splitext|endswith|rsplit|content_type|mimetype|magic|imghdr|filetype|suffix|\.split\(/i;

export const unrestrictedUpload: Rule = {
  id: 'unrestricted-upload',
  title: 'Upload of any type into a public directory',
  cwe: [434],
  aspect: 'validation',
  kind: 'defect',
  severity: 'medium',
  rows: [43, 103],
  summary:
    'An uploaded file is saved into a directory that the web server hands out, under the name and with the extension that the client gave.',
  why: 'An uploaded `.html` or `.svg` runs scripts with the site’s origin, and on some servers an uploaded script is run.',
  fix: 'Check the extension against a fixed set and the content against the extension, store under a name of your own, outside of the public directory.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/File_Upload_Cheat_Sheet.html'],
  flow: {
    sinks: ['upload'],
    levels: { remote: 'defect' },
    accepts: (flow) => {
      const around = flow.function ?? flow.module;
      if (
        flow.source.what !== 'the name of an uploaded file' ||
        CHECKED.test(around.sourceOf(around.node).replace(/secure_filename|\.filename/g, ''))
      )
        return false;
      return PUBLIC.test(flow.value.template ?? flow.sourceOf(flow.node));
    },
    message: (flow) =>
      text`${flow.origin} decides under which name and extension ${calledAs(flow)} stores a file that the web server hands out.`,
  },
  examples: {
    bad: [
      {
        title: 'into the static directory',
        code: `
import os
from flask import Flask, request
from werkzeug.utils import secure_filename

app = Flask(__name__)

@app.post('/avatar')
def avatar():
    file = request.files['avatar']
    file.save(os.path.join('static/avatars', secure_filename(file.filename)))  # report
    return ''
`,
      },
    ],
    good: [
      {
        title: 'checked, or not public',
        code: `
import os
from flask import Flask, abort, request
from werkzeug.utils import secure_filename

app = Flask(__name__)

@app.post('/avatar')
def avatar():
    file = request.files['avatar']
    name = secure_filename(file.filename)
    if not name.lower().endswith(('.png', '.jpg')):
        abort(415)
    file.save(os.path.join('static/avatars', name))
    return ''

@app.post('/document')
def document():
    file = request.files['document']
    file.save(os.path.join('/srv/private', secure_filename(file.filename)))
    return ''
`,
      },
    ],
  },
};
