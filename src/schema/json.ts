import type { Schema } from './schema.ts';

/** Raised with every change of the nouns: a text of another version is not read. */
const VERSION = 6;

/** A schema as JSON text. */
export function toJson(schema: Schema): string {
  return JSON.stringify({ version: VERSION, schema }, (_, value: unknown) => {
    if (value instanceof Map) return { map: [...value] };
    if (value instanceof Set) return { set: [...value] };
    return value;
  });
}

/**
 * The schema of a text that {@link toJson} wrote; undefined when it is of another version or no such text. A schema holds no
 * null: one in a list is JSON's way to write undefined, as for an index key that is an expression.
 */
export function fromJson(text: string): Schema | undefined {
  try {
    const written = JSON.parse(text) as { version: number; schema: unknown };
    if (written.version !== VERSION) return undefined;
    const schema = revived(written.schema) as Schema; // written by toJson
    return schema.tables instanceof Map ? schema : undefined;
  } catch {
    return undefined;
  }
}

/** A value with its maps, sets and undefineds, in place: JSON's own reviver costs ten times as much. */
function revived(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) value[at] = value[at] === null ? undefined : revived(value[at]);
    return value;
  }
  const holder = value as Record<string, unknown>;
  let fields = 0;
  for (const key in holder) {
    const field = holder[key];
    if (typeof field === 'object') holder[key] = revived(field);
    fields++;
  }
  if (fields !== 1) return value;
  if (Array.isArray(holder.map)) return new Map(holder.map as [unknown, unknown][]); // as toJson writes a map
  return Array.isArray(holder.set) ? new Set(holder.set) : value;
}
