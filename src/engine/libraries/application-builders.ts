import { at, type Library, named } from './library.ts';

const STREAMLIT = ['text_input', 'text_area', 'chat_input', 'data_editor', 'camera_input'];
const CLICK_CONTEXT = 'click.Context';

/** Pages and commands without routes: Airflow, Streamlit, Dash, Click, Typer, bots. */
export const applicationBuilders: Library = {
  name: 'Airflow, Streamlit, Dash, NiceGUI, Click, Typer, chat bots',
  docs: 'https://docs.streamlit.io/develop/api-reference/widgets',
  aliases: {
    'streamlit.sidebar': 'streamlit',
    'dash.dependencies': 'dash',
    asyncclick: 'click',
    rich_click: 'click',
  },
  returns: {
    'streamlit.file_uploader': 'streamlit.runtime.uploaded_file_manager.UploadedFile',
    'streamlit.container': 'streamlit',
    'streamlit.empty': 'streamlit',
  },
  attributes: { 'nicegui.events.UploadEventArguments.file': 'nicegui.elements.upload.FileUpload' },
  neverReturns: ['click.Context.exit', 'click.Context.fail', 'click.Context.abort', 'streamlit.stop'],
  sources: [
    {
      on: 'call',
      paths: STREAMLIT.map((name) => `streamlit.${name}`),
      level: 'remote',
      what: 'a field of the page',
    },
    { on: 'read', paths: ['streamlit.query_params'], level: 'remote', what: 'a query parameter of the page' },
    {
      on: 'call',
      paths: ['streamlit.experimental_get_query_params'],
      level: 'remote',
      what: 'a query parameter of the page',
    },
    {
      on: 'read',
      paths: ['streamlit.runtime.uploaded_file_manager.UploadedFile.name'],
      level: 'remote',
      what: 'the name of an uploaded file',
      marks: ['file-name'],
    },
    // https://nicegui.io/documentation/upload: since 3.0 the name is that of the event's file.
    {
      on: 'read',
      paths: ['nicegui.events.UploadEventArguments.name', 'nicegui.elements.upload.FileUpload.name'],
      level: 'remote',
      what: 'the name of an uploaded file',
      marks: ['file-name'],
    },
    {
      on: 'call',
      paths: [
        'streamlit.runtime.uploaded_file_manager.UploadedFile.read',
        'streamlit.runtime.uploaded_file_manager.UploadedFile.getvalue',
        'streamlit.runtime.uploaded_file_manager.UploadedFile.getbuffer',
      ],
      level: 'remote',
      what: 'the content of an uploaded file',
    },
    // https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/params.html
    {
      on: 'read',
      paths: ['airflow.models.DagRun.conf', 'airflow.models.dagrun.DagRun.conf'],
      level: 'stored',
      what: 'the configuration of the DAG run',
    },
    {
      on: 'call',
      paths: ['airflow.models.Variable.get', 'airflow.sdk.Variable.get'],
      level: 'stored',
      what: 'an Airflow variable',
    },
    {
      on: 'call',
      paths: ['click.prompt', 'typer.prompt', 'questionary.text', 'inquirer.prompt'],
      level: 'local',
      what: 'a line typed by the user',
    },
    {
      on: 'call',
      paths: ['click.get_text_stream', 'click.get_binary_stream'],
      level: 'local',
      what: 'standard input',
    },
  ],
  sinks: [
    {
      kind: 'html',
      paths: ['streamlit.markdown', 'streamlit.write'],
      arguments: [at(0, 'body')],
      when: [{ argument: named('unsafe_allow_html'), is: true }],
    },
    {
      kind: 'html',
      paths: [
        'streamlit.html',
        'streamlit.components.v1.html',
        'nicegui.ui.html',
        'gradio.HTML',
        'dash_dangerously_set_inner_html.DangerouslySetInnerHTML',
        'IPython.display.HTML',
      ],
      arguments: [at(0)],
    },
  ],
  handlers: [
    {
      what: 'Dash callback',
      level: 'remote',
      decorators: ['dash.Dash.callback', 'dash.callback', 'dash.Dash.long_callback'],
      others: 'tainted',
      othersWhat: 'a field of the page',
    },
    {
      // https://nicegui.io/documentation/page: path and query parameters.
      what: 'NiceGUI page',
      level: 'remote',
      decorators: ['nicegui.ui.page', 'nicegui.APIRouter.page'],
      parameters: [
        { at: named('request'), type: 'starlette.requests.Request' },
        { at: named('client'), type: 'nicegui.Client' },
      ],
      others: 'tainted',
      othersWhat: 'a parameter of the page',
    },
    {
      what: 'NiceGUI upload',
      level: 'remote',
      registeredBy: [{ paths: ['nicegui.ui.upload'], argument: named('on_upload') }],
      parameters: [{ at: at(0), type: 'nicegui.events.UploadEventArguments' }],
      others: 'none',
    },
    {
      what: 'Chainlit callback',
      level: 'remote',
      decorators: ['chainlit.on_message'],
      others: 'tainted',
      othersWhat: 'a message of the user',
    },
    {
      what: 'command',
      level: 'local',
      decorators: [
        'click.command',
        'click.group',
        'click.Group.command',
        'click.core.Group.command',
        'typer.Typer.command',
        'typer.Typer.callback',
        'fire.Fire',
        'invoke.task',
        'fabric.task',
        'cleo.command',
        'flask.Flask.cli.command',
        'flask.cli.with_appcontext',
      ],
      parameters: [
        { at: named('ctx'), type: CLICK_CONTEXT },
        { at: named('context'), type: CLICK_CONTEXT },
        { at: named('c'), type: 'invoke.Context' },
      ],
      others: 'tainted',
      othersWhat: 'a command-line argument',
    },
  ],
};
