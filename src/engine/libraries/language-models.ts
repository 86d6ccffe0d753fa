import { at, type Library, named } from './library.ts';

const CHAT_MODEL = 'langchain_core.language_models.BaseChatModel';
const SQL_DATABASES = [
  'langchain_community.utilities.SQLDatabase',
  'langchain_community.utilities.sql_database.SQLDatabase',
  'langchain.utilities.SQLDatabase',
];
/** Classes of transformers that find the class of a model in its repository. */
const AUTO_CLASSES = [
  'AutoConfig',
  'AutoFeatureExtractor',
  'AutoImageProcessor',
  'AutoModel',
  'AutoModelForCausalLM',
  'AutoModelForImageTextToText',
  'AutoModelForMaskedLM',
  'AutoModelForSeq2SeqLM',
  'AutoModelForSequenceClassification',
  'AutoModelForSpeechSeq2Seq',
  'AutoProcessor',
  'AutoTokenizer',
];

/**
 * SDKs of language models: where instructions go in, and where text comes out that anyone may have steered.
 * Only the instructions (system prompts, agent instructions) are a `prompt`; the user's own message is not.
 */
export const languageModels: Library = {
  name: 'OpenAI, Anthropic, Agents SDK, LangChain, Google GenAI',
  docs: 'https://platform.openai.com/docs/guides/prompt-engineering',
  aliases: {
    'openai.AsyncOpenAI': 'openai.OpenAI',
    'openai.AzureOpenAI': 'openai.OpenAI',
    'openai.AsyncAzureOpenAI': 'openai.OpenAI',
    'anthropic.AsyncAnthropic': 'anthropic.Anthropic',
    'anthropic.AnthropicBedrock': 'anthropic.Anthropic',
    'anthropic.AnthropicVertex': 'anthropic.Anthropic',
    'langchain.schema.SystemMessage': 'langchain_core.messages.SystemMessage',
    'langchain.schema.messages.SystemMessage': 'langchain_core.messages.SystemMessage',
    'langchain.prompts.PromptTemplate': 'langchain_core.prompts.PromptTemplate',
    'langchain.prompts.ChatPromptTemplate': 'langchain_core.prompts.ChatPromptTemplate',
    'langchain_core.prompts.chat.SystemMessagePromptTemplate':
      'langchain_core.prompts.SystemMessagePromptTemplate',
  },
  bases: Object.fromEntries(
    [
      'openai.ChatOpenAI',
      'openai.AzureChatOpenAI',
      'openai.OpenAI',
      'anthropic.ChatAnthropic',
      'ollama.ChatOllama',
    ].map((model) => [`langchain_${model}`, [CHAT_MODEL]]),
  ),
  returns: {
    'langchain.chat_models.init_chat_model': CHAT_MODEL,
    ...Object.fromEntries(SQL_DATABASES.map((database) => [`${database}.from_uri`, database])),
  },
  sinks: [
    {
      // Lists of messages, of which the rule looks at those of the system.
      kind: 'prompt',
      paths: [
        'openai.OpenAI.chat.completions.create',
        'openai.OpenAI.chat.completions.parse',
        'openai.OpenAI.beta.chat.completions.parse',
        'openai.ChatCompletion.create',
        'litellm.completion',
        'litellm.acompletion',
      ],
      arguments: [named('messages')],
    },
    {
      kind: 'prompt',
      paths: ['openai.OpenAI.responses.create', 'openai.responses.create'],
      arguments: [named('instructions')],
    },
    {
      kind: 'prompt',
      paths: [
        'openai.OpenAI.beta.assistants.create',
        'openai.OpenAI.beta.assistants.update',
        'openai.OpenAI.beta.threads.runs.create',
      ],
      arguments: [named('instructions'), named('additional_instructions')],
    },
    {
      kind: 'prompt',
      paths: ['agents.Agent'],
      arguments: [named('instructions'), named('handoff_description')],
    },
    {
      kind: 'prompt',
      paths: [
        'anthropic.Anthropic.messages.create',
        'anthropic.Anthropic.messages.stream',
        'anthropic.Anthropic.beta.messages.create',
      ],
      arguments: [named('system')],
    },
    { kind: 'prompt', paths: ['langchain_core.messages.SystemMessage'], arguments: [at(0, 'content')] },
    {
      kind: 'prompt',
      paths: [
        'langchain_core.prompts.SystemMessagePromptTemplate.from_template',
        'langchain_core.prompts.PromptTemplate.from_template',
        'langchain_core.prompts.ChatPromptTemplate.from_template',
      ],
      arguments: [at(0, 'template')],
    },
    {
      kind: 'prompt',
      paths: ['google.generativeai.GenerativeModel', 'google.genai.types.GenerateContentConfig'],
      arguments: [named('system_instruction')],
    },
    {
      kind: 'prompt',
      paths: ['pydantic_ai.Agent'],
      arguments: [named('system_prompt'), named('instructions')],
    },
    // https://huggingface.co/docs/transformers/en/models#custom-models: code of the repository is run.
    {
      kind: 'import',
      paths: AUTO_CLASSES.map((name) => `transformers.${name}.from_pretrained`),
      arguments: [at(0, 'pretrained_model_name_or_path')],
      when: [{ argument: named('trust_remote_code'), is: true }],
    },
    {
      kind: 'import',
      paths: ['transformers.pipeline'],
      arguments: [at(1, 'model')],
      when: [{ argument: named('trust_remote_code'), is: true }],
    },
    {
      kind: 'import',
      paths: ['sentence_transformers.SentenceTransformer'],
      arguments: [at(0, 'model_name_or_path')],
      when: [{ argument: named('trust_remote_code'), is: true }],
    },
    {
      kind: 'import',
      paths: ['datasets.load_dataset'],
      arguments: [at(0, 'path')],
      when: [{ argument: named('trust_remote_code'), is: true }],
    },
    // https://docs.pytorch.org/docs/stable/hub.html: `hubconf.py` of the repository is run.
    { kind: 'import', paths: ['torch.hub.load'], arguments: [at(0, 'repo_or_dir')] },
    // https://python.langchain.com/docs/security/: tools that run what the model writes.
    {
      kind: 'sql',
      paths: SQL_DATABASES.flatMap((database) => [`${database}.run`, `${database}.run_no_throw`]),
      arguments: [at(0, 'command')],
    },
    {
      kind: 'code',
      paths: ['langchain_experimental.utilities.PythonREPL.run', 'langchain.utilities.PythonREPL.run'],
      arguments: [at(0, 'command')],
    },
  ],
  sources: [
    {
      on: 'call',
      paths: [
        'openai.OpenAI.chat.completions.create',
        'openai.OpenAI.completions.create',
        'openai.OpenAI.responses.create',
        'openai.ChatCompletion.create',
        'openai.Completion.create',
        'anthropic.Anthropic.messages.create',
        'google.generativeai.GenerativeModel.generate_content',
        'litellm.completion',
        'litellm.acompletion',
        'ollama.chat',
        'ollama.generate',
        `${CHAT_MODEL}.invoke`,
        `${CHAT_MODEL}.ainvoke`,
        `${CHAT_MODEL}.predict`,
        'langchain.chains.LLMChain.run',
      ],
      level: 'stored',
      what: 'the answer of a language model',
    },
  ],
  handlers: [
    {
      // What a page or a mail that the model reads tells it to, it gives to its tools:
      // https://genai.owasp.org/llmrisk/llm01-prompt-injection/
      what: 'tool of a language model',
      level: 'stored',
      decorators: [
        'langchain_core.tools.tool',
        'langchain.tools.tool',
        'langchain.agents.tool',
        'agents.function_tool',
        'pydantic_ai.Agent.tool',
        'pydantic_ai.Agent.tool_plain',
        'crewai.tools.tool',
        'smolagents.tool',
      ],
      classes: ['langchain_core.tools.BaseTool', 'langchain.tools.BaseTool', 'crewai.tools.BaseTool'],
      methods: ['_run', '_arun'],
      registeredBy: [
        { paths: ['langchain_core.tools.Tool', 'langchain.tools.Tool'], argument: at(1, 'func') },
        {
          paths: [
            'langchain_core.tools.StructuredTool.from_function',
            'langchain.tools.StructuredTool.from_function',
          ],
          argument: at(0, 'func'),
        },
      ],
      parameters: [
        { at: named('run_manager'), type: 'langchain_core.callbacks.CallbackManagerForToolRun' },
        { at: named('ctx'), type: 'pydantic_ai.RunContext' },
      ],
      others: 'tainted',
      othersWhat: 'the answer of a language model, which calls this tool,',
    },
  ],
};
