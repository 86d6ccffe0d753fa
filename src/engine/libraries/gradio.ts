import { at, type Library } from './library.ts';

const COMPONENT = 'gradio.components.Component';
const DEPENDENCY = 'gradio.events.Dependency';

/** https://www.gradio.app/docs/gradio/introduction */
const COMPONENTS = [
  ...['AnnotatedImage', 'Audio', 'BarPlot', 'Button', 'Chatbot', 'Checkbox', 'CheckboxGroup', 'ClearButton'],
  ...['Code', 'ColorPicker', 'Dataframe', 'DataFrame', 'Dataset', 'DateTime', 'DownloadButton', 'Dropdown'],
  ...['DuplicateButton', 'File', 'FileExplorer', 'Files', 'Gallery', 'HTML', 'HighlightedText', 'Image'],
  ...['ImageEditor', 'ImageMask', 'JSON', 'Label', 'LinePlot', 'LoginButton', 'Markdown', 'Model3D'],
  ...['MultimodalTextbox', 'Number', 'Paint', 'ParamViewer', 'Plot', 'Radio', 'ScatterPlot', 'Sketchpad'],
  ...['Slider', 'State', 'Tab', 'TabItem', 'Textbox', 'TextArea', 'Timer', 'UploadButton', 'Video'],
];
/** https://www.gradio.app/docs/gradio/textbox#event-listeners and those of the other components. */
const EVENTS = [
  ...[
    'click',
    'change',
    'input',
    'submit',
    'select',
    'upload',
    'clear',
    'blur',
    'focus',
    'key_up',
    'release',
  ],
  ...['play', 'pause', 'stop', 'end', 'edit', 'delete', 'like', 'retry', 'undo', 'apply', 'tick', 'load'],
  ...['stream', 'start_recording', 'stop_recording', 'pause_recording', 'double_click', 'expand', 'collapse'],
];
const AFTER = ['then', 'success', 'failure'];

/**
 * Gradio: a function is given to an event of a component, and gets the values of the components in `inputs`. Uploads
 * arrive as paths of files that Gradio made itself; numbers and choices are checked by it.
 */
export const gradio: Library = {
  name: 'Gradio',
  docs: 'https://www.gradio.app/guides/blocks-and-event-listeners',
  aliases: { 'gradio.inputs': 'gradio', 'gradio.outputs': 'gradio' },
  bases: Object.fromEntries(
    COMPONENTS.flatMap((name) => [
      [`gradio.${name}`, [COMPONENT]],
      [`gradio.components.${name}`, [COMPONENT]],
    ]),
  ),
  returns: Object.fromEntries([
    ...EVENTS.map((event) => [`${COMPONENT}.${event}`, DEPENDENCY]),
    ...EVENTS.map((event) => [`gradio.Blocks.${event}`, DEPENDENCY]),
    ...AFTER.map((event) => [`${DEPENDENCY}.${event}`, DEPENDENCY]),
    ['gradio.on', DEPENDENCY],
  ]),
  sources: [
    {
      on: 'read',
      paths: ['gradio.Request.query_params', 'gradio.Request.path_params'],
      level: 'remote',
      what: 'a parameter of the request',
    },
    {
      on: 'read',
      paths: ['gradio.Request.headers', 'gradio.Request.cookies'],
      level: 'remote',
      what: 'a header of the request',
    },
  ],
  handlers: [
    {
      what: 'Gradio callback',
      level: 'remote',
      decorators: [...EVENTS.map((event) => `${COMPONENT}.${event}`), 'gradio.on'],
      registeredBy: [
        { paths: ['gradio.Interface'], argument: at(0, 'fn'), inputs: at(1, 'inputs') },
        { paths: ['gradio.ChatInterface'], argument: at(0, 'fn') },
        { paths: ['gradio.on'], argument: at(1, 'fn'), inputs: at(2, 'inputs') },
        {
          paths: [
            ...EVENTS.flatMap((event) => [`${COMPONENT}.${event}`, `gradio.Blocks.${event}`]),
            ...AFTER.map((event) => `${DEPENDENCY}.${event}`),
          ],
          argument: at(0, 'fn'),
          inputs: at(1, 'inputs'),
          ofAnyReceiver: true,
        },
      ],
      others: 'tainted',
      othersWhat: 'a field of the page',
      harmless: {
        names:
          /(?:^|_)(?:files?|audios?|images?|img|imgs|videos?|pictures?|masks?|states?|progress|evt|event)(?:_|$)/i,
        inputs:
          /^(?:number|slider|checkbox(?:group)?|radio|files?|uploadbutton|image\w*|annotatedimage|audio|video|gallery|model3d|state|colorpicker|datetime|timer|sketchpad|paint|microphone|mic|webcam|fileexplorer|plot|\w*button)$/i,
        withFiles: /^(?:multimodaltextbox|chatbot)$/i,
      },
    },
  ],
};
