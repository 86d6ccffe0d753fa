import { at, type Library, named } from './library.ts';

const FRAME = 'pandas.DataFrame';
const READERS = ['csv', 'excel', 'json', 'parquet', 'feather', 'table', 'sql', 'sql_query', 'hdf', 'fwf'];

/** pandas and NumPy: expressions that are evaluated, and sizes. */
export const dataFrames: Library = {
  name: 'pandas, NumPy, numexpr',
  docs: 'https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.query.html',
  returns: {
    ...Object.fromEntries(READERS.map((format) => [`pandas.read_${format}`, FRAME])),
    'PIL.Image.open': 'PIL.Image.Image',
    'pandas.concat': FRAME,
    'pandas.merge': FRAME,
    'pandas.DataFrame.copy': FRAME,
    'pandas.DataFrame.query': FRAME,
    'pandas.DataFrame.dropna': FRAME,
    'pandas.DataFrame.fillna': FRAME,
    'pandas.DataFrame.reset_index': FRAME,
    'pandas.DataFrame.sort_values': FRAME,
  },
  sinks: [
    {
      kind: 'code',
      paths: ['pandas.eval', 'pandas.DataFrame.eval', 'pandas.DataFrame.query', 'numexpr.evaluate'],
      arguments: [at(0, 'expr')],
    },
    {
      kind: 'path',
      paths: READERS.filter((format) => !format.startsWith('sql')).map((format) => `pandas.read_${format}`),
      arguments: [at(0, 'filepath_or_buffer'), named('path'), named('io')],
    },
    {
      kind: 'path',
      paths: ['csv', 'excel', 'json', 'parquet', 'feather', 'pickle', 'html'].map(
        (format) => `${FRAME}.to_${format}`,
      ),
      arguments: [at(0, 'path_or_buf'), named('path'), named('excel_writer')],
    },
    {
      kind: 'path',
      paths: [
        'numpy.load',
        'numpy.loadtxt',
        'numpy.genfromtxt',
        'numpy.save',
        'numpy.savez',
        'numpy.savetxt',
      ],
      arguments: [at(0, 'file'), named('fname')],
    },
    // https://librosa.org/doc/, https://docs.pytorch.org/audio/, https://python-soundfile.readthedocs.io/,
    // https://github.com/jiaaro/pydub/blob/master/API.markdown, https://docs.scipy.org/doc/scipy/reference/io.html
    {
      kind: 'path',
      paths: [
        'librosa.load',
        'torchaudio.load',
        'torchaudio.save',
        'torchaudio.info',
        'soundfile.read',
        'soundfile.write',
        'soundfile.info',
        'soundfile.SoundFile',
        'pydub.AudioSegment.from_file',
        'pydub.AudioSegment.from_wav',
        'pydub.AudioSegment.from_mp3',
        'scipy.io.wavfile.read',
        'scipy.io.wavfile.write',
      ],
      arguments: [at(0, 'path'), named('uri'), named('file'), named('filename')],
    },
    // https://pymupdf.readthedocs.io/, https://pypdf.readthedocs.io/, https://github.com/jsvine/pdfplumber,
    // https://scikit-image.org/docs/stable/api/skimage.io.html, https://zulko.github.io/moviepy/
    {
      kind: 'path',
      paths: [
        'pymupdf.open',
        'fitz.open',
        'pypdf.PdfReader',
        'PyPDF2.PdfReader',
        'pdfplumber.open',
        'pptx.Presentation',
        'skimage.io.imread',
        'skimage.io.imsave',
        'imageio.v2.imread',
        'imageio.v3.imread',
        'moviepy.VideoFileClip',
        'moviepy.editor.VideoFileClip',
        'ffmpeg.input',
        'ffmpeg.probe',
        'fsspec.open',
        'smart_open.open',
        'spacy.load',
        'keras.models.load_model',
        'tensorflow.saved_model.load',
        'toml.load',
      ],
      arguments: [
        at(0, 'filename'),
        named('stream'),
        named('path_or_fp'),
        named('fname'),
        named('uri'),
        named('urlpath'),
        named('name'),
        named('filepath'),
        named('f'),
      ],
    },
    // https://pillow.readthedocs.io/, https://docs.opencv.org/, https://docs.h5py.org/, https://openpyxl.readthedocs.io/
    {
      kind: 'path',
      paths: [
        'PIL.Image.open',
        'PIL.Image.Image.save',
        'cv2.imread',
        'cv2.imwrite',
        'cv2.VideoCapture',
        'imageio.imread',
        'h5py.File',
      ],
      arguments: [at(0, 'fp'), named('filename'), named('name')],
    },
    {
      kind: 'path',
      paths: ['openpyxl.load_workbook', 'xlrd.open_workbook', 'docx.Document'],
      arguments: [at(0, 'filename')],
    },
    {
      kind: 'size',
      paths: ['numpy.zeros', 'numpy.ones', 'numpy.empty', 'numpy.full', 'numpy.arange', 'numpy.linspace'],
      arguments: [at(0, 'shape')],
    },
  ],
};
