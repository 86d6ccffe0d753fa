/** Where a thing stands, for rules to ask. */
import { type Code, code } from '../finding.ts';
import type { FileRole } from '../project.ts';
import type { ClassView, FunctionView, ModuleView, Place } from '../rules/views.ts';
import type { Node } from '../syntax/ast.ts';
import type { ClassInfo, FunctionInfo, ModuleInfo, Program } from './program.ts';

export abstract class PlaceOfNode implements Place {
  protected readonly program: Program;
  protected readonly info: ModuleInfo;
  protected readonly fn: FunctionInfo | null;
  protected readonly cls: ClassInfo | null;

  constructor(program: Program, info: ModuleInfo, fn: FunctionInfo | null, cls: ClassInfo | null) {
    this.program = program;
    this.info = info;
    this.fn = fn;
    this.cls = cls;
  }

  get path(): string {
    return this.info.path;
  }
  get role(): FileRole {
    return this.info.role;
  }
  get module(): ModuleView {
    return this.program.views.module(this.info);
  }
  get function(): FunctionView | undefined {
    return this.fn && this.fn.node.kind === 'FunctionDef' ? this.program.views.function(this.fn) : undefined;
  }
  get class(): ClassView | undefined {
    const cls = this.cls ?? this.fn?.owner;
    return cls ? this.program.views.class(cls) : undefined;
  }
  quote(node: Node): Code {
    return code(this.sourceOf(node));
  }
  sourceOf(node: Node): string {
    return this.info.text.slice(node.start, node.end);
  }
}
