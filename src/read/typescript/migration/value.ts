import type { Class, Node } from 'oxc-parser';
import type { CodeModule } from '../module.ts';
import { type Place, type PlacedSql, plainText } from './placed-sql.ts';
import type { Run } from './run.ts';

/** What an expression of a migration comes to, as far as it can be told without running it. */
export type Value =
  | { readonly kind: 'text'; readonly sql: PlacedSql }
  | {
      readonly kind: 'plain';
      readonly value: number | boolean | bigint | null | undefined;
      readonly place?: Place;
    }
  | { readonly kind: 'list'; readonly items: Value[] }
  | ObjectValue
  | FunctionValue
  | ClassValue
  | { readonly kind: 'module'; readonly module: CodeModule }
  | Host
  | Unknown;

/** An object, or an instance of a class of the tree. */
export interface ObjectValue {
  readonly kind: 'object';
  readonly fields: Map<string, Value>;
  readonly of?: ClassValue;
  /** Fields that are not known may be there too; why. */
  readonly open?: string;
}

export interface FunctionValue {
  readonly kind: 'function';
  readonly module: CodeModule;
  readonly node: Node;
  readonly frame: Frame;
  readonly self?: Value;
}

export interface ClassValue {
  readonly kind: 'class';
  readonly module: CodeModule;
  readonly node: Class;
  readonly frame: Frame;
}

/** Something of the language or of a migration tool, whose behaviour is written here. */
export interface Host {
  readonly kind: 'host';
  readonly name: string;
  /** Through it code reaches the database: what is not known to be done with it is said. */
  readonly reaches?: boolean;
  member?(name: string, site: Site): Value | undefined;
  call?(args: readonly Value[], site: Site): Value;
  /** Called with `new`. */
  make?(args: readonly Value[], site: Site): Value;
  /** Called as the tag of a template. */
  tag?(template: Template, site: Site): Value;
  /** What waiting for it does: a builder of queries runs what it holds, once. */
  settle?(site: Site): Value;
  /** SQL that it stands for inside of other SQL. */
  readonly expression?: PlacedSql;
  /** Whether it would run something when it is waited for. */
  isPending?(): boolean;
}

/** A tagged template: its texts, and the values between them. */
export interface Template {
  readonly texts: readonly PlacedSql[];
  readonly values: readonly Value[];
}

export interface Unknown {
  readonly kind: 'unknown';
  /** As `it is a parameter`. */
  readonly why: string;
  /** It belongs to something that reaches the database: to call it may do anything there. */
  readonly reaches?: boolean;
  /** How a text begins that is not known to its end. */
  readonly start?: string;
}

/** Where something is done: the node, and the function that it stands in. */
export interface Site {
  readonly run: Run;
  readonly module: CodeModule;
  readonly node: Node;
}

/** Values of variables, by the name that declares them. */
export interface Frame {
  readonly values: Map<Node, Value>;
  readonly parent?: Frame;
}

export const UNDEFINED: Value = { kind: 'plain', value: undefined };

/** A value that cannot be told, and why. */
export function unknown(why: string, reaches?: boolean): Unknown {
  return { kind: 'unknown', why, ...(reaches ? { reaches } : {}) };
}

/** A text that no single word of the code says. */
export function textValue(text: string | PlacedSql): Value {
  return { kind: 'text', sql: typeof text === 'string' ? [{ text }] : text };
}

export function plainValue(value: number | boolean | null | undefined): Value {
  return { kind: 'plain', value };
}

/** A function of the language or the tool. */
export function native(name: string, call: NonNullable<Host['call']>): Host {
  return { kind: 'host', name, call };
}

/** A set of members, each a value or a function of the arguments. */
export function hostOf(
  name: string,
  members: Readonly<Record<string, Value | NonNullable<Host['call']>>>,
  more: Partial<Host> = {},
): Host {
  return {
    kind: 'host',
    name,
    member: (key) => {
      const found = Object.hasOwn(members, key) ? members[key] : undefined;
      return typeof found === 'function' ? native(`${name}.${key}`, found) : found;
    },
    ...more,
  };
}

/** The text of a value: a text, or a number or the like that becomes one. */
export function textOfValue(value: Value | undefined): string | undefined {
  const placed = value && placedText(value);
  return placed && plainText(placed);
}

/** The same with its places. */
export function placedText(value: Value): PlacedSql | undefined {
  if (value.kind === 'text') return value.sql;
  if (value.kind !== 'plain') return undefined;
  return [{ text: String(value.value), ...(value.place ? { place: value.place } : {}) }];
}

/** What a value says as a condition; undefined where it cannot be told. */
export function isTruthy(value: Value): boolean | undefined {
  switch (value.kind) {
    case 'unknown':
      return undefined;
    case 'plain':
      return Boolean(value.value);
    case 'text':
      return plainText(value.sql) !== '';
    default:
      return true;
  }
}

/** A field of an object; undefined where there is none, and `unknown` where there may be. */
export function fieldOf(value: Value | undefined, name: string): Value | undefined {
  if (value?.kind !== 'object') return undefined;
  const found = value.fields.get(name);
  if (found) return found.kind === 'plain' && found.value === undefined ? undefined : found;
  return value.open === undefined ? undefined : unknown(value.open);
}

/** Whether a value is absent: `undefined` or `null`. */
export function isNothing(value: Value | undefined): boolean {
  return (
    value === undefined || (value.kind === 'plain' && (value.value === undefined || value.value === null))
  );
}

/** Why a value, or a part of it, is not known; undefined where all of it is. */
export function whyNotKnown(value: Value): string | undefined {
  switch (value.kind) {
    case 'unknown':
      return value.why;
    case 'list':
      return firstReason(value.items);
    case 'object':
      return value.open ?? firstReason(value.fields.values());
    default:
      return undefined;
  }
}

function firstReason(values: Iterable<Value>): string | undefined {
  for (const value of values) {
    const why = whyNotKnown(value);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** Whether code could reach the database through a value. */
export function reaches(value: Value, depth = 0): boolean {
  switch (value.kind) {
    case 'host':
    case 'unknown':
      return value.reaches === true;
    case 'list':
      return depth < 3 && value.items.some((item) => reaches(item, depth + 1));
    case 'object':
      return depth < 3 && [...value.fields.values()].some((field) => reaches(field, depth + 1));
    default:
      return false;
  }
}
