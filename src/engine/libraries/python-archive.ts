import { at, type Library, named, RECEIVER } from './library.ts';

const TAR = 'tarfile.TarFile';
const ZIP = 'zipfile.ZipFile';

/** Archives and compressed files: tarfile, zipfile, gzip, bz2, lzma, zlib, shutil.unpack_archive. */
export const pythonArchive: Library = {
  name: 'tarfile, zipfile, gzip, bz2, lzma, zlib',
  docs: 'https://docs.python.org/3/library/archiving.html',
  aliases: {
    'tarfile.TarFile.open': 'tarfile.open',
    'backports.lzma': 'lzma',
    pyzipper: 'zipfile',
    'pyzipper.AESZipFile': ZIP,
    zipfile36: 'zipfile',
    'zipfile_deflate64.ZipFile': ZIP,
  },
  returns: {
    'tarfile.open': TAR,
    'tarfile.TarFile.gzopen': TAR,
    'tarfile.TarFile.next': 'tarfile.TarInfo',
    'tarfile.TarFile.getmember': 'tarfile.TarInfo',
    'tarfile.TarFile.extractfile': 'tarfile.ExFileObject',
    'zipfile.ZipFile.getinfo': 'zipfile.ZipInfo',
    'zipfile.ZipFile.open': 'zipfile.ZipExtFile',
    'gzip.open': 'gzip.GzipFile',
    'bz2.open': 'bz2.BZ2File',
    'lzma.open': 'lzma.LZMAFile',
  },
  elements: {
    [TAR]: 'tarfile.TarInfo',
    'tarfile.TarFile.getmembers()': 'tarfile.TarInfo',
    'zipfile.ZipFile.infolist()': 'zipfile.ZipInfo',
  },
  sources: [
    {
      on: 'read',
      paths: ['tarfile.TarInfo.name', 'tarfile.TarInfo.path', 'tarfile.TarInfo.linkname'],
      level: 'stored',
      what: 'the name of an archive member',
      marks: ['file-name'],
    },
    {
      on: 'call',
      paths: ['tarfile.TarFile.getnames'],
      level: 'stored',
      what: 'the name of an archive member',
      marks: ['file-name'],
    },
    {
      on: 'read',
      paths: ['zipfile.ZipInfo.filename', 'zipfile.ZipInfo.orig_filename'],
      level: 'stored',
      what: 'the name of an archive member',
      marks: ['file-name'],
    },
    {
      on: 'call',
      paths: ['zipfile.ZipFile.namelist'],
      level: 'stored',
      what: 'the name of an archive member',
      marks: ['file-name'],
    },
  ],
  sinks: [
    // zipfile's own extraction drops `..` and drive letters since Python 2.7.4; tarfile's does so with `filter='data'`.
    {
      kind: 'archive',
      paths: [
        'tarfile.open',
        TAR,
        ZIP,
        'shutil.unpack_archive',
        'gzip.open',
        'bz2.open',
        'lzma.open',
        'gzip.GzipFile',
        'bz2.BZ2File',
        'lzma.LZMAFile',
      ],
      arguments: [at(0, 'name'), named('fileobj'), named('file'), named('filename')],
    },
    {
      kind: 'archive',
      paths: [
        'gzip.decompress',
        'bz2.decompress',
        'lzma.decompress',
        'zlib.decompress',
        'zstandard.ZstdDecompressor.decompress',
        'zstd.decompress',
        'lz4.frame.decompress',
        'snappy.decompress',
        'brotli.decompress',
        'blosc.decompress',
        'compression.zstd.decompress',
      ],
      arguments: [at(0, 'data')],
    },
    {
      kind: 'archive',
      paths: [
        'py7zr.SevenZipFile',
        'rarfile.RarFile',
        'patoolib.extract_archive',
        'libarchive.extract_file',
        'libarchive.public.file_reader',
      ],
      arguments: [at(0)],
    },
    { kind: 'path', paths: ['tarfile.open', TAR], arguments: [at(0, 'name')] },
    { kind: 'path', paths: [ZIP], arguments: [at(0, 'file')] },
    {
      kind: 'path',
      paths: [
        'gzip.open',
        'bz2.open',
        'lzma.open',
        'shutil.unpack_archive',
        'py7zr.SevenZipFile',
        'rarfile.RarFile',
        'patoolib.extract_archive',
      ],
      arguments: [at(0, 'filename'), named('file'), named('archive')],
    },
    {
      kind: 'path',
      paths: [
        'tarfile.TarFile.extractall',
        'tarfile.TarFile.extract',
        'zipfile.ZipFile.extractall',
        'zipfile.ZipFile.extract',
      ],
      arguments: [named('path')],
    },
    { kind: 'path', paths: ['tarfile.TarFile.add', 'zipfile.ZipFile.write'], arguments: [at(0)] },
  ],
  propagators: [
    {
      paths: [
        'tarfile.TarFile.extractfile',
        'zipfile.ZipFile.read',
        'zipfile.ZipFile.open',
        'tarfile.ExFileObject.read',
        'zipfile.ZipExtFile.read',
      ],
      from: [RECEIVER],
    },
    { paths: ['gzip.open', 'gzip.GzipFile', 'tarfile.open', ZIP, TAR] },
  ],
};
