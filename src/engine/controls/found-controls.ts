/** The controls that were found in a file so far, and what those who look for them share. */
import { type Code, code, type Location, type RichText, text } from '../finding.ts';
import type { Control } from '../project.ts';
import type { ModuleView } from '../rules/views.ts';
import type { Expression, Node } from '../syntax/ast.ts';
import type { LineIndex } from '../syntax/lines.ts';
import { CONTROL_KINDS, type ControlKindName } from './kinds.ts';
import { Remains } from './remains.ts';
import { PROTECTING_HEADERS } from './spellings.ts';

export class FoundControls {
  readonly all: Control[] = [];
  readonly module: ModuleView;
  /** Of controls in the function that is being looked at. */
  remains: Remains;
  /** Calls that belong to a control already found. */
  readonly told = new Set<Node>();
  private readonly lines: LineIndex;

  constructor(module: ModuleView, lines: LineIndex) {
    this.module = module;
    this.lines = lines;
    this.remains = new Remains(module, []);
  }

  /**
   * @param detail tells controls of one kind in one function apart.
   * @param leaves what stands in the code, normalised, when only the control is taken away.
   */
  add(kind: ControlKindName, symbol: string, node: Node, detail: string, leaves?: readonly string[]): void {
    this.all.push({
      key: [kind, this.module.path, symbol, detail].join('\n'),
      symbol,
      location: this.locationOf(node),
      text: this.words(kind, this.quote(node)),
      ...(leaves ? { leaves } : {}),
    });
  }

  private words(kind: ControlKindName, quoted: Code): RichText {
    return text`${quoted} ${CONTROL_KINDS[kind].does}`;
  }

  private locationOf(node: Node): Location {
    return { path: this.module.path, ...this.lines.span(node.start, node.end) };
  }

  private quote(node: Node): Code {
    return code(this.sourceOf(node));
  }

  sourceOf(node: Node): string {
    return this.module.text.slice(node.start, node.end);
  }

  /** `response['X-Frame-Options'] = 'DENY'`, `self.set_header('Content-Security-Policy', …)`. */
  header(name: Expression | undefined, at: Node, symbol: string): void {
    if (name?.kind === 'Str' && PROTECTING_HEADERS.test(name.value))
      this.add('security-header', symbol, at, name.value.toLowerCase());
  }
}
