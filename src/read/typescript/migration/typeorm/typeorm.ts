import type { Dialect } from '../../../../schema/schema.ts';
import type { CodeTool } from '../code-tool.ts';
import { hasColumn, hasTable } from '../guard.ts';
import { type PlacedSql, plainText } from '../placed-sql.ts';
import { sendRaw } from '../raw-sql.ts';
import { emit } from '../run.ts';
import { need, needText, saying } from '../said.ts';
import {
  fieldOf,
  type Host,
  hostOf,
  native,
  plainValue,
  type Site,
  textValue,
  UNDEFINED,
  unknown,
  type Value,
} from '../value.ts';
import { BUILDERS } from './builders.ts';

/** TypeORM: `up(queryRunner)` with raw SQL and the schema builder. */
export const typeormTool: CodeTool = {
  given: ({ dialect }) => [queryRunner(dialect)],
  external: (source, path) => (source === 'typeorm' ? described(path) : undefined),
  settings: (_, own) => {
    const transaction = own('transaction');
    return transaction?.kind === 'plain' ? { transactional: transaction.value !== false } : {};
  },
};

/** `new Table({…})`, `new TableColumn({…})`: what they are told. */
function described([name]: readonly string[]): Host | undefined {
  if (!/^Table/.test(name ?? '')) return undefined;
  return { kind: 'host', name: name ?? '', make: ([options]) => options ?? UNDEFINED };
}

const TYPES: Readonly<Record<Dialect, string>> = {
  postgres: 'postgres',
  mysql: 'mysql',
  sqlite: 'sqlite',
  duckdb: 'duckdb',
};

function queryRunner(dialect: Dialect): Host {
  const query: NonNullable<Host['call']> = ([text, given], site) => sendRaw(site, text, given);
  const type: Value = {
    kind: 'object',
    fields: new Map([['type', textValue(TYPES[dialect])]]),
    open: 'it is configured elsewhere',
  };
  const connection: Host = hostOf(
    'connection',
    {
      options: type,
      driver: {
        kind: 'object',
        fields: new Map<string, Value>([['options', type]]),
        open: 'it is configured elsewhere',
      },
      query,
    },
    { reaches: true },
  );
  const transaction =
    (words: string): NonNullable<Host['call']> =>
    (_, site) => {
      emit(site, [{ text: words }]);
      return UNDEFINED;
    };
  const name = (value: Value | undefined): PlacedSql =>
    needText(value?.kind === 'object' ? fieldOf(value, 'name') : value, 'the name of the table');
  const runner: Host = hostOf(
    'queryRunner',
    {
      query,
      connection,
      dataSource: connection,
      manager: hostOf('queryRunner.manager', { query, connection }, { reaches: true }),
      isTransactionActive: plainValue(true),
      startTransaction: transaction('START TRANSACTION'),
      commitTransaction: transaction('COMMIT'),
      rollbackTransaction: () => UNDEFINED,
      hasTable: ([table], site) => guarded(site, () => hasTable(site, name(table))),
      hasColumn: ([table, column], site) =>
        guarded(site, () => hasColumn(site, name(table), needText(column, 'the column'))),
      getTable: ([table], site) => guarded(site, () => foundTable(site, name(table))),
      hasSchema: () => unknown('whether the schema is there is not known'),
      ...Object.fromEntries(Object.entries(BUILDERS).map(([key, build]) => [key, built(build)])),
    },
    { reaches: true },
  );
  return runner;
}

type Build = (args: readonly Value[], site: Site) => void;

function built(build: Build): NonNullable<Host['call']> {
  return (args, site) =>
    saying(site, () => {
      build(args, site);
      return UNDEFINED;
    });
}

function guarded(site: Site, ask: () => Value): Value {
  let answer: Value = unknown('it is asked of the database');
  saying(site, () => {
    answer = ask();
    return answer;
  });
  return answer;
}

/** `getTable`: what is there of it by now, as far as code may ask. */
function foundTable(site: Site, table: PlacedSql): Value {
  const there = hasTable(site, table);
  if (there.kind !== 'plain') return there;
  if (there.value === false) return UNDEFINED;
  return {
    kind: 'host',
    name: 'table',
    member: (key) => {
      if (key === 'name') return textValue(plainText(table));
      if (key === 'findColumnByName')
        return native(key, ([column], at) => {
          const found = hasColumn(at, table, needText(need(column, 'the column'), 'the column'));
          if (found.kind !== 'plain') return found;
          return found.value
            ? {
                kind: 'object',
                fields: new Map([['name', column ?? UNDEFINED]]),
                open: 'it is read from the database',
              }
            : UNDEFINED;
        });
      return unknown('it is read from the database');
    },
  };
}
