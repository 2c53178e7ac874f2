import duckdb, { type Connection, type Result } from '@duckdb/node-bindings';
import { type Row, type Scratch, ScratchError, type Value } from '../scratch.ts';

/** What no statement can lift: files, the network, extensions, secrets, threads and memory are shut off before the lock. */
const LOCKED = {
  threads: '1',
  memory_limit: '256MB',
  max_temp_directory_size: '0KB',
  enable_external_access: 'false',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
  allow_unsigned_extensions: 'false',
  allow_persistent_secrets: 'false',
  lock_configuration: 'true',
} as const;

/** A result of more characters than this is refused: it would be carried through pipes and parsed. */
const MAX_RESULT = 64_000_000;

const MAX_ROWS = 10_000;

/** Opens an empty in-memory DuckDB in this process, locked down but for one folder to write to, where one is given. */
export async function openDuckdb(exportTo?: string): Promise<Scratch> {
  const config = duckdb.create_config();
  const shut = Object.entries(LOCKED);
  if (exportTo === undefined) for (const [name, value] of shut) duckdb.set_config(config, name, value);
  const database = await duckdb.open(':memory:', config);
  const connection = await duckdb.connect(database);
  if (exportTo !== undefined) {
    // a list cannot be given to the configuration of a database that is opened, and not after its files are shut off
    const folder = exportTo.replaceAll("'", "''");
    await execute(connection, `SET allowed_directories = ['${folder}']`);
    for (const [name, value] of shut) await execute(connection, `SET ${name} = '${value}'`);
  }
  return {
    engine: `DuckDB ${duckdb.library_version().replace(/^v/, '')}`,
    run: (statements) => run(connection, statements),
    runEach: (statements) => runEach(connection, statements),
    query: (sql, limit = MAX_ROWS) => query(connection, sql, limit),
    load: (table, columns, rows) => load(connection, table, columns, rows),
    countStatements: (sql) => countStatements(connection, sql),
    close: async () => {
      duckdb.disconnect_sync(connection);
      duckdb.close_sync(database);
    },
  };
}

async function execute(connection: Connection, sql: string): Promise<Result> {
  try {
    return await duckdb.query(connection, sql);
  } catch (error) {
    throw toScratchError(error);
  }
}

function toScratchError(error: unknown): ScratchError {
  const message = error instanceof Error ? error.message : String(error);
  return new ScratchError(/Out of Memory/i.test(message) ? 'memory' : 'error', message);
}

async function run(connection: Connection, statements: readonly string[]): ReturnType<Scratch['run']> {
  for (const [index, statement] of statements.entries()) {
    try {
      await duckdb.query(connection, statement);
    } catch (error) {
      const { kind, message } = toScratchError(error);
      if (kind === 'memory') throw toScratchError(error);
      return { failed: { index, message } };
    }
  }
  return {};
}

async function runEach(
  connection: Connection,
  statements: readonly string[],
): ReturnType<Scratch['runEach']> {
  const failed: number[] = [];
  for (const [index, statement] of statements.entries())
    if ((await run(connection, [statement])).failed) failed.push(index);
  return failed;
}

async function query(connection: Connection, sql: string, limit: number): Promise<readonly Row[]> {
  const wrapped = `SELECT CAST(to_json(row_) AS VARCHAR) FROM (${sql}\n) AS row_ LIMIT ${Math.trunc(limit)}`;
  const texts = textsOf(await execute(connection, wrapped));
  return texts.map((text) => JSON.parse(text) as Row); // DuckDB's own JSON of a row
}

/** The VARCHAR cells of a result's first column. A short string stands in its 16 bytes, a long one behind their pointer. */
function textsOf(result: Result): readonly string[] {
  const texts: string[] = [];
  let characters = 0;
  for (let at = 0; at < duckdb.result_chunk_count(result); at++) {
    const chunk = duckdb.result_get_chunk(result, at);
    const rows = duckdb.data_chunk_get_size(chunk);
    const cells = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk, 0), rows * 16);
    const view = new DataView(cells.buffer, cells.byteOffset, cells.byteLength);
    for (let row = 0; row < rows; row++) {
      const length = view.getUint32(row * 16, true);
      characters += length;
      if (characters > MAX_RESULT)
        throw new ScratchError('memory', `the result is larger than ${MAX_RESULT / 1e6} MB`);
      const bytes =
        length <= 12
          ? cells.subarray(row * 16 + 4, row * 16 + 4 + length)
          : duckdb.get_data_from_pointer(
              cells.buffer as ArrayBuffer,
              cells.byteOffset + row * 16 + 8,
              length,
            ); // never shared
      texts.push(Buffer.from(bytes).toString('utf8'));
    }
  }
  return texts;
}

async function load(
  connection: Connection,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly Value[])[],
): Promise<void> {
  if (rows.length === 0) return;
  const names = columns.map((column) => `"${column.replaceAll('"', '""')}"`);
  const types = await typesOf(connection, table);
  const shape = [Object.fromEntries(columns.map((column) => [column, types.get(column) ?? 'VARCHAR']))];
  const objects = rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i] ?? null])));
  const fields = names.map((name) => `u.${name}`).join(', ');
  const sql = `INSERT INTO ${table} (${names.join(', ')}) SELECT ${fields} FROM (SELECT unnest(from_json(?, '${JSON.stringify(shape).replaceAll("'", "''")}')) AS u)`;
  try {
    const prepared = await duckdb.prepare(connection, sql);
    duckdb.bind_varchar(prepared, 1, JSON.stringify(objects));
    await duckdb.execute_prepared(prepared);
  } catch (error) {
    throw toScratchError(error);
  }
}

async function typesOf(connection: Connection, table: string): Promise<ReadonlyMap<string, string>> {
  const rows = await query(
    connection,
    `SELECT name, type FROM pragma_table_info('${table.replaceAll("'", "''")}')`,
    1000,
  );
  return new Map(rows.map((row) => [String(row.name), String(row.type)]));
}

async function countStatements(connection: Connection, sql: string): Promise<number> {
  const { extracted_statements, statement_count } = await duckdb.extract_statements(connection, sql);
  const message = statement_count === 0 ? duckdb.extract_statements_error(extracted_statements) : '';
  if (message) throw new ScratchError('error', message);
  return statement_count;
}
