/** Whether a flow carries a whole form, query or document of the sender, with names that he chose. */
import type { FlowView } from '../views.ts';

/** What has no names in it that the sender chose. */
const SINGLE_VALUE =
  /path parameter|header of|Host header|address of the request|path of the request|uploaded/;

/** `request.POST['name']`, `form.cleaned_data.get('name')`: a text, where a field of a JSON body may be an object. */
export const ONE_FIELD = /(?:\[[^\]]+\]|\.get(?:list)?\([^)]*\))$/;

/** What the sender wrote as a whole, names included, as it is written in the code. */
export const WHOLE_REQUEST =
  /\brequest\.(?:(?:POST|GET|data|query_params|form|args|values)(?:\.(?:to_)?dict\([^()]*\))?|json|get_json\([^()]*\))$/;

/** `serializer = NoteSerializer(data=request.data)`: its `data` has the names of its fields. */
function isSerializer(flow: FlowView, name: string): boolean {
  const around = flow.function ?? flow.module;
  return new RegExp(`\\b${name}\\s*=\\s*(?:\\w*Serializer|[\\w.]*get_serializer)\\(`).test(
    around.sourceOf(around.node),
  );
}

/** A model of Pydantic, a schema or a form says which names there are: `User(**body.model_dump())`. */
function namesItsFields(flow: FlowView): boolean {
  const { what, code: read } = flow.source;
  const isModel = what === 'a parameter of the request' && /:/.test(read.code);
  if (isModel && !/:\s*(?:typing\.)?(?:dict|Dict|Any|Mapping)\b/.test(read.code)) return true;
  const written = flow.sourceOf(flow.call?.node ?? flow.node);
  const serializer = /\*\*(\w+)\.data\b/.exec(written)?.[1];
  if (serializer && isSerializer(flow, serializer)) return true;
  // `request.POST.dict()` is the request itself.
  return (
    /\*\*[\w.]*\.(?:model_dump|dict|dump|validated_data|cleaned_data)\b/.test(written) &&
    !written.includes(`**${read.code}.dict()`)
  );
}

/** What has been through a serializer, a form or a model: the names are those of its fields. */
export function isDeclared(flow: FlowView): boolean {
  const { what, code: read } = flow.source;
  if (what === 'a form field of the request' && /\.data$/.test(read.code)) return true;
  return namesItsFields(flow);
}

/** Names included: neither one value of the request, nor what a schema has named. */
export function hasNamesOfSender(flow: FlowView): boolean {
  const { what, code: read } = flow.source;
  if (SINGLE_VALUE.test(what)) return false;
  if (/form field|query parameter/.test(what) && ONE_FIELD.test(read.code)) return false;
  return !isDeclared(flow);
}
