import { codeTool } from './code-tool-chain.ts';

/** In the order of the file names. https://github.com/db-migrate/node-db-migrate/blob/master/lib/file.js */
export const dbMigrate = codeTool({
  name: 'db-migrate',
  sign: /\bdb\s*\.\s*(runSql|createTable|addColumn|removeColumn|dropTable|renameColumn|changeColumn|addIndex|insert)\b/,
  configs: ['database.json'],
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
