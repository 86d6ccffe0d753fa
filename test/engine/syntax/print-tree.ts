/** Prints a tree on one line, without positions and without what is empty, for tests. */
export function printTree(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printTree).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const node = value as Record<string, unknown>;
  switch (node.kind) {
    case 'Name':
      return String(node.id);
    case 'Str':
      return JSON.stringify(node.value);
    case 'Num':
    case 'Constant':
      return String(node.value);
    case 'Attribute':
      return `${printTree(node.value)}.${node.attr}`;
    case 'ExpressionStatement':
      return printTree(node.value);
    default: {
      const properties = Object.entries(node)
        .filter(([key]) => !['kind', 'start', 'end', 'nameStart', 'attrStart'].includes(key))
        .filter(([, item]) => item !== null && item !== false && !(Array.isArray(item) && item.length === 0))
        .map(([key, item]) => `${key}=${printTree(item)}`);
      return `${node.kind}(${properties.join(' ')})`;
    }
  }
}
