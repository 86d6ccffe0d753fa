import { at, type Library, named } from './library.ts';

const ARGUMENT = 'an argument of the remote call';
const BODY = 'the body of the request';

/** Servers of models: what they call with the body of a request. Files that they made of it are of their own classes. */
export const modelServers: Library = {
  name: 'Ray Serve, BentoML, LitServe, KServe, TorchServe, SageMaker, Cog, Modal',
  docs: 'https://docs.ray.io/en/latest/serve/http-guide.html',
  handlers: [
    {
      what: 'Ray Serve deployment',
      level: 'remote',
      written: [
        {
          name: /^__call__$/,
          parameters: [/^(?:http_|starlette_)?req(?:uest)?$/],
          isMethod: true,
          evidence: /\bserve\.deployment\b/,
        },
      ],
      parameters: [{ at: at(0), type: 'starlette.requests.Request' }],
      others: 'none',
    },
    {
      // https://docs.bentoml.com/en/latest/build-with-bentoml/services.html
      what: 'BentoML API',
      level: 'remote',
      decorators: ['bentoml.api', 'bentoml.task', 'bentoml.Service.api'],
      parameters: [{ at: named('ctx'), type: 'bentoml.Context' }],
      others: 'tainted',
      othersWhat: ARGUMENT,
    },
    {
      // https://lightning.ai/docs/litserve/api-reference/litapi
      what: 'LitServe API',
      level: 'remote',
      classes: ['litserve.LitAPI'],
      methods: ['decode_request'],
      others: 'tainted',
      othersWhat: BODY,
    },
    {
      // https://kserve.github.io/website/: the protocol's own classes are not tainted as such.
      what: 'KServe model',
      level: 'remote',
      classes: ['kserve.Model'],
      methods: ['preprocess', 'predict', 'explain'],
      others: 'tainted',
      othersWhat: BODY,
    },
    {
      // https://docs.pytorch.org/serve/custom_service.html
      what: 'TorchServe handler',
      level: 'remote',
      classes: ['ts.torch_handler.base_handler.BaseHandler'],
      methods: ['handle', 'preprocess'],
      parameters: [{ at: named('context'), type: 'ts.context.Context' }],
      others: 'tainted',
      othersWhat: BODY,
    },
    {
      // https://sagemaker.readthedocs.io/en/stable/frameworks/pytorch/using_pytorch.html#serve-a-pytorch-model
      what: 'SageMaker inference function',
      level: 'remote',
      written: [
        {
          name: /^(?:input_fn|transform_fn)$/,
          parameters: [
            /^(?:request_body|input_data|serialized_input_data|data)$/,
            /^(?:request_|input_)?content_type$/,
          ],
        },
      ],
      others: 'tainted',
      othersWhat: BODY,
    },
    {
      // https://github.com/replicate/cog/blob/main/docs/python.md
      what: 'Cog predictor',
      level: 'remote',
      classes: ['cog.BasePredictor'],
      methods: ['predict'],
      others: 'tainted',
      othersWhat: ARGUMENT,
    },
    {
      // https://modal.com/docs/reference/modal.fastapi_endpoint
      what: 'Modal endpoint',
      level: 'remote',
      decorators: ['modal.fastapi_endpoint', 'modal.web_endpoint'],
      others: 'tainted',
      othersWhat: 'a parameter of the request',
    },
  ],
};
