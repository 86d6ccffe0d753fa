/** Whether a function asks who is calling: by its decorators, its dependencies, or in its body. */
import { CHECKING_CALLS, CHECKING_DEPENDENCY, DECORATORS } from '../../controls/spellings.ts';
import type { Call, Expression } from '../../syntax/ast.ts';
import { lastName } from '../../syntax/headers.ts';
import { walk } from '../../syntax/walk.ts';
import type { FunctionView } from '../views.ts';

/** What lets a caller in: the decorator, dependency or check, or undefined where there is none. */
export function accessCheckIn(fn: FunctionView): Expression | undefined {
  for (const decorator of fn.node.decorators) {
    if (isAccessDecorator(decorator)) return decorator;
    const dependency = dependencyIn(decorator);
    if (dependency) return dependency;
  }
  for (const param of fn.node.params) {
    for (const expression of [param.default, param.annotation]) {
      const dependency = expression && dependencyIn(expression);
      if (dependency) return dependency;
    }
    // `user: CurrentUser`, an alias of `Annotated[User, Depends(...)]`
    if (
      param.annotation &&
      /^(Current|Authenticated|Admin|Active|Superuser)\w*$/.test(lastName(param.annotation))
    )
      return param.annotation;
  }
  return checkInBody(fn);
}

/** `@login_required`, `@requires_auth`, `@authenticated` and the like, with whatever words around. */
export function isAccessDecorator(decorator: Expression): boolean {
  const name = lastName(decorator);
  return (
    DECORATORS.some(
      (known) => (known.kind === 'authentication' || known.kind === 'authorization') && known.name.test(name),
    ) ||
    /(^|_)(login|auth|authenticat\w*|authoriz\w*|permissions?|admins?|roles?|token|jwt|api_?key|staff|superusers?|users?|scopes?|session|members?|owners?|moderators?)(_|$)/i.test(
      name.replace(/([a-z0-9])([A-Z])/g, '$1_$2'),
    )
  );
}

function dependencyIn(expression: Expression): Expression | undefined {
  let found: Expression | undefined;
  walk(expression, (node) => {
    if (node.kind === 'Call' && /^(Depends|Security)$/.test(lastName((node as Call).func))) {
      const [dependency] = (node as Call).args;
      if (dependency && CHECKING_DEPENDENCY.test(lastName(dependency).replace(/([a-z0-9])([A-Z])/g, '$1_$2')))
        found ??= node as Call;
    }
    return found === undefined;
  });
  return found;
}

/** A call that checks, or a question about the user, before whatever else. */
function checkInBody(fn: FunctionView): Expression | undefined {
  let found: Expression | undefined;
  for (const statement of fn.node.body) {
    walk(statement, (node) => {
      if (node.kind === 'Call') {
        const { func } = node as Call;
        const name = lastName(func);
        const isContext =
          name === 'can' && func.kind === 'Attribute' && /^(context|ctxt|ctx)$/.test(lastName(func.value));
        const checks =
          CHECKING_CALLS.test(name) ||
          isContext ||
          /^_?(check|require|verify|ensure|assert|authenticate|authorize|get_current|current)_?\w*(auth|user|permission|access|token|login|admin|owner|signature|identity)\w*$/i.test(
            name,
          );
        if (checks) found ??= node as Call;
      } else if (
        node.kind === 'Attribute' &&
        /^(is_authenticated|is_staff|is_superuser|is_admin)$/.test((node as unknown as { attr: string }).attr)
      ) {
        found ??= node as unknown as Expression;
      }
      return found === undefined;
    });
  }
  return found;
}

/** Pages that must be there for everybody. */
export function isPublicByName(name: string): boolean {
  return /(^|_)(login|log_in|signin|sign_in|logout|signout|register|signup|sign_up|health\w*|healthz|ready\w*|live\w*|ping|status|index|home|root|about|version|info|static|favicon|robots|sitemap|callback|webhook|hook|hooks|reset|forgot|password|confirm|verify|activate|token|refresh|oauth\w*|authorize|auth|public|docs|openapi|metrics|error|not_found|captcha|csrf|contact|landing|welcome|language|locale|saml|sso|acs|unsubscribe|subscribe)(_|$)/i.test(
    name,
  );
}
