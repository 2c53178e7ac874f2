import type { Document, LineCounter, Node } from 'yaml';
import { UserError } from '../errors.ts';
import { nearest } from '../nearest.ts';

export type YamlReader = ReturnType<typeof readerOf>;

/** Nodes that are looked at in all, so that aliases of aliases end. */
const MOST_NODES = 100_000;

/** Readers of YAML nodes: each returns plain values or throws what was expected, and where. */
export function readerOf(yaml: typeof import('yaml'), document: Document, path: string, lines: LineCounter) {
  let nodes = 0;

  const at = (node: Node): string => {
    const { line, col } = lines.linePos(node.range?.[0] ?? 0);
    return `${line}:${col}`;
  };
  const wrong = (node: Node, expected: string): UserError =>
    new UserError(
      `${path}:${at(node)}: ${expected}.`,
      'Correct the configuration; the README shows every key.',
    );
  const real = (node: Node): Node | null => {
    if (++nodes > MOST_NODES) throw wrong(node, 'this is more than a configuration holds');
    if (!yaml.isAlias(node)) return node;
    const target = node.resolve(document);
    return target ?? null;
  };
  const scalar = (node: Node): unknown => {
    const value = real(node);
    return yaml.isScalar(value) ? value.value : undefined;
  };

  const text = (node: Node, what: string): string => {
    const value = scalar(node);
    if (typeof value !== 'string' && typeof value !== 'number')
      throw wrong(node, `${what} is ${kindOf(yaml, node)} where text is expected`);
    if (String(value).trim() === '') throw wrong(node, `${what} is empty`);
    return String(value);
  };
  const list = <T>(node: Node, what: string, each: (one: Node) => T): readonly T[] => {
    const value = real(node);
    if (!yaml.isSeq(value)) throw wrong(node, `${what} is ${kindOf(yaml, node)} where a list is expected`);
    return value.items.map((one) => {
      if (!yaml.isNode(one)) throw wrong(node, `${what} has an empty entry`);
      return each(one);
    });
  };
  const pairs = (node: Node, what: string) => {
    const value = real(node);
    if (!yaml.isMap(value))
      throw wrong(node, `${what} is ${kindOf(yaml, node)} where keys with values are expected`);
    return value.items.map((pair) => {
      const key = yaml.isScalar(pair.key) ? pair.key : undefined;
      const empty = !yaml.isNode(pair.value) || (yaml.isScalar(pair.value) && pair.value.value === null);
      return {
        key: String(key?.value),
        at: at(key ?? value),
        value: empty || !yaml.isNode(pair.value) ? undefined : pair.value,
      };
    });
  };
  const record = (
    node: Node,
    what: string,
    keys: readonly string[],
  ): Readonly<Record<string, Node | undefined>> =>
    Object.fromEntries(
      pairs(node, what).map(({ key, at: place, value }) => {
        if (keys.includes(key)) return [key, value];
        const guess = nearest(key, keys);
        throw new UserError(
          `${path}:${place}: ${what} has no key ${shown(key)}.`,
          guess ? `Did you mean ${guess}?` : `Its keys are ${keys.join(', ')}.`,
        );
      }),
    );
  const word = <T extends string>(node: Node, what: string, words: readonly T[]): T => {
    const value = scalar(node);
    const found = words.find((candidate) => candidate === value);
    if (found !== undefined) return found;
    const guess = typeof value === 'string' ? nearest(value, words) : undefined;
    const said =
      typeof value === 'string' || typeof value === 'number' ? shown(String(value)) : kindOf(yaml, node);
    throw wrong(
      node,
      `${shown(what)} is one of ${words.join(', ')}, not ${said}${guess ? ` (did you mean ${guess}?)` : ''}`,
    );
  };
  return {
    at,
    wrong,
    text,
    list,
    pairs,
    record,
    word,
    /** One text, or a list of them. */
    texts: (node: Node, what: string): readonly string[] =>
      yaml.isScalar(real(node))
        ? [text(node, what)]
        : list(node, what, (one) => text(one, `an entry of ${what}`)),
    /** A whole number; outside the two, `must` says what it has to be. */
    whole: (node: Node, what: string, [least, most]: readonly [number, number], must: string): number => {
      const value = Number(text(node, what));
      if (!Number.isInteger(value) || value < least || value > most) throw wrong(node, `${what} is ${must}`);
      return value;
    },
    date: (node: Node, what: string): string => {
      const value = text(node, what);
      if (!isDate(value)) throw wrong(node, `${what} is a day such as 2026-01-31, not ${shown(value)}`);
      return value;
    },
    rule: (node: Node, ruleAt: Map<string, string>): string => {
      const id = text(node, 'an entry of waivers.never');
      ruleAt.set(id, at(node));
      return id;
    },
  };
}

function kindOf(yaml: typeof import('yaml'), node: Node): string {
  if (yaml.isSeq(node)) return 'a list';
  if (yaml.isMap(node)) return 'keys with values';
  const value = yaml.isScalar(node) ? node.value : undefined;
  if (value === null || value === undefined) return 'nothing';
  return typeof value === 'boolean' ? 'true or false' : typeof value === 'number' ? 'a number' : 'text';
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** A text of the user's on one short line without control characters. */
export function shown(text: string): string {
  const line = text.replace(/\s+/g, ' ').replace(/[\p{Cc}\p{Cf}]/gu, '');
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
