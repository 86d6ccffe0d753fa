/**
 * Follows a resource through the statements of a function: on which ways it is left open. Structured Python only, no
 * values: a condition that asks about the variable itself (`if f: f.close()`) is taken to be right.
 */
import type { Call, Expression, Node, Statement, Try } from '../../syntax/ast.ts';
import { headersOf, lastName, rootName } from '../../syntax/headers.ts';
import { walk, walkStatements } from '../../syntax/walk.ts';

/** What is acquired: the variable that holds it from the end of the statement on. */
export interface Acquisition {
  readonly variable: string;
  readonly statement: Statement;
  readonly call: Call;
}

/** How a resource is spoken of and let go. */
export interface ReleaseNames {
  /** Methods that release it: `close`. */
  readonly methods: ReadonlySet<string>;
  /** Functions that release what they are given: `os.close`, `shutil.rmtree`; by last name. */
  readonly functions: ReadonlySet<string>;
  /** Methods whose result keeps the resource alive: `conn.cursor()`. */
  readonly derives: ReadonlySet<string>;
  /**
   * The variable is only the name of the resource, as a path is. Functions that are given it do not take it over, but
   * where this function never releases it, it may be meant to stay.
   */
  readonly isName?: boolean;
}

/** A way out of the function on which the resource is still open, with the place that leads there. */
export interface Leak {
  readonly how: 'exception' | 'return' | 'end';
  readonly at: Node;
}

/** Where control can go from a piece of code while the resource is open; the node is the first place that does it. */
interface Exits {
  /** It can go on behind the code with the resource open. */
  next: boolean;
  raise: Node | null;
  return: Node | null;
  /** `break` and `continue`. */
  jump: boolean;
}

const CLOSED: Exits = { next: false, raise: null, return: null, jump: false };

/**
 * The ways on which the resource stays open, the worst first. Undefined where it is handed on (returned, stored,
 * passed to other code, seen by a closure), so that somebody else may release it.
 */
export function leaksOf(
  body: readonly Statement[],
  acquisition: Acquisition,
  names: ReleaseNames,
): readonly Leak[] | undefined {
  const follower = new Follower(acquisition, names);
  if (names.isName ? !follower.isReleasedIn(body) || follower.isNameKept(body) : follower.isHandedOn(body))
    return undefined;
  const exits = follower.block(body, false);
  const leaks: Leak[] = [];
  if (exits.next || exits.jump) leaks.push({ how: 'end', at: acquisition.call });
  if (exits.return) leaks.push({ how: 'return', at: exits.return });
  if (exits.raise) leaks.push({ how: 'exception', at: exits.raise });
  return leaks;
}

class Follower {
  private readonly acquisition: Acquisition;
  private readonly variable: string;
  private readonly names: ReleaseNames;
  private readonly self: ReadonlySet<string>;

  constructor(acquisition: Acquisition, names: ReleaseNames) {
    this.acquisition = acquisition;
    this.variable = acquisition.variable;
    this.names = names;
    this.self = new Set([acquisition.variable]);
  }

  block(body: readonly Statement[], open: boolean): Exits {
    const exits: Exits = { ...CLOSED };
    let isOpen = open;
    let isReached = true;
    for (const statement of body) {
      if (!isReached) break;
      if (statement === this.acquisition.statement) {
        isOpen = true;
        continue;
      }
      const own = this.statement(statement, isOpen);
      exits.raise ??= own.raise;
      exits.return ??= own.return;
      exits.jump ||= own.jump;
      isOpen = own.next;
      isReached = !isEnd(statement);
    }
    exits.next = isOpen && isReached;
    return exits;
  }

  private statement(statement: Statement, open: boolean): Exits {
    if (statement.kind === 'FunctionDef' || statement.kind === 'ClassDef') return { ...CLOSED, next: open };
    const headers = headersOf(statement);
    if (open && headers.some((header) => this.releases(header))) open = false;
    const risk = open ? headers.map(riskIn).find((node) => node !== null) : undefined;
    const raise = risk ?? null;
    switch (statement.kind) {
      case 'Return':
        return { ...CLOSED, raise, return: open ? statement : null };
      case 'Raise':
        return { ...CLOSED, raise: open ? statement : null };
      case 'Break':
      case 'Continue':
        return { ...CLOSED, jump: open };
      case 'If': {
        const isAboutIt = this.mentions(statement.test);
        const branches = [
          this.block(statement.body, open),
          ...statement.elifs.map((branch) => this.block(branch.body, open)),
          this.block(statement.orelse, open),
        ];
        const joined = joinExits(branches, raise);
        // `if f is not None: f.close()`: where the branch is not taken, there is nothing to close.
        if (
          isAboutIt &&
          open &&
          branches.some((branch, i) => !branch.next && this.isReleasedIn(bodyOf(statement, i)))
        )
          joined.next = false;
        return joined;
      }
      case 'For':
      case 'While': {
        const inside = this.block(statement.body, open);
        const after = this.block(statement.orelse, inside.next || open);
        const isEndless = statement.kind === 'While' && isTrue(statement.test);
        return {
          raise: raise ?? inside.raise ?? after.raise,
          return: inside.return ?? after.return,
          jump: false,
          next: inside.jump || (!isEndless && (after.next || open || inside.next)),
        };
      }
      case 'With': {
        if (statement.items.some((item) => this.isManagedBy(item.context))) return CLOSED;
        const inside = this.block(statement.body, open);
        return { ...inside, raise: raise ?? inside.raise };
      }
      case 'Try':
        return this.tryStatement(statement, open);
      case 'Match':
        return joinExits(
          [...statement.cases.map((branch) => this.block(branch.body, open)), { ...CLOSED, next: open }],
          raise,
        );
      default:
        return { ...CLOSED, raise, next: open && !endsProcess(statement) };
    }
  }

  private tryStatement(statement: Try, open: boolean): Exits {
    const body = this.block(statement.body, open);
    const orelse = this.block(statement.orelse, body.next);
    const isFinallyReleasing = this.isReleasedIn(statement.finalbody);
    if (isFinallyReleasing) return CLOSED;
    const caught = body.raise !== null;
    const handlers = statement.handlers.map((handler) => this.block(handler.body, caught));
    const catchesAll = statement.handlers.some((handler) => isCatchAll(handler.type));
    const raise =
      (catchesAll ? null : body.raise) ??
      orelse.raise ??
      handlers.find((handler) => handler.raise)?.raise ??
      null;
    const after = this.block(statement.finalbody, false);
    return {
      raise: raise ?? after.raise,
      return: body.return ?? orelse.return ?? handlers.find((handler) => handler.return)?.return ?? null,
      jump: body.jump || orelse.jump || handlers.some((handler) => handler.jump),
      next:
        (statement.orelse.length > 0 ? orelse.next : body.next) || handlers.some((handler) => handler.next),
    };
  }

  /** Whether the code releases the resource at its top level, or under a condition about it. */
  isReleasedIn(body: readonly Statement[]): boolean {
    let isReleased = false;
    walkStatements(
      body,
      (statement) => {
        isReleased ||= headersOf(statement).some((header) => this.releases(header));
      },
      false,
    );
    return isReleased;
  }

  /** `f.close()`, `os.close(f)`, `del f`, or `f.close` given to whoever will call it. */
  private releases(node: Node): boolean {
    let found = false;
    walk(node, (inner) => {
      if (inner.kind === 'Attribute') {
        const { value, attr } = inner as unknown as Extract<Expression, { kind: 'Attribute' }>;
        found ||= this.names.methods.has(attr) && this.isVariable(value);
      } else if (inner.kind === 'Call') {
        const call = inner as Call;
        const given = call.args.some((argument) => this.mentions(argument));
        found ||= given && this.names.functions.has(lastName(call.func));
        // Registered: self.addCleanup(shutil.rmtree, path), stack.callback(os.close, fd)
        found ||= given && call.args.some((argument) => this.names.functions.has(lastName(argument)));
      } else if (inner.kind === 'Delete') {
        found ||= (inner as unknown as { targets: Expression[] }).targets.some((target) =>
          this.isVariable(target),
        );
      }
      return !found;
    });
    return found;
  }

  /** `with f:`, `with closing(f):`, `with os.fdopen(fd):` */
  private isManagedBy(context: Expression): boolean {
    return this.mentions(context) && (context.kind === 'Name' || context.kind === 'Call');
  }

  /** Whether the resource can live on somewhere else: then this function alone cannot tell. */
  isHandedOn(body: readonly Statement[]): boolean {
    let isHandedOn = false;
    walkStatements(
      body,
      (statement) => {
        if (isHandedOn || statement === this.acquisition.statement) return;
        if (statement.kind === 'FunctionDef' || statement.kind === 'ClassDef') {
          isHandedOn ||= this.mentions(statement);
          return;
        }
        if (statement.kind === 'Global' || statement.kind === 'Nonlocal') {
          isHandedOn ||= statement.names.includes(this.variable);
          return;
        }
        for (const header of headersOf(statement)) isHandedOn ||= this.escapes(header);
      },
      false,
    );
    return isHandedOn;
  }

  /** Whether the name, or another that is made from it, is returned, stored, or given to an object that may keep it. */
  isNameKept(body: readonly Statement[]): boolean {
    const derived = new Set([this.variable]);
    let isKept = false;
    const mentions = (node: Node) => mentionsAny(node, derived);
    walkStatements(
      body,
      (statement) => {
        if (isKept || statement === this.acquisition.statement) return;
        if (statement.kind === 'FunctionDef' || statement.kind === 'ClassDef') isKept = mentions(statement);
        else if (statement.kind === 'Global' || statement.kind === 'Nonlocal') {
          isKept = statement.names.some((name) => derived.has(name));
        } else if (statement.kind === 'Return') isKept = mentions(statement);
        else if (statement.kind === 'Assign' && mentions(statement.value)) {
          for (const target of statement.targets) {
            if (target.kind === 'Name') derived.add(target.id);
            else isKept = true;
          }
        }
        for (const header of headersOf(statement)) {
          walk(header, (node) => {
            const keeps =
              node.kind === 'Yield' ||
              node.kind === 'Lambda' ||
              (node.kind === 'Call' &&
                /^[A-Z]|^(append|add|put|setattr|update|insert|setdefault|chdir)$/.test(
                  lastName((node as Call).func),
                ));
            isKept ||= keeps && mentions(node);
            return !isKept;
          });
        }
      },
      false,
    );
    return isKept;
  }

  /** Looks at each mention of the variable: used in place, or given away. */
  private escapes(root: Node): boolean {
    let escapes = false;
    walk(root, (node) => {
      if (escapes) return false;
      switch (node.kind) {
        case 'Call': {
          const call = node as Call;
          const method =
            call.func.kind === 'Attribute' && this.isVariable(call.func.value) ? call.func.attr : '';
          if (this.names.derives.has(method)) escapes = isValueOf(root, call);
          const isBorrowing =
            this.names.functions.has(lastName(call.func)) ||
            BORROWS.has(lastName(call.func)) ||
            call.args.some((argument) => this.names.functions.has(lastName(argument)));
          if (!isBorrowing) {
            const given = [...call.args, ...call.keywords.map((keyword) => keyword.value)];
            escapes ||= given.some((argument) => this.isGiven(argument));
          }
          return true;
        }
        case 'Lambda':
          escapes = this.mentions(node);
          return false;
        case 'Return':
        case 'Yield': {
          const { value } = node as unknown as { value: Expression | null };
          escapes = value !== null && this.isGiven(value);
          return true;
        }
        case 'Assign': {
          const { targets, value } = node as unknown as Extract<Statement, { kind: 'Assign' }>;
          escapes = this.isGiven(value) || targets.some((target) => rootName(target) === this.variable);
          return true;
        }
        case 'AnnAssign':
        case 'NamedExpr': {
          const { value } = node as unknown as { value: Expression | null };
          escapes = value !== null && this.isGiven(value);
          return true;
        }
        default:
          return true;
      }
    });
    return escapes;
  }

  /** The resource itself, or a collection or choice that holds it. */
  private isGiven(expression: Expression): boolean {
    switch (expression.kind) {
      case 'Name':
        return expression.id === this.variable;
      case 'Tuple':
      case 'List':
      case 'Set':
        return expression.elements.some((element) => this.isGiven(element));
      case 'Dict':
        return expression.values.some((value) => this.isGiven(value));
      case 'IfExp':
        return this.isGiven(expression.body) || this.isGiven(expression.orelse);
      case 'BoolOp':
        return expression.values.some((value) => this.isGiven(value));
      case 'Starred':
      case 'Await':
        return this.isGiven(expression.value);
      case 'Attribute':
        // `f.read` handed to a pool keeps the file; `f.name` does not, but nobody can tell.
        return this.isVariable(expression.value) && !this.names.methods.has(expression.attr);
      default:
        return false;
    }
  }

  private isVariable(expression: Expression): boolean {
    return expression.kind === 'Name' && expression.id === this.variable;
  }

  private mentions(node: Node): boolean {
    return mentionsAny(node, this.self);
  }
}

function mentionsAny(node: Node, names: ReadonlySet<string>): boolean {
  let found = false;
  walk(node, (inner) => {
    found ||= inner.kind === 'Name' && names.has((inner as unknown as { id: string }).id);
    return !found;
  });
  return found;
}

/** Functions that use what they are given and let it go again when they return. */
const BORROWS: ReadonlySet<string> = new Set(
  'load loads safe_load full_load dump safe_dump read_csv reader writer DictReader DictWriter parse copyfileobj print len list tuple set sorted enumerate iter next zip map filter str repr int bool isinstance hasattr getattr fstat flock lockf hexdigest file_digest sum any all read_pickle readlines min max join exists isdir listdir select wait'.split(
    ' ',
  ),
);

/** Calls that do not fail, or whose failure is none that a function must be ready for. */
const HARMLESS: ReadonlySet<string> = new Set(
  'len str repr int bool float list dict tuple set isinstance issubclass hasattr getattr id type print range enumerate zip sorted min max abs format join strip lower upper startswith endswith replace split debug info warning error exception append add keys values items time monotonic perf_counter'.split(
    ' ',
  ),
);

/** The first thing in an expression that is likely to raise. */
function riskIn(node: Node): Node | null {
  let risk: Node | null = null;
  walk(node, (inner) => {
    if (inner.kind === 'Lambda') return false;
    if (inner.kind === 'Call' && !HARMLESS.has(lastName((inner as Call).func))) risk ??= inner;
    if (inner.kind === 'Yield' || inner.kind === 'Assert') risk ??= inner;
    return risk === null;
  });
  return risk;
}

function joinExits(branches: readonly Exits[], raise: Node | null): Exits {
  return {
    next: branches.some((branch) => branch.next),
    raise: raise ?? branches.find((branch) => branch.raise)?.raise ?? null,
    return: branches.find((branch) => branch.return)?.return ?? null,
    jump: branches.some((branch) => branch.jump),
  };
}

function bodyOf(statement: Extract<Statement, { kind: 'If' }>, branch: number): readonly Statement[] {
  return [statement.body, ...statement.elifs.map((elif) => elif.body), statement.orelse][branch] ?? [];
}

function isEnd(statement: Statement): boolean {
  return (
    statement.kind === 'Return' ||
    statement.kind === 'Raise' ||
    statement.kind === 'Break' ||
    statement.kind === 'Continue'
  );
}

/** `sys.exit()`, `os._exit()`, `self.fail()`: nothing after it matters. */
function endsProcess(statement: Statement): boolean {
  return (
    statement.kind === 'ExpressionStatement' &&
    statement.value.kind === 'Call' &&
    /^(_?exit|abort|execv\w*|execl\w*)$/.test(lastName(statement.value))
  );
}

function isCatchAll(type: Expression | null): boolean {
  return type === null || /^(Base)?Exception$/.test(lastName(type));
}

function isTrue(test: Expression): boolean {
  return (test.kind === 'Constant' && test.value === 'True') || (test.kind === 'Num' && test.value !== 0);
}

/** Whether the call's result is what the statement returns or keeps. */
function isValueOf(root: Node, call: Call): boolean {
  const { value } = root as unknown as { value?: Node };
  return value === call;
}
