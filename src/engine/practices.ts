/** Lines of good practice, for the summary of a review: what makes an aspect clear. Reads the tree alone. */

import { kindOfControl } from './controls/controls.ts';
import { CONTROL_KINDS, type ControlKind } from './controls/kinds.ts';
import { type Aspect, code, type Practice, type RichText, text } from './finding.ts';
import type { Control } from './project.ts';
import type { ModuleView } from './rules/views.ts';
import type { Call, Expression, Node, Statement } from './syntax/ast.ts';
import { dottedName, headersOf, lastName } from './syntax/headers.ts';
import type { LineIndex } from './syntax/lines.ts';
import { walk, walkStatements } from './syntax/walk.ts';

/** The good practice of a file, in the order of the text. Its controls are good practice too. */
export function practicesIn(module: ModuleView, lines: LineIndex, controls: readonly Control[]): Practice[] {
  const practices: Practice[] = controls.flatMap((control) => {
    const { aspect, quiet }: ControlKind = CONTROL_KINDS[kindOfControl(control)];
    return quiet ? [] : { aspect, location: control.location, text: control.text };
  });
  const add = (aspect: Aspect, node: Node, words: RichText): void => {
    practices.push({
      aspect,
      location: { path: module.path, ...lines.span(node.start, node.end) },
      text: words,
    });
  };
  const quote = (node: Node) => code(module.text.slice(node.start, node.end));
  walkStatements(module.node.body, (statement) => {
    if (statement.kind === 'With') {
      for (const { context } of statement.items) {
        if (context.kind !== 'Call') continue;
        if (EXPECTED_EXCEPTION.test(lastName(context))) continue;
        if (OPENS.test(dottedName(context)))
          add('resources', context, text`${quote(context)} is closed by ${code('with')}`);
      }
    }
    if (statement.kind === 'Try') releasedIn(statement.finalbody, add, quote);
    for (const header of headersOf(statement)) {
      walk(header, (node) => {
        // What a practice is made of, such as the fixture given to `useFixture`, is not another one.
        return node.kind === 'Call' && practiceOf(node as Call, add, quote) ? false : undefined;
      });
    }
  });
  return practices.sort(
    (a, b) => a.location.startLine - b.location.startLine || a.location.startColumn - b.location.startColumn,
  );
}

type Add = (aspect: Aspect, node: Node, words: RichText) => void;
type Quote = (node: Node) => ReturnType<typeof code>;

/** Adds what a call shows of good practice; whether it shows any. */
function practiceOf(call: Call, add: Add, quote: Quote): boolean {
  const name = lastName(call.func);
  const path = dottedName(call.func);
  if (REGISTERS_CLEANUP.test(name)) {
    add('resources', call, text`${quote(call)} registers the clean-up`);
  } else if (EXPECTED_EXCEPTION.test(name) && call.args[0]) {
    add('errors', call, text`${quote(call.args[0])} is expected and checked (${code(name)})`);
  } else if (name === 'useFixture' || ISOLATES.test(name) || PATCHES.test(path)) {
    add('isolation', call, text`${quote(call)} isolates the test`);
  } else if (EXECUTES.test(name) && hasBoundValues(call)) {
    add('injection', call, text`${quote(call.func)} binds its values as parameters`);
  } else return false;
  return true;
}

/** A statement with placeholders in a literal, and the values beside it. */
function hasBoundValues(call: Call): boolean {
  const [statement, values] = call.args;
  const literal = statement && literalOf(statement);
  return values !== undefined && literal !== undefined && /%s|%\(\w+\)s|\?|:\w+|\$\d/.test(literal);
}

function literalOf(expression: Expression): string | undefined {
  if (expression.kind === 'Str') return expression.value;
  // SQLAlchemy: text('… :name')
  if (expression.kind === 'Call' && lastName(expression.func) === 'text') {
    const [first] = expression.args;
    return first?.kind === 'Str' ? first.value : undefined;
  }
  return undefined;
}

function releasedIn(finalbody: readonly Statement[], add: Add, quote: Quote): void {
  walkStatements(finalbody, (statement) => {
    if (statement.kind !== 'ExpressionStatement') return;
    const call = statement.value.kind === 'Await' ? statement.value.value : statement.value;
    if (call.kind === 'Call' && RELEASES.test(lastName(call.func)))
      add('resources', call, text`${quote(call)} stands in ${code('finally')}`);
  });
}

const REGISTERS_CLEANUP =
  /^(addCleanup|addClassCleanup|addModuleCleanup|addAsyncCleanup|addClassResourceCleanup|add_cleanup|addfinalizer|enterContext|enter_context|enter_async_context|enterClassContext)$/;
const EXPECTED_EXCEPTION =
  /^(assertRaises|assertRaisesRegex|assertRaisesRegexp|assertRaisesMessage|raises|assertFailedAsync)$/;
const ISOLATES =
  /^(stub_out|stub_out_\w+|set_stub_\w+|stub_with|MockPatch|MockPatchObject|requests_mock|monkeypatch|aioresponses|HTTPretty|respx_mock|responses)$/;
const PATCHES = /(^|\.)patch(\.object|\.dict|\.multiple)?$/;
const EXECUTES =
  /^(execute|executemany|executescript|exec_driver_sql|fetch|fetchrow|fetchval|raw|read_sql|read_sql_query)$/;
const RELEASES =
  /^(close|aclose|release|shutdown|terminate|kill|cleanup|unlink|rmtree|remove|disconnect|stop|quit|rollback|restore)$/;
const OPENS =
  /(^|\.)(open|fdopen|connect|socket|create_connection|ZipFile|TarFile|Session|ClientSession|AsyncClient|Client|urlopen|NamedTemporaryFile|TemporaryFile|TemporaryDirectory|SpooledTemporaryFile|Popen|Pool|ThreadPoolExecutor|ProcessPoolExecutor|closing|SMTP|SMTP_SSL|FTP|ExitStack|AsyncExitStack)$/;
