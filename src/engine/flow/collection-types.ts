/** `list[Model]`, `dict[str, Model]`: collections of which an annotation says what is in them. */
import { ApiNode } from '../libraries/api.ts';
import type { Type } from './annotations.ts';
import { ClassInfo } from './program.ts';

/** The class of a collection, and the classes of what is in it. */
export class CollectionType extends ApiNode {
  /** What a loop over it gives. */
  readonly iterated: Type | null;
  /** What stands under an index or a key. */
  readonly indexed: Type | null;
  readonly isMapping: boolean;
  private readonly container: ApiNode;

  constructor(container: ApiNode, iterated: Type | null, indexed: Type | null, isMapping: boolean) {
    super(container.path);
    this.container = container;
    this.bases = [container];
    this.iterated = iterated;
    this.indexed = indexed;
    this.isMapping = isMapping;
  }

  override get isModelled(): boolean {
    return this.container.isModelled;
  }
}

/** `type[Model]`: the class itself, or one that derives from it. */
export class ClassType extends ApiNode {
  readonly cls: ClassInfo;

  constructor(container: ApiNode, cls: ClassInfo) {
    super(container.path);
    this.bases = [container];
    this.cls = cls;
  }
}

const ITERABLE =
  /^(?:list|set|frozenset|tuple|deque|(?:mutable)?(?:sequence|set)|abstractset|iterable|iterator|collection|container|generator|asynciterable|asynciterator|asyncgenerator|queryset|manager)$/i;
const MAPPING = /^(?:dict|mapping|mutablemapping|defaultdict|ordereddict)$/i;

/** The type of a container with these types in its brackets; undefined where that says nothing of its elements. */
export function collectionOf(
  container: ApiNode,
  parts: readonly (Type | null)[],
): CollectionType | ClassType | undefined {
  const [first = null, second = null] = parts;
  if (first instanceof ClassInfo && /^(?:builtins\.type|typing\.Type)$/.test(container.path))
    return new ClassType(container, first);
  if (MAPPING.test(container.name) && second) return new CollectionType(container, first, second, true);
  if (!first || !ITERABLE.test(container.name)) return undefined;
  // Of a tuple each place has a type of its own: what all share is that of any.
  const isAlike =
    container.name.toLowerCase() !== 'tuple' || parts.every((part) => part === null || part === first);
  return isAlike ? new CollectionType(container, first, first, false) : undefined;
}
