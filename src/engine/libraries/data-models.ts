import { type Library, RECEIVER } from './library.ts';

const MODEL = 'pydantic.BaseModel';

/** Libraries that make instances of models from documents. What each field gets is computed by the interpreter. */
export const dataModels: Library = {
  name: 'Pydantic, marshmallow, msgspec, dacite, cattrs',
  docs: 'https://docs.pydantic.dev/latest/concepts/models/',
  aliases: {
    'pydantic.main.BaseModel': MODEL,
    'pydantic.v1.BaseModel': MODEL,
    'pydantic.tools.parse_obj_as': 'pydantic.parse_obj_as',
    'pydantic.v1.parse_obj_as': 'pydantic.parse_obj_as',
    'cattr.structure': 'cattrs.structure',
    'dacite.core.from_dict': 'dacite.from_dict',
  },
  propagators: [
    {
      paths: [
        ...['parse_obj', 'parse_raw', 'from_orm', 'validate', 'construct'].map((name) => `${MODEL}.${name}`),
        ...['validate', 'validate_json', 'validate_strings', 'construct'].map(
          (name) => `${MODEL}.model_${name}`,
        ),
        'pydantic.parse_obj_as',
        'pydantic.TypeAdapter.validate_python',
        'pydantic.TypeAdapter.validate_json',
        'dacite.from_dict',
        'cattrs.structure',
        'msgspec.convert',
        ...['json', 'msgpack', 'yaml', 'toml'].map((format) => `msgspec.${format}.decode`),
        // https://marshmallow.readthedocs.io/en/stable/quickstart.html
        'marshmallow.Schema.load',
        'marshmallow.Schema.loads',
      ],
      decodes: true,
    },
    {
      paths: ['dict', 'json', 'copy', 'model_dump', 'model_dump_json', 'model_copy'].map(
        (name) => `${MODEL}.${name}`,
      ),
      from: [RECEIVER],
    },
  ],
};
