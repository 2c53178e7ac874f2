import { nameOf } from '../layout.ts';
import { LEDGER, timeOf } from '../node-pg-migrate.ts';
import { byText } from '../tool.ts';
import { codeTool } from './code-tool-chain.ts';

/** By the time in front of the name, as its files of SQL. https://github.com/salsita/node-pg-migrate/blob/main/src/migration.ts */
export const nodePgMigrateCode = codeTool({
  name: 'node-pg-migrate',
  sign: /\bpgm\b|['"]node-pg-migrate['"]/,
  order: (path) => /^(\d+)/.exec(nameOf(path))?.[1],
  otherwise: 'node-pg-migrate cannot tell its time: it takes files named <time>_<name>',
  compare: (a, b) => timeOf(a.order) - timeOf(b.order) || byText(a.name, b.name),
  dialect: { dialect: 'postgres', reason: 'node-pg-migrate is for Postgres' },
  ledger: () => LEDGER,
  transactional: () => true,
});
