import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import type { CallView, ValueView } from './views.ts';

export const unpinnedModelDownload: Rule = {
  id: 'unpinned-model-download',
  title: 'Model or data set that can change under way',
  cwe: [494, 829],
  aspect: 'parsing',
  kind: 'advisory',
  severity: 'medium',
  rows: [47],
  summary:
    'A model, tokenizer or data set that is downloaded from the Hugging Face hub or with `torch.hub` without a fixed revision (a commit hash). With `trust_remote_code=True` it is a defect: code of the repository is run. Local paths are fine.',
  why: 'Who owns the repository, or takes it over, changes what the program loads: other weights, or code that is run.',
  fix: 'Pass `revision` with the full hash of a commit that you have looked at.',
  references: [
    'https://huggingface.co/docs/transformers/main_classes/model#transformers.PreTrainedModel.from_pretrained',
    'https://pytorch.org/docs/stable/hub.html',
  ],
  roles: { test: 'silent', example: 'advisory' },
  calls: [
    { paths: [], names: ['from_pretrained'], check: checkFromPretrained },
    {
      paths: [
        'datasets.load_dataset',
        'huggingface_hub.hf_hub_download',
        'huggingface_hub.snapshot_download',
        'sentence_transformers.SentenceTransformer',
        'sentence_transformers.CrossEncoder',
      ],
      check: (call) => checkDownload(call, call.argument(0, 'repo_id')),
    },
    { paths: ['transformers.pipeline'], check: (call) => checkDownload(call, call.argument(1, 'model')) },
    {
      paths: ['torch.hub.load'],
      check: (call) => {
        const repository = call.argument(0, 'repo_or_dir')?.constant;
        if (
          typeof repository !== 'string' ||
          repository.includes(':') ||
          call.argument(undefined, 'source')?.constant === 'local'
        )
          return undefined;
        return {
          message: text`${call.quote(call.node.func)} runs code of ${code(repository)} without a fixed version.`,
          at: call.node,
          fix: { text: text`Name a tag or commit: ${code('owner/name:commit')}.` },
        };
      },
    },
  ],
  examples: {
    bad: [
      {
        title: 'no revision',
        code: `
import torch
from datasets import load_dataset
from transformers import AutoModel, AutoTokenizer

def load():
    model = AutoModel.from_pretrained('org/model')  # report
    tokenizer = AutoTokenizer.from_pretrained('org/model', revision='main')  # report
    data = load_dataset('org/data')  # report
    return model, tokenizer, data, torch.hub.load('org/vision', 'resnet18')  # report
`,
      },
      {
        title: 'code of the repository is run',
        kind: 'defect',
        code: `
from transformers import AutoModel

def load():
    return AutoModel.from_pretrained('org/model', trust_remote_code=True)  # report
`,
      },
      {
        title: 'whichever repository is named',
        kind: 'advisory',
        code: `
from sentence_transformers import SentenceTransformer
from transformers import AutoModel, pipeline

def load(name):
    first = AutoModel.from_pretrained('bert-base-uncased')  # report
    second = AutoModel.from_pretrained(name, trust_remote_code=True)  # report
    third = SentenceTransformer('org/sentences')  # report
    return first, second, third, pipeline('text-generation', model='org/model')  # report
`,
      },
    ],
    good: [
      {
        title: 'a commit, or a local path',
        code: `
from datasets import load_dataset
from transformers import AutoModel, AutoTokenizer

REVISION = '5c38ec7c405ec4b44b94cc5a9bb96e735b38267a'

def load(path):
    model = AutoModel.from_pretrained('org/model', revision=REVISION)
    local = AutoModel.from_pretrained('./models/ours')
    other = AutoTokenizer.from_pretrained(path)
    return model, local, other, load_dataset('csv', data_files='data.csv')
`,
      },
    ],
  },
};

function checkFromPretrained(call: CallView): Report | undefined {
  return /^(transformers|diffusers|sentence_transformers|peft|timm)\b/.test(call.callee)
    ? checkDownload(call, call.argument(0, 'pretrained_model_name_or_path'))
    : undefined;
}

/** `owner/name`, and the first models of the hub, which have no owner: `bert-base-uncased`. */
const REPOSITORY = /^(?:[\w-]+(\.[\w-]+)*\/[\w.-]+|gpt2|[A-Za-z0-9]+(-[A-Za-z0-9._]+)+)$/;

function checkDownload(call: CallView, repository: ValueView | undefined): Report | undefined {
  const given = repository ?? call.argument(undefined, 'path') ?? call.argument(undefined, 'model');
  const name = given?.constant;
  const runsCode = call.argument(undefined, 'trust_remote_code')?.isTrue === true;
  if (
    runsCode &&
    given &&
    given.constants === undefined &&
    call.argument(undefined, 'revision') === undefined
  ) {
    return {
      message: text`${call.quote(call.node.func)} runs code of whichever repository is named.`,
      at: call.node,
    };
  }
  if (
    typeof name !== 'string' ||
    !REPOSITORY.test(name) ||
    /^\.|^(models?|data|weights|checkpoints)\//.test(name)
  )
    return undefined;
  const revision = call.argument(undefined, 'revision');
  const isPinned =
    revision !== undefined &&
    (typeof revision.constant !== 'string' ||
      /^[0-9a-f]{7,40}$/.test(revision.constant) ||
      /^v?\d/.test(revision.constant));
  if (isPinned || call.hasUnknownArguments) return undefined;
  return {
    message: runsCode
      ? text`${call.quote(call.node.func)} runs code of ${code(name)}, whichever version is there at the time.`
      : text`${call.quote(call.node.func)} loads whichever version of ${code(name)} is there at the time.`,
    at: call.node,
    ...(runsCode
      ? { kind: 'defect' as const, severity: 'high' as const }
      : { quiet: true, severity: 'low' as const }),
  };
}
