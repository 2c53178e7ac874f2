import type { Dialect } from '../../../schema/schema.ts';
import { type PlacedSql, plainText } from './placed-sql.ts';
import { quoted, valueSql } from './said.ts';
import { isNothing, placedText, type Value } from './value.ts';

/** `?`, `??`, `:name`, `:name:` and `$1` outside of quotes, and `\?`, which is a question mark; `::` is a cast. */
const MARK = /'(?:[^']|'')*'|"[^"]*"|`[^`]*`|\\\?|\?\??|::\w+|(?<![\w:]):(\w+)(:(?!:))?|\$(\d+)/g;

/**
 * SQL with values in the place of its placeholders: `?`, `??` for a name, `:name`, `$1`. Undefined where a value is not
 * known. Without values it stays as it is.
 */
export function bindings(text: PlacedSql, given: Value | undefined, dialect: Dialect): PlacedSql | undefined {
  if (isNothing(given)) return text;
  if (given?.kind === 'unknown') return undefined;
  const written = plainText(text);
  let next = 0;
  const found: PlacedSql[number][] = [];
  let from = 0;
  for (const match of written.matchAll(MARK)) {
    const [mark, name, isName, number] = match;
    const value =
      mark === '?' || mark === '??'
        ? itemOf(given, next++)
        : number !== undefined
          ? itemOf(given, Number(number) - 1)
          : name !== undefined && given?.kind === 'object'
            ? given.fields.get(name)
            : undefined;
    if (mark === '\\?') found.push(...slice(text, from, match.index), { text: '?' });
    else if (value) {
      const made =
        mark === '??' || isName
          ? nameSql(value, dialect)
          : (valueSql(value, dialect) ?? listSql(value, dialect));
      if (!made) return undefined;
      found.push(...slice(text, from, match.index), ...made);
    } else continue;
    from = match.index + mark.length;
  }
  return [...found, ...slice(text, from, written.length)];
}

function itemOf(given: Value | undefined, index: number): Value | undefined {
  if (given?.kind === 'list') return given.items[index];
  return given?.kind !== 'object' && index === 0 ? given : undefined;
}

function nameSql(value: Value, dialect: Dialect): PlacedSql | undefined {
  const text = placedText(value);
  if (!text) return undefined;
  const parts = plainText(text).split('.');
  return parts.length === 1
    ? quoted(text, dialect)
    : parts.flatMap((part, index) => [...(index > 0 ? [{ text: '.' }] : []), ...quoted(part, dialect)]);
}

function listSql(value: Value, dialect: Dialect): PlacedSql | undefined {
  if (value.kind !== 'list') return undefined;
  const items = value.items.map((item) => valueSql(item, dialect));
  return items.every((item) => item !== undefined)
    ? items.flatMap((item, index) => [...(index > 0 ? [{ text: ', ' }] : []), ...item])
    : undefined;
}

/** A part of a text with its places. */
export function slice(text: PlacedSql, start: number, end: number): PlacedSql {
  let at = 0;
  return text.flatMap((stretch) => {
    const [from, to] = [Math.max(start - at, 0), Math.min(end - at, stretch.text.length)];
    at += stretch.text.length;
    if (from >= to) return [];
    const { place } = stretch;
    const own = stretch.text.slice(from, to);
    if (!place) return [{ text: own }];
    if (place.offsets === 'plain')
      return [{ text: own, place: { ...place, start: place.start + from, end: place.start + to } }];
    const offsets = place.offsets?.slice(from, to);
    return [
      {
        text: own,
        place: { ...place, ...(offsets ? { offsets } : {}), end: place.offsets?.[to] ?? place.end },
      },
    ];
  });
}
