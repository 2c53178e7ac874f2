/** A line that may be a conflict marker. */
interface MaybeMarker {
  readonly kind: 'ours' | 'base' | 'separator' | 'theirs';
  readonly line: number;
}

/** Lines from `from` to `to`, both included. */
interface Block {
  readonly from: number;
  readonly to: number;
}

/** What opens a code block in each family of documents, and how deep an indented one is. */
const FAMILIES = [
  {
    name: /\.(md|mdx|markdown|mkd|qmd|rmd)$/i,
    fence: /^[ \t]*(?:[-*] +|\d+[.)] +)?(`{3,}|~{3,})([^\r\n]*)/,
    indent: /^(?: {4}|\t)/,
  },
  { name: /\.(adoc|asciidoc)$/i, fence: /^(-{4,}|`{3,})([^\r\n]*)/, indent: /^[ \t]/ },
  { name: /\.rst$/i, fence: undefined, indent: /^(?: {2}|\t)/ },
];

/**
 * Tells lines of those code blocks of a document that hold conflicts and hold them whole: such a block shows what a conflict
 * looks like. A block with half a conflict was itself cut by a merge.
 */
export function balancedBlocks(
  path: string,
  text: string,
  starts: readonly number[],
  markers: readonly MaybeMarker[],
): (line: number) => boolean {
  const family = FAMILIES.find(({ name }) => name.test(path));
  if (!family) return () => false;
  const lineAt = (line: number) => text.slice(starts[line], starts[line + 1]);
  const { fence, indent } = family;
  const blocks = [
    ...(fence ? fencedBlocks(starts.length, lineAt, fence) : []),
    ...indentedBlocks(starts.length, lineAt, indent),
  ];
  const shown = new Set<number>();
  for (const block of blocks) {
    const inside = within(markers, block);
    if (isBalanced(inside)) for (const { line } of inside) shown.add(line);
  }
  return (line) => shown.has(line);
}

function isBalanced(markers: readonly MaybeMarker[]): boolean {
  let depth = 0;
  for (const { kind } of markers) {
    if (kind === 'ours') depth++;
    if (kind === 'theirs' && --depth < 0) return false;
  }
  return depth === 0 && markers.some(({ kind }) => kind === 'ours');
}

/** Markers are in the order of their lines. */
function within(markers: readonly MaybeMarker[], { from, to }: Block): readonly MaybeMarker[] {
  let low = 0;
  let high = markers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((markers[middle]?.line ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while ((markers[end]?.line ?? Number.POSITIVE_INFINITY) <= to) end++;
  return markers.slice(low, end);
}

/** Blocks between two fences of the same sign; one that is never closed is none. */
function fencedBlocks(count: number, lineAt: (line: number) => string, pattern: RegExp): Block[] {
  const blocks: Block[] = [];
  let open: { readonly fence: string; readonly line: number } | undefined;
  for (let line = 0; line < count; line++) {
    const match = pattern.exec(lineAt(line));
    const [, fence = '', info = ''] = match ?? [];
    if (!open && fence && !(fence[0] === '`' && info.includes('`'))) open = { fence, line };
    else if (open && fence.startsWith(open.fence) && info.trim() === '') {
      blocks.push({ from: open.line + 1, to: line - 1 });
      open = undefined;
    }
  }
  return blocks;
}

/** Runs of indented lines after an empty one. */
function indentedBlocks(count: number, lineAt: (line: number) => string, indent: RegExp): Block[] {
  const blocks: Block[] = [];
  let from = -1;
  let wasEmpty = true;
  for (let line = 0; line < count; line++) {
    const text = lineAt(line);
    const isEmpty = text.trim() === '';
    const isIndented = indent.test(text);
    if (from >= 0 && !isEmpty && !isIndented) {
      blocks.push({ from, to: line - 1 });
      from = -1;
    }
    if (from < 0 && isIndented && wasEmpty) from = line;
    wasEmpty = isEmpty;
  }
  if (from >= 0) blocks.push({ from, to: count - 1 });
  return blocks;
}
