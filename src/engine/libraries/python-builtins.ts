import { at, type Library, named, RECEIVER } from './library.ts';
import { TEXT_KINDS } from './text-kinds.ts';

const FILE = 'io.TextIOWrapper';

const EXCEPTIONS =
  `Exception BaseException ValueError TypeError KeyError IndexError LookupError AttributeError RuntimeError
  OSError IOError PermissionError FileNotFoundError NotImplementedError AssertionError ConnectionError TimeoutError
  ImportError NameError SystemExit UserWarning`.split(/\s+/);

/** Python's builtin functions and types. What strings, lists and dicts do with their elements, the engine knows itself. */
export const pythonBuiltins: Library = {
  name: 'Python builtins',
  docs: 'https://docs.python.org/3/library/functions.html',
  aliases: {
    'six.moves.builtins': 'builtins',
    'builtins.unicode': 'builtins.str',
    'builtins.file': 'builtins.open',
    'builtins.raw_input': 'builtins.input',
    'six.moves.input': 'builtins.input',
    'six.text_type': 'builtins.str',
    'six.moves.range': 'builtins.range',
    'builtins.xrange': 'builtins.range',
    'codecs.open': 'builtins.open',
    'io.open': 'builtins.open',
    'io.open_code': 'builtins.open',
  },
  returns: {
    'builtins.open': FILE,
  },
  sources: [{ on: 'call', paths: ['builtins.input'], level: 'local', what: 'a line typed by the user' }],
  sinks: [
    { kind: 'code', paths: ['builtins.eval', 'builtins.exec', 'builtins.compile'], arguments: [at(0)] },
    { kind: 'path', paths: ['builtins.open'], arguments: [at(0, 'file')] },
    // Python 2
    { kind: 'path', paths: ['builtins.execfile'], arguments: [at(0)] },
    { kind: 'import', paths: ['builtins.__import__'], arguments: [at(0, 'name')] },
    {
      kind: 'attribute',
      paths: ['builtins.getattr', 'builtins.setattr', 'builtins.delattr'],
      arguments: [at(1)],
    },
    { kind: 'attribute', on: 'key', paths: ['builtins.globals()', 'builtins.locals()'], arguments: [at(0)] },
    { kind: 'attribute', paths: ['builtins.globals().get', 'builtins.locals().get'], arguments: [at(0)] },
    { kind: 'format', paths: ['builtins.str.format', 'builtins.str.format_map'], arguments: [RECEIVER] },
    {
      kind: 'size',
      paths: ['builtins.range', 'builtins.bytearray', 'builtins.bytes'],
      arguments: [at(0), at(1)],
    },
    // float('nan') and float('inf') are numbers, and int('x') raises.
    {
      kind: 'number-parse',
      paths: ['builtins.int', 'builtins.float', 'builtins.complex'],
      arguments: [at(0)],
    },
  ],
  duckSinks: [
    { kind: 'format', method: 'format', receiver: /^/, arguments: [RECEIVER] },
    { kind: 'format', method: 'format_map', receiver: /^/, arguments: [RECEIVER] },
  ],
  sanitizers: [
    { paths: ['builtins.int', 'builtins.float', 'builtins.complex'], kinds: TEXT_KINDS },
    {
      paths: [
        'builtins.bool',
        'builtins.hash',
        'builtins.id',
        'builtins.isinstance',
        'builtins.issubclass',
        'builtins.callable',
        'builtins.hasattr',
        'builtins.len',
        'builtins.any',
        'builtins.all',
        'builtins.type',
      ],
      kinds: 'all',
    },
    {
      paths: ['builtins.ord', 'builtins.hex', 'builtins.oct', 'builtins.bin', 'builtins.round'],
      kinds: TEXT_KINDS,
    },
    // The repr of text is quoted and holds no line break.
    { paths: ['builtins.repr', 'builtins.ascii'], kinds: ['log', 'header', 'mail-header'] },
  ],
  propagators: [
    // The text of an exception is made of what it is raised with.
    { paths: EXCEPTIONS.map((name) => `builtins.${name}`) },
    {
      paths: [
        'builtins.str',
        'builtins.bytes',
        'builtins.bytearray',
        'builtins.memoryview',
        'builtins.list',
        'builtins.tuple',
        'builtins.set',
        'builtins.frozenset',
        'builtins.dict',
        'builtins.sorted',
        'builtins.reversed',
        'builtins.enumerate',
        'builtins.zip',
        'builtins.iter',
        'builtins.next',
        'builtins.format',
        'builtins.min',
        'builtins.max',
        'builtins.sum',
        'builtins.abs',
        'builtins.chr',
        'builtins.unichr',
        'builtins.divmod',
        'builtins.pow',
        'builtins.vars',
        'builtins.slice',
      ],
    },
    { paths: ['builtins.map', 'builtins.filter', 'builtins.reduce'] },
    { paths: ['builtins.getattr'], from: [at(0), at(2)] },
  ],
};

/** Objects of the standard library that hold other values: what goes in comes out. */
export const pythonContainers: Library = {
  name: 'collections, itertools, functools, copy, queue, dataclasses',
  docs: 'https://docs.python.org/3/library/datatypes.html',
  propagators: [
    {
      paths: [
        'collections.OrderedDict',
        'collections.ChainMap',
        'collections.UserDict',
        'collections.Counter',
        'collections.deque',
        'types.SimpleNamespace',
        'types.MappingProxyType',
        'copy.copy',
        'copy.deepcopy',
        'copy.replace',
        'dataclasses.asdict',
        'dataclasses.astuple',
        'dataclasses.replace',
        'functools.reduce',
        'itertools.chain',
        'itertools.chain.from_iterable',
        'itertools.islice',
        'itertools.takewhile',
        'itertools.dropwhile',
        'itertools.starmap',
        'itertools.zip_longest',
        'itertools.product',
        'itertools.groupby',
        'itertools.tee',
        'itertools.cycle',
        'heapq.nsmallest',
        'heapq.nlargest',
        'typing.cast',
      ],
    },
    { paths: ['collections.defaultdict'], from: [at(1)] },
    {
      paths: [
        'collections.deque.append',
        'collections.deque.appendleft',
        'collections.deque.extend',
        'queue.Queue.put',
        'queue.Queue.put_nowait',
        'asyncio.Queue.put',
        'asyncio.Queue.put_nowait',
        'asyncio.Future.set_result',
        'concurrent.futures.Future.set_result',
      ],
      from: [at(0)],
      to: 'receiver',
    },
    { paths: ['asyncio.gather'] },
  ],
  sinks: [
    // A repeat count: https://docs.python.org/3/library/itertools.html#itertools.repeat
    { kind: 'size', paths: ['itertools.repeat'], arguments: [at(1), named('times')] },
  ],
};
