/**
 * Messages that are made empty and filled attribute by attribute, as clients of Google's APIs do it:
 * `rule = Firewall()`, `rule.source_ranges = [...]`. Read in the order of the text.
 */
import type { Call, Expression } from '../../syntax/ast.ts';
import { walkStatements } from '../../syntax/walk.ts';
import type { ModuleView } from '../views.ts';

export interface Messages {
  /** The call that made what a name in a filled-in list stands for: `rule.allowed = [allowed]`. */
  madeBy(expression: Expression): Call | undefined;
  /** The value that an attribute of the message is given after the call. */
  attributeOf(call: Call, name: string): Expression | undefined;
}

export function messagesOf(module: ModuleView): Messages {
  const current = new Map<string, Call>();
  const attributes = new Map<Call, Map<string, Expression>>();
  const elements = new Map<Expression, Call>();
  walkStatements(module.node.body, (statement) => {
    if (statement.kind !== 'Assign') return;
    const { value } = statement;
    for (const target of statement.targets) {
      if (target.kind === 'Name') {
        if (value.kind === 'Call') current.set(target.id, value);
        else current.delete(target.id);
      } else if (target.kind === 'Attribute' && target.value.kind === 'Name') {
        const message = current.get(target.value.id);
        if (!message) continue;
        const filled = attributes.get(message) ?? new Map<string, Expression>();
        attributes.set(message, filled.set(target.attr, value));
        for (const element of value.kind === 'List' ? value.elements : []) {
          const made = element.kind === 'Name' ? current.get(element.id) : undefined;
          if (made) elements.set(element, made);
        }
      }
    }
  });
  return {
    madeBy: (expression) => (expression.kind === 'Call' ? expression : elements.get(expression)),
    attributeOf: (call, name) => attributes.get(call)?.get(name),
  };
}
