import type { Span } from '../change/span.ts';
import type { Schema } from './schema.ts';

/** Raised with every change of the nouns: a text of another version is not read. */
const VERSION = 7;

/** A schema as JSON text. Positions, of which everything has one, are five numbers each: the first is a path of a list. */
export function toJson(schema: Schema): string {
  const paths = new Map<string, number>();
  const numberOf = (path: string) => {
    const number = paths.get(path) ?? paths.size;
    paths.set(path, number);
    return number;
  };
  const written = JSON.stringify(schema, (key, value: unknown) => {
    if (value instanceof Map) return { map: [...value] };
    if (value instanceof Set) return { set: [...value] };
    if (key !== 'span' || !isSpan(value)) return value;
    return [numberOf(value.path), value.line, value.column, value.endLine, value.endColumn];
  });
  return `{"version":${VERSION},"schema":${written},"paths":${JSON.stringify([...paths.keys()])}}`;
}

function isSpan(value: unknown): value is Span {
  return typeof value === 'object' && value !== null && 'path' in value;
}

/**
 * The schema of a text that {@link toJson} wrote; undefined when it is of another version or no such text. A schema holds no
 * null: one in a list is JSON's way to write undefined, as for an index key that is an expression.
 */
export function fromJson(text: string): Schema | undefined {
  try {
    const written = JSON.parse(text) as { version: number; schema: object; paths: readonly string[] };
    if (written.version !== VERSION) return undefined;
    const schema = revived(written.schema, written.paths) as Schema; // written by toJson
    return schema.tables instanceof Map ? schema : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A value with its maps, sets, positions and undefineds, in place: JSON's own reviver costs ten times as much, and to write
 * again what stays as it is half as much as to read the text.
 */
function revived(value: object, paths: readonly string[]): unknown {
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      const one: unknown = value[at];
      if (one === null) value[at] = undefined;
      else if (typeof one === 'object') {
        const again = revived(one, paths);
        if (again !== one) value[at] = again;
      }
    }
    return value;
  }
  const holder = value as Record<string, unknown>;
  let fields = 0;
  for (const key in holder) {
    const field = holder[key];
    fields++;
    if (typeof field !== 'object' || field === null) continue;
    const again = key === 'span' && Array.isArray(field) ? spanOf(field, paths) : revived(field, paths);
    if (again !== field) holder[key] = again;
  }
  if (fields !== 1) return value;
  if (Array.isArray(holder.map)) return new Map(holder.map as [unknown, unknown][]); // as toJson writes a map
  return Array.isArray(holder.set) ? new Set(holder.set) : value;
}

/** Without the iterator that taking a list apart would make of each. */
function spanOf(numbers: readonly number[], paths: readonly string[]): Span {
  return {
    path: paths[numbers[0] ?? 0] ?? '',
    line: numbers[1] ?? 1,
    column: numbers[2] ?? 1,
    endLine: numbers[3] ?? 1,
    endColumn: numbers[4] ?? 1,
  };
}
