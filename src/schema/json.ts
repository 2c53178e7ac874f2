import type { Schema } from './schema.ts';

/** Raised with every change of the nouns: a text of another version is not read. */
const VERSION = 3;

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
    const { version, schema } = JSON.parse(text, (_, value: unknown) => {
      if (Array.isArray(value)) return value.map((one: unknown) => (one === null ? undefined : one));
      if (typeof value !== 'object' || value === null) return value;
      const holder = value as { map?: [unknown, unknown][]; set?: unknown[] }; // written by toJson
      const [key, ...more] = Object.keys(holder);
      if (more.length > 0) return value;
      if (key === 'map' && Array.isArray(holder.map)) return new Map(holder.map);
      return key === 'set' && Array.isArray(holder.set) ? new Set(holder.set) : value;
    }) as { version: number; schema: Schema };
    return version === VERSION && schema.tables instanceof Map ? schema : undefined;
  } catch {
    return undefined;
  }
}
