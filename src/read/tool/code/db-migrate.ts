import { codeTool } from './code-tool-chain.ts';

/**
 * In the order of the file names; those made with `--sql-file` run the two files beside them in `sqls`.
 * https://github.com/db-migrate/node-db-migrate/blob/master/lib/file.js
 */
export const dbMigrate = codeTool({
  name: 'db-migrate',
  sign: /\bdb\s*\.\s*(runSql|createTable|addColumn|removeColumn|dropTable|renameColumn|changeColumn|addIndex|insert)\b/,
  configs: ['database.json'],
  runsIn: 'sqls',
  runs: (text) => {
    const up = /['"`/]sqls(?:['"`]\s*,\s*['"`]|\/)([^'"`/]+)-up\.sql['"`]/.exec(text)?.[1];
    return up === undefined ? undefined : { up: `sqls/${up}-up.sql`, down: `sqls/${up}-down.sql` };
  },
  ledger: (dialect) =>
    ({
      postgres:
        'CREATE TABLE IF NOT EXISTS migrations (id SERIAL PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL);',
      mysql:
        'CREATE TABLE IF NOT EXISTS migrations (id int NOT NULL PRIMARY KEY AUTO_INCREMENT, name varchar(255) NOT NULL, run_on datetime NOT NULL);',
      sqlite:
        'CREATE TABLE IF NOT EXISTS migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name varchar(255) NOT NULL, run_on datetime NOT NULL);',
      duckdb: '',
    })[dialect],
  transactional: (dialect) => dialect !== 'mysql',
});
