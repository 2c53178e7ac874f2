import type { Node } from 'oxc-parser';
import type { Dialect } from '../../../schema/schema.ts';
import { mapText, type Place, type PlacedSql, sql } from './placed-sql.ts';
import { emitBuilt, notKnownAt } from './run.ts';
import {
  fieldOf,
  isNothing,
  placedText,
  type Site,
  textOfValue,
  UNDEFINED,
  unknown,
  type Value,
  whyNotKnown,
} from './value.ts';

/** What a builder is told cannot be known: the whole of what it makes is not. */
class NotSaid extends Error {}

/** Breaks off what a builder makes. */
export function notSaid(why: string): never {
  throw new NotSaid(why);
}

/**
 * Does what a call of a builder does; where it is told something that is not known, that is said in its place, which the calls
 * before it in the same chain are not part of.
 */
export function saying(site: Site, work: () => Value | undefined): Value {
  try {
    return work() ?? UNDEFINED;
  } catch (error) {
    if (!(error instanceof NotSaid)) throw error;
    notKnownAt(site.run, placeOf(site), error.message);
    return UNDEFINED;
  }
}

/** What a call makes of its arguments; where they are not known, neither is that. */
export function expressed(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof NotSaid)) throw error;
    return unknown(error.message);
  }
}

/** Sends a statement that a builder makes; it stands where the builder is called. */
export function send(site: Site, made: PlacedSql): undefined {
  emitBuilt(site.run, placeOf(site), made);
}

/** The text of a value that must be known. */
export function needText(value: Value | undefined, what: string): PlacedSql {
  const text = value && !isNothing(value) ? placedText(value) : undefined;
  return text ?? notSaid(`${what} is not known: ${(value && whyNotKnown(value)) ?? 'it is left out'}`);
}

/** One text or a list of them. */
export function needTexts(value: Value | undefined, what: string): readonly PlacedSql[] {
  if (value?.kind === 'list') return value.items.map((item) => needText(item, what));
  return [needText(value, what)];
}

/** A value that must be known as far as it is looked at; undefined where it is left out. */
export function need(value: Value | undefined, what: string): Value | undefined {
  if (value?.kind === 'unknown') notSaid(`${what} is not known: ${value.why}`);
  return isNothing(value) ? undefined : value;
}

/** A field of an object of options; the object and the field must be known. */
export function option(options: Value | undefined, name: string): Value | undefined {
  return need(fieldOf(need(options, 'an argument'), name), name);
}

/** Whether an option is on. */
export function isOn(options: Value | undefined, name: string): boolean {
  const value = option(options, name);
  return value?.kind === 'plain' ? Boolean(value.value) : value !== undefined;
}

/** The text of an option, if it is given. */
export function optionText(options: Value | undefined, name: string): PlacedSql | undefined {
  const value = option(options, name);
  return value && needText(value, name);
}

/** Where a call stands in the migration's file: from the name of what is called to its end, or all of it with `whole`. */
export function placeOf({ run, module, node }: Site, whole = false): Place {
  if (module !== run.main) {
    const site = run.sites.at(-1) ?? run.main.program;
    return { module: run.main, start: site.start, end: site.end };
  }
  return { module, start: whole ? node.start : startOf(node), end: node.end };
}

function startOf(node: Node): number {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return node.start;
  return node.callee.property.start;
}

/** A text with the place of the call that says it. */
export function at(place: Place, text: string): PlacedSql {
  return [{ text, place }];
}

/** A name in the dialect's quotes. */
export function quoted(name: PlacedSql | string, dialect: Dialect, mark = markOf(dialect)): PlacedSql {
  const inner = typeof name === 'string' ? [{ text: name }] : name;
  return sql`${mark}${mapText(inner, (text) => text.replaceAll(mark, mark + mark))}${mark}`;
}

function markOf(dialect: Dialect): '`' | '"' {
  return dialect === 'mysql' ? '`' : '"';
}

/** A text as a literal of the dialect. */
export function literal(text: PlacedSql | string, dialect: Dialect): PlacedSql {
  const inner = typeof text === 'string' ? [{ text }] : text;
  const escaped = mapText(inner, (one) => {
    const doubled = one.replaceAll("'", "''");
    return dialect === 'mysql' ? doubled.replaceAll('\\', '\\\\') : doubled;
  });
  return sql`'${escaped}'`;
}

/** A number or text as SQL: a number stays bare. */
export function valueSql(value: Value, dialect: Dialect): PlacedSql | undefined {
  if (value.kind === 'text') return literal(value.sql, dialect);
  if (value.kind === 'host' && value.expression) return value.expression;
  if (value.kind !== 'plain') return undefined;
  const text = textOfValue(value) ?? '';
  const shown =
    value.value === undefined
      ? 'NULL'
      : typeof value.value === 'boolean' && dialect === 'sqlite'
        ? String(Number(value.value))
        : text === 'null'
          ? 'NULL'
          : text;
  return [{ text: shown, ...(value.place ? { place: value.place } : {}) }];
}
