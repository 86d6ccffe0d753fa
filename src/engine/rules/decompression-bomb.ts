import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';

/** Words that show that the size is looked at. */
const LIMITED = /file_size|max_length|MAX_|max_size|_limit\b|\.size\b|getinfo\(|\.read\(\s*\w|compress_size/;
const READS = /(?<!tarfile|gzip|bz2|lzma)\.(?:read|extractall|extract|open|readlines|extractfile)\(/;
/** Reading the upload itself. */
const OTHER_READS =
  /\b(?!\w*(?:zip|tar|arch|gz))\w*(?:request|file|buffer|stream|upload|body|data)\w*(?:\.\w+)?(?:\[[^\]]*\])?\.read\(/gi;

export const decompressionBomb: Rule = {
  id: 'decompression-bomb',
  title: 'Decompression without a limit',
  cwe: [409],
  aspect: 'resources',
  kind: 'defect',
  severity: 'medium',
  rows: [41],
  summary:
    'Outside bytes are decompressed at once, or read out of an archive, with nothing that looks at the size of the result.',
  why: 'A few kilobytes unpack to gigabytes: memory or disk run full.',
  fix: 'Decompress in pieces with a limit (`zlib.decompressobj().decompress(data, max_length)`), or add up `ZipInfo.file_size` and refuse before reading.',
  references: [
    'https://docs.python.org/3/library/zipfile.html#decompression-pitfalls',
    'https://cwe.mitre.org/data/definitions/409.html',
  ],
  flow: {
    sinks: ['archive'],
    levels: { remote: 'defect' },
    accepts: (flow) => {
      const around = flow.function ?? flow.module;
      const source = around.sourceOf(around.node);
      // A path is no data: what is at its end was not sent.
      if (!/uploaded|body of the request|JSON body|bytes|event of|message/.test(flow.source.what))
        return false;
      if (LIMITED.test(source)) return false;
      return /decompress$|unpack_archive$/.test(flow.sink) || READS.test(source.replace(OTHER_READS, ''));
    },
    message: (flow) =>
      text`${flow.origin} is decompressed in ${calledAs(flow)} with no limit on what comes out.`,
    fix: (flow) => ({
      text: flow.sink.includes('zipfile')
        ? text`Add up ${code('info.file_size')} of ${code('archive.infolist()')} and refuse what is too large before reading.`
        : text`Decompress in pieces and stop at a limit: ${code('zlib.decompressobj().decompress(data, max_length)')}.`,
    }),
  },
  examples: {
    bad: [
      {
        title: 'a body, and an uploaded archive',
        code: `
import gzip
import zipfile
import zlib
from flask import Flask, request

app = Flask(__name__)

@app.post('/a')
def a():
    gzip.decompress(request.data)  # report
    zlib.decompress(request.get_data())  # report
    with zipfile.ZipFile(request.files['archive']) as archive:  # report
        return {'text': archive.read('text.txt').decode()}
`,
      },
    ],
    good: [
      {
        title: 'with a limit, or own files',
        code: `
import gzip
import zipfile
import zlib
from flask import Flask, abort, request

app = Flask(__name__)
LIMIT = 1_000_000

@app.post('/a')
def a():
    return zlib.decompressobj().decompress(request.data, LIMIT)

@app.post('/b')
def b():
    with zipfile.ZipFile(request.files['archive']) as archive:
        if sum(info.file_size for info in archive.infolist()) > LIMIT:
            abort(413)
        return {'text': archive.read('text.txt').decode()}

def own(path):
    return gzip.decompress(open(path, 'rb').read())
`,
      },
    ],
  },
};
