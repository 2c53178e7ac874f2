// A valid Postgres migration chain of any length: the same numbers give the same texts, and a prefix of a longer chain.

const NOUNS =
  'account address asset audit batch booking branch budget campaign carrier cart category channel claim contract coupon course credit dealer delivery deposit device discount dispute event export feature folder grant group import invoice item journal label ledger license listing location machine member message meter notice offer option parcel partner payment permit plan policy price product profile project quote rating record refund region rental report review route schedule segment session shipment signal site slot source stock store survey tariff task team template ticket token tour transfer unit vendor visit voucher warehouse webhook worker'.split(
    ' ',
  );
const TEXTS = 'name title slug status comment country city locale phone code color reference'.split(' ');
const NUMBERS = 'amount quantity position score weight height rank priority'.split(' ');

/** Migrations 1…count as `{ path, text, statements }`; about 3 statements each, in the mix of ordinary product schemas. */
export function syntheticChain(count, folder = 'migrations') {
  const random = randomOf(42);
  const tables = [];
  const chain = [];
  for (let number = 1; number <= count; number++) {
    const statements =
      number === 1 || random() < 0.55 ? createTable(tables, random) : changeTables(tables, random);
    const path = `${folder}/${String(number).padStart(5, '0')}_${tables.length}.sql`;
    chain.push({ path, text: `${statements.join(';\n\n')};\n`, statements: statements.length });
  }
  return chain;
}

/** What a pull request adds to a chain of `count`: one table that refers to an older one, in the manner of the chain. */
export function nextMigration(count, folder = 'migrations') {
  const statements = [
    `CREATE TABLE "newcomer" (\n  "id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n  "account_1_id" bigint NOT NULL REFERENCES "account_1" ("id"),\n  "name" text NOT NULL\n)`,
    `CREATE INDEX "newcomer_account_1_id_idx" ON "newcomer" ("account_1_id")`,
    `ALTER TABLE "account_1" ADD COLUMN "newcomers" integer NOT NULL DEFAULT 0`,
  ];
  return {
    path: `${folder}/${String(count + 1).padStart(5, '0')}_newcomer.sql`,
    text: `${statements.join(';\n\n')};\n`,
  };
}

/** The same with a column that goes, so that everything that names it must be looked for. */
export function droppingMigration(count, folder = 'migrations') {
  const text = `ALTER TABLE "account_1" DROP COLUMN "made_at";\n`;
  return { path: `${folder}/${String(count + 1).padStart(5, '0')}_drop.sql`, text };
}

function createTable(tables, random) {
  const number = tables.length + 1;
  const name = `${NOUNS[tables.length % NOUNS.length]}_${number}`;
  const columns = [
    '"id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
    '"made_at" timestamptz NOT NULL DEFAULT now()',
  ];
  const table = { name, columns: [], indexed: 0, fresh: 0 };
  for (const text of pick(TEXTS, 1 + Math.floor(random() * 5), random)) {
    columns.push(`"${text}" ${random() < 0.5 ? 'text' : 'varchar(200)'}${random() < 0.6 ? ' NOT NULL' : ''}`);
    table.columns.push(text);
  }
  for (const count of pick(NUMBERS, Math.floor(random() * 3), random)) {
    columns.push(`"${count}" ${random() < 0.5 ? 'integer' : 'numeric(12, 2)'} NOT NULL DEFAULT 0`);
    table.columns.push(count);
  }
  const statements = [];
  for (const parent of pick(tables, Math.min(tables.length, Math.floor(random() * 3)), random)) {
    const column = `${parent.name}_id`;
    columns.push(`"${column}" bigint NOT NULL`);
    statements.push(`CREATE INDEX "${name}_${column}_idx" ON "${name}" ("${column}")`);
    statements.push(
      `ALTER TABLE "${name}" ADD CONSTRAINT "${name}_${column}_fkey" FOREIGN KEY ("${column}") REFERENCES "${parent.name}" ("id") ON DELETE CASCADE ON UPDATE CASCADE`,
    );
  }
  tables.push(table);
  return [`CREATE TABLE "${name}" (\n  ${columns.join(',\n  ')}\n)`, ...statements];
}

function changeTables(tables, random) {
  const statements = [];
  for (const table of pick(tables, 1 + Math.floor(random() * 2), random)) {
    const column = `extra_${++table.fresh}`;
    const kind = random();
    if (kind < 0.35) statements.push(`ALTER TABLE "${table.name}" ADD COLUMN "${column}" text`);
    else if (kind < 0.6)
      statements.push(`ALTER TABLE "${table.name}" ADD COLUMN "${column}" integer NOT NULL DEFAULT 0`);
    else
      statements.push(
        `ALTER TABLE "${table.name}" ADD COLUMN "${column}" text`,
        `UPDATE "${table.name}" SET "${column}" = '' WHERE "${column}" IS NULL`,
        `ALTER TABLE "${table.name}" ALTER COLUMN "${column}" SET NOT NULL`,
      );
    if (kind > 0.8)
      statements.push(`CREATE INDEX "${table.name}_${column}_idx" ON "${table.name}" ("${column}")`);
  }
  return statements;
}

function pick(from, count, random) {
  const left = [...from];
  return Array.from(
    { length: Math.min(count, left.length) },
    () => left.splice(Math.floor(random() * left.length), 1)[0],
  );
}

/** mulberry32: small, and the same everywhere. */
function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
