/** What is there before both changes. */
export const BASE = `CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL, age integer, mood mood DEFAULT 'ok');
CREATE TABLE orders (
  id bigint PRIMARY KEY,
  customer_id bigint NOT NULL CONSTRAINT orders_customer REFERENCES customers (id),
  total numeric(10,2) DEFAULT 0,
  note varchar(40),
  CONSTRAINT orders_total CHECK (total >= 0)
);
CREATE TABLE items (id bigint PRIMARY KEY, order_id bigint, sku text, CONSTRAINT items_sku UNIQUE (sku));
CREATE INDEX orders_note ON orders (note);
CREATE INDEX items_order ON items (order_id);
CREATE VIEW adults AS SELECT id, email FROM customers WHERE age > 17;
CREATE SEQUENCE tickets;
`;

const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  customers: ['id', 'email', 'age', 'mood'],
  orders: ['id', 'customer_id', 'total', 'note'],
  items: ['id', 'order_id', 'sku'],
};
export const TABLES = Object.keys(COLUMNS);
const CONSTRAINTS = [
  ['orders', 'orders_customer'],
  ['orders', 'orders_total'],
  ['items', 'items_sku'],
  ['customers', 'customers_pkey'],
] as const;

/** Numbers from 0 to 1, the same for the same seed: mulberry32. */
export function openDice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One statement that may follow {@link BASE}, mostly on one table. Few names, so that two of them meet often; not each applies. */
export function makeOperation(dice: () => number, mostly: string): string {
  const one = <T>(list: readonly T[]): T => list[Math.floor(dice() * list.length)] as T;
  const table = dice() < 0.6 ? mostly : one(TABLES);
  const columns = COLUMNS[table] ?? [];
  const column = one(columns);
  const fresh = one(['a', 'b', 'c']);
  const type = one(['integer', 'bigint', 'text', 'varchar(20)', 'numeric(12,4)', 'mood']);
  const lenient = dice() < 0.3;
  const [ifNot, ifThere] = lenient ? ['IF NOT EXISTS ', 'IF EXISTS '] : ['', ''];
  const cascade = dice() < 0.3 ? ' CASCADE' : '';
  const [owner, constraint] = one(CONSTRAINTS);
  const alter = `ALTER TABLE ${table}`;
  return one<() => string>([
    () => `CREATE TABLE ${ifNot}${fresh} (id ${one(['integer', 'bigint'])} PRIMARY KEY)`,
    () => `CREATE TABLE ${fresh} (id integer PRIMARY KEY, parent bigint REFERENCES ${table} (id))`,
    () => `DROP TABLE ${ifThere}${table}${cascade}`,
    () => `${alter} RENAME TO ${fresh}`,
    () => `${alter} ADD COLUMN ${ifNot}${fresh} ${type}`,
    () => `${alter} ADD COLUMN ${fresh} ${one(['integer', 'text'])}`,
    () => `${alter} ADD COLUMN ${fresh} bigint REFERENCES ${one(TABLES)} (id)`,
    () => `${alter} DROP COLUMN ${ifThere}${column}${cascade}`,
    () => `${alter} RENAME COLUMN ${column} TO ${fresh}`,
    () => `${alter} ALTER COLUMN ${column} TYPE ${type} USING NULL`,
    () => `${alter} ALTER COLUMN ${column} TYPE ${type}`,
    () => `${alter} ALTER COLUMN ${column} SET DEFAULT ${one(['NULL', '1', "'x'"])}`,
    () => `${alter} ALTER COLUMN ${column} DROP DEFAULT`,
    () => `${alter} ALTER COLUMN ${column} ${one(['SET', 'DROP'])} NOT NULL`,
    () => `${alter} ADD CONSTRAINT ${fresh}_rule CHECK (${column} IS NOT NULL)`,
    () => `${alter} ADD CONSTRAINT ${fresh}_rule UNIQUE (${column})`,
    () => `${alter} ADD UNIQUE (${column})`,
    () => `${alter} ADD CONSTRAINT ${fresh}_rule FOREIGN KEY (${column}) REFERENCES ${one(TABLES)} (id)`,
    () => `ALTER TABLE ${owner} DROP CONSTRAINT ${ifThere}${constraint}${cascade}`,
    () => `ALTER TABLE ${owner} RENAME CONSTRAINT ${constraint} TO ${fresh}_rule`,
    () => `CREATE ${one(['', 'UNIQUE '])}INDEX ${ifNot}${fresh}_index ON ${table} (${column})`,
    () => `CREATE INDEX ON ${table} (${column})`,
    () => `DROP INDEX ${ifThere}${one(['orders_note', 'items_order'])}`,
    () => `ALTER INDEX ${one(['orders_note', 'items_order'])} RENAME TO ${fresh}_index`,
    () => `CREATE TYPE ${fresh}_type AS ENUM (${one(["'x'", "'x', 'y'"])})`,
    () =>
      `ALTER TYPE mood ADD VALUE ${ifNot}${one(["'great'", "'bad'"])}${one(['', " BEFORE 'ok'", " AFTER 'sad'"])}`,
    () => `ALTER TYPE mood RENAME VALUE '${one(['sad', 'ok'])}' TO '${one(['low', 'fine'])}'`,
    () => `ALTER TYPE mood RENAME TO ${fresh}_type`,
    () => `DROP TYPE ${ifThere}mood${cascade}`,
    () => `CREATE VIEW ${one(['adults', `${fresh}_view`])} AS SELECT ${column} FROM ${table}`,
    () => `CREATE OR REPLACE VIEW adults AS SELECT id, email FROM customers WHERE age > ${one(['18', '21'])}`,
    () => `DROP VIEW ${ifThere}adults${cascade}`,
    () => `CREATE SEQUENCE ${ifNot}${fresh}`,
    () => `DROP SEQUENCE ${ifThere}tickets`,
    () => `ALTER SEQUENCE tickets RENAME TO ${fresh}`,
  ])();
}
