/** A stretch of both texts, ends exclusive. */
interface Stretch {
  readonly a: number;
  readonly aEnd: number;
  readonly b: number;
  readonly bEnd: number;
  readonly depth: number;
}

/** Beyond so many edits a stretch without a unique line counts as changed whole: the search would grow with their square. */
const MAX_EDITS = 200;

const MAX_DEPTH = 40;

/**
 * For each line of base the line of head that it is, counted from 0, or -1. Lines that are unique at both sides hold the
 * rest in place (patience diff), which is nearly linear; what lies between is searched for its shortest edit, within bounds.
 */
export function matchLines(base: readonly string[], head: readonly string[]): Int32Array {
  const ids = new Map<string, number>();
  const toId = (line: string) => {
    const known = ids.get(line) ?? ids.size;
    ids.set(line, known);
    return known;
  };
  const a = Int32Array.from(base, toId);
  const b = Int32Array.from(head, toId);
  const partners = new Int32Array(a.length).fill(-1);
  const open: Stretch[] = [{ a: 0, aEnd: a.length, b: 0, bEnd: b.length, depth: 0 }];
  for (let stretch = open.pop(); stretch; stretch = open.pop()) {
    const inner = trim(a, b, stretch, partners);
    if (inner.a === inner.aEnd || inner.b === inner.bEnd) continue;
    const anchors = inner.depth < MAX_DEPTH ? findAnchors(a, b, inner) : [];
    if (anchors.length === 0) matchByEdits(a, b, inner, partners);
    let { a: fromA, b: fromB } = inner;
    const depth = inner.depth + 1;
    for (const [i, j] of anchors) {
      partners[i] = j;
      if (i > fromA && j > fromB) open.push({ a: fromA, aEnd: i, b: fromB, bEnd: j, depth });
      fromA = i + 1;
      fromB = j + 1;
    }
    if (anchors.length > 0 && inner.aEnd > fromA && inner.bEnd > fromB)
      open.push({ ...inner, a: fromA, b: fromB, depth });
  }
  return partners;
}

/** Matches what is equal at both ends; returns the rest. */
function trim(base: Int32Array, head: Int32Array, stretch: Stretch, partners: Int32Array): Stretch {
  let { a, aEnd, b, bEnd } = stretch;
  while (a < aEnd && b < bEnd && base[a] === head[b]) partners[a++] = b++;
  while (a < aEnd && b < bEnd && base[aEnd - 1] === head[bEnd - 1]) partners[--aEnd] = --bEnd;
  return { a, aEnd, b, bEnd, depth: stretch.depth };
}

/** Lines that stand once at each side, as many as keep their order. */
function findAnchors(base: Int32Array, head: Int32Array, { a, aEnd, b, bEnd }: Stretch): [number, number][] {
  const inBase = positions(base, a, aEnd);
  const inHead = positions(head, b, bEnd);
  const candidates: [number, number][] = [];
  for (const [id, i] of inBase) {
    const j = inHead.get(id) ?? -1;
    if (i >= 0 && j >= 0) candidates.push([i, j]);
  }
  return longestRising(candidates);
}

/** Where each line stands; -1 for one that stands more than once. In the order of their first appearance. */
function positions(ids: Int32Array, from: number, to: number): Map<number, number> {
  const found = new Map<number, number>();
  for (let i = from; i < to; i++) {
    const id = ids[i] ?? 0;
    found.set(id, found.has(id) ? -1 : i);
  }
  return found;
}

function longestRising(candidates: readonly [number, number][]): [number, number][] {
  const ends: number[] = []; // ends[n]: the candidate with the smallest head line that ends a rising run of n + 1
  const before: number[] = [];
  for (const [at, [, j]] of candidates.entries()) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((candidates[ends[middle] ?? 0]?.[1] ?? 0) < j) low = middle + 1;
      else high = middle;
    }
    before.push(low > 0 ? (ends[low - 1] ?? -1) : -1);
    ends[low] = at;
  }
  const run: [number, number][] = [];
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) {
    const candidate = candidates[at];
    if (candidate) run.push(candidate);
  }
  return run.reverse();
}

/** Myers' greedy search, given up beyond {@link MAX_EDITS}. */
function matchByEdits(base: Int32Array, head: Int32Array, stretch: Stretch, partners: Int32Array): void {
  const { a, b } = stretch;
  const n = stretch.aEnd - a;
  const m = stretch.bEnd - b;
  const most = Math.min(n + m, MAX_EDITS);
  const middle = most + 1;
  const reach = new Int32Array(2 * most + 3);
  const rounds: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits++) {
    rounds.push(reach.slice(middle - edits - 1, middle + edits + 2));
    for (let k = -edits; k <= edits; k += 2) {
      const left = reach[middle + k - 1] ?? 0;
      const right = reach[middle + k + 1] ?? 0;
      let x = k === -edits || (k !== edits && left < right) ? right : left + 1;
      while (x < n && x - k < m && base[a + x] === head[b + x - k]) x++;
      reach[middle + k] = x;
      if (k !== n - m || x < n) continue;
      walkBack(stretch, rounds, partners);
      return;
    }
  }
}

function walkBack({ a, aEnd, b, bEnd }: Stretch, rounds: readonly Int32Array[], partners: Int32Array): void {
  let x = aEnd - a;
  let y = bEnd - b;
  for (let edits = rounds.length - 1; edits >= 0; edits--) {
    const reach = rounds[edits] ?? new Int32Array();
    const k = x - y;
    const left = reach[k + edits] ?? 0;
    const right = reach[k + edits + 2] ?? 0;
    const down = k === -edits || (k !== edits && left < right);
    const fromX = edits === 0 ? 0 : down ? right : left;
    const fromY = edits === 0 ? 0 : fromX - (down ? k + 1 : k - 1);
    while (x > fromX && y > fromY) partners[a + --x] = b + --y;
    x = fromX;
    y = fromY;
  }
}
