import type { Appender, Connection, LogicalType, Result } from '@duckdb/node-bindings';
import { type Ran, type Row, type Scratch, ScratchError, type Value } from '../scratch.ts';
import { duckdb } from './bindings.ts';

/** A result of more characters than this is refused: it would be carried through pipes and parsed. */
const MAX_RESULT = 64_000_000;

const MAX_ROWS = 10_000;

/** What may be asked over one connection. */
export function scratchOver(connection: Connection): Omit<Scratch, 'close'> {
  return {
    engine: `DuckDB ${duckdb.library_version().replace(/^v/, '')}`,
    run: (statements) => run(connection, statements),
    runEach: (statements) => runEach(connection, statements),
    query: (sql, limit = MAX_ROWS) => query(connection, sql, limit),
    load: async (table, rows) => load(connection, table, rows),
    countStatements: (sql) => countStatements(connection, sql),
  };
}

/** One statement, or several; throws a {@link ScratchError} in the engine's words. */
export async function execute(connection: Connection, sql: string): Promise<Result> {
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

async function run(connection: Connection, statements: readonly string[]): Promise<Ran> {
  let last: Result | undefined;
  for (const [index, statement] of statements.entries()) {
    try {
      last = await duckdb.query(connection, statement);
    } catch (error) {
      const { kind, message } = toScratchError(error);
      if (kind === 'memory') throw toScratchError(error);
      return { failed: { index, message } };
    }
  }
  if (!last || duckdb.result_return_type(last) !== duckdb.ResultType.CHANGED_ROWS) return {};
  return { changed: duckdb.rows_changed(last) };
}

/** All at once, which takes half as long; where that is refused, each by itself. */
async function runEach(
  connection: Connection,
  statements: readonly string[],
): ReturnType<Scratch['runEach']> {
  const [, another] = statements;
  if (another !== undefined) {
    const { failed } = await run(connection, [['BEGIN', ...statements, 'COMMIT'].join('\n;\n')]);
    if (!failed) return [];
    await run(connection, ['ROLLBACK']);
  }
  const refused: number[] = [];
  for (const [index, statement] of statements.entries())
    if ((await run(connection, [statement])).failed) refused.push(index);
  return refused;
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

/** Appends rows whose cells stand in the order of the table's columns. No text of SQL is made, parsed or planned for it. */
function load(connection: Connection, table: string, rows: readonly (readonly Value[])[]): void {
  const [name = '', schema = null] = table.split('.').reverse();
  try {
    const appender = duckdb.appender_create(connection, schema, name);
    const cells = Array.from({ length: duckdb.appender_column_count(appender) }, (_, index) =>
      appendAs(appender, duckdb.appender_column_type(appender, index)),
    );
    for (const row of rows) {
      let at = 0;
      for (const append of cells) {
        const value = row[at++] ?? null;
        if (value === null) duckdb.append_null(appender);
        else append(value);
      }
      duckdb.appender_end_row(appender);
    }
    duckdb.appender_close_sync(appender);
  } catch (error) {
    throw toScratchError(error);
  }
}

/** How a cell of a column of this type is appended, by the types that the vocabulary has. */
function appendAs(appender: Appender, type: LogicalType): (value: Value) => void {
  if (duckdb.logical_type_get_alias(type) === 'JSON')
    return (value) => duckdb.append_varchar(appender, JSON.stringify(value));
  switch (duckdb.get_type_id(type)) {
    case duckdb.Type.BOOLEAN:
      return (value) => duckdb.append_bool(appender, value === true);
    case duckdb.Type.INTEGER:
      return (value) => duckdb.append_int32(appender, Number(value));
    case duckdb.Type.BIGINT:
      return (value) => duckdb.append_int64(appender, BigInt(Number(value)));
    case duckdb.Type.LIST: {
      const child = duckdb.list_type_child_type(type);
      const isNumber = duckdb.get_type_id(child) === duckdb.Type.BIGINT;
      const element = (value: Value) => {
        if (value === null) return duckdb.create_null_value();
        return isNumber ? duckdb.create_int64(BigInt(Number(value))) : duckdb.create_varchar(String(value));
      };
      return (value) =>
        duckdb.append_value(
          appender,
          duckdb.create_list_value(child, Array.isArray(value) ? value.map(element) : []),
        );
    }
    default:
      return (value) => duckdb.append_varchar(appender, String(value));
  }
}

async function countStatements(connection: Connection, sql: string): Promise<number> {
  const { extracted_statements, statement_count } = await duckdb.extract_statements(connection, sql);
  const message = statement_count === 0 ? duckdb.extract_statements_error(extracted_statements) : '';
  if (message) throw new ScratchError('error', message);
  return statement_count;
}
