/** A table, schema, type or function that a migration was refused for the want of. */
export interface Lacking {
  readonly kind: 'table' | 'schema' | 'type' | 'function';
  readonly schema?: string;
  readonly name: string;
}

const QUOTE = '["\'`[]?';
const SCHEMA = '(?:["`[]?[\\w$]+["`\\]]?\\.)?';

/** What may stand in the place of a table, a type: PostgreSQL says `relation` of all of the first. */
const WORDS: Readonly<Record<Lacking['kind'], string>> = {
  table: '(?:(?:foreign|unlogged|virtual|external)\\s+)?table|(?:materialized\\s+)?view|sequence',
  schema: 'schema',
  type: 'type|domain|extension',
  function: 'function',
};

/** Comments of SQL, of code and of scripts; a long one is cut. */
const COMMENTS = /\/\*[\s\S]{0,4000}?\*\/|(?:--|\/\/|^[ \t]*#).*$/gm;

/** Whether SQL or code makes it: `CREATE TABLE IF NOT EXISTS shop."orders"`, `createTable('orders', …)`, `create_table :orders`. */
export function makes(commented: string, { kind, schema, name }: Lacking): boolean {
  const text = commented.replace(COMMENTS, '');
  const home = schema === undefined ? SCHEMA : `(?:["\`[]?${escaped(schema)}["\`\\]]?\\.)?`;
  const written = `create\\s+(?:or\\s+replace\\s+)?(?!temp|global|local)(?:${WORDS[kind]})\\s+(?:if\\s+not\\s+exists\\s+)?${home}${QUOTE}`;
  const called = `create_?${kind}\\w*\\s*\\(?\\s*:?${QUOTE}`;
  return isNamedAfter(`\\b(?:${written}|${called})`, name, text);
}

/** Whether SQL shows that a schema is there: it makes something in it, as `CREATE TABLE shop.orders` does. */
export function shows(commented: string, { kind, name }: Lacking): boolean {
  const inside = new RegExp(`\\bcreate\\s+[\\w\\s]{1,40}["\`[]?${escaped(name)}["\`\\]]?\\.`, 'i');
  return kind === 'schema' && inside.test(commented.replace(COMMENTS, ''));
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
  return new RegExp(`${before}${escaped(name)}(?![\\w$-])`, 'i').test(text);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
