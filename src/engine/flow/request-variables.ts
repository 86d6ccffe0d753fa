/** What the variables of a WSGI request hold: what the client sent, or what the server and middleware put beside it. */
import type { ConstantValue } from '../rules/views.ts';
import { type Value, withTaint } from './values.ts';

/**
 * Variables that no client writes: names with a dot are those of servers and applications, but for the body and what
 * was read of the path. https://peps.python.org/pep-3333/#environ-variables
 */
const OF_SERVER =
  /^(?!wsgi\.input$|wsgiorg\.routing_args$)[\w-]+\.[\w.-]+$|^(?:REMOTE_USER|REMOTE_ADDR|AUTH_TYPE|GATEWAY_INTERFACE|DOCUMENT_ROOT|SERVER_(?:NAME|PORT|PROTOCOL|SOFTWARE|ADMIN|ADDR))$/;

/** The variables without what came from outside, where the key is that of a variable which the client does not write. */
export function readable(variables: Value, key: ConstantValue | undefined): Value {
  const { shape, taint } = variables;
  const type = shape.kind === 'instance' ? shape.node : shape.kind === 'parameter' ? shape.type : null;
  if (type?.path !== 'wsgi.Environ' || typeof key !== 'string' || !OF_SERVER.test(key)) return variables;
  return withTaint(
    variables,
    taint.filter(({ origin }) => origin.type !== 'source'),
  );
}
