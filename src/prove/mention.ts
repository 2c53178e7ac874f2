/** A table, schema, type or function that a migration was refused for the want of. */
export interface Lacking {
  readonly kind: 'table' | 'schema' | 'type' | 'function';
  /** Without its schema. */
  readonly name: string;
}

const QUOTE = '["\'`[]?';
const SCHEMA = '(?:["`[]?[\\w$]+["`\\]]?\\.)?';

/** Whether SQL or code makes it: `CREATE TABLE IF NOT EXISTS shop."orders"`, `createTable('orders', …)`, `create_table :orders`. */
export function makes(text: string, { kind, name }: Lacking): boolean {
  const written = `create\\s+(?:or\\s+replace\\s+)?(?:\\w+\\s+)?${kind}\\s+(?:if\\s+not\\s+exists\\s+)?${SCHEMA}${QUOTE}`;
  const called = `create_?${kind}\\w*\\s*\\(?\\s*:?${QUOTE}`;
  return isNamedAfter(`\\b(?:${written}|${called})`, name, text);
}

/** Whether SQL or code renames something to it, or drops it: `RENAME TO orders`, `renameTable('old', 'orders')`, `DROP TABLE orders`. */
export function endsIn(text: string, { kind, name }: Lacking): boolean {
  const given = `\\brename\\w*\\b[^;]{0,300}(?:\\bto|,)\\s*:?${SCHEMA}${QUOTE}`;
  const dropped = `\\bdrop_?\\s*${kind}\\w*\\s*\\(?\\s*(?:if\\s+exists\\s+)?:?${SCHEMA}${QUOTE}`;
  return isNamedAfter(`(?:${given}|${dropped})`, name, text);
}

/** Whether SQL or code takes it as being there: `ALTER TABLE orders`, `INSERT INTO orders`, `alterTable('orders', …)`; of a schema, `shop.orders`. */
export function worksOn(text: string, { kind, name }: Lacking): boolean {
  if (kind === 'schema') return new RegExp(`["\`]?${escaped(name)}["\`]?\\.["\`\\w]`).test(text);
  const words =
    kind === 'type'
      ? '::|\\s'
      : '(?:from|into|update|table|on|references|join|truncate|only|table\\w*\\()\\s*';
  return isNamedAfter(`(?:${words})(?:if\\s+exists\\s+)?${SCHEMA}${QUOTE}`, name, text);
}

function isNamedAfter(before: string, name: string, text: string): boolean {
  return new RegExp(`${before}${escaped(name)}(?![\\w$])`, 'i').test(text);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
