import { codeTool } from './code-tool-chain.ts';

/** In the order of the file names. https://github.com/sequelize/cli/blob/main/src/core/migrator.js */
export const sequelize = codeTool({
  name: 'sequelize',
  sign: /\bqueryInterface\b|\bQueryInterface\b/,
  configs: [
    'config/config.json',
    'config/config.js',
    'config/database.js',
    'config/database.json',
    'server/config/database.js',
  ],
  ledger: (dialect) =>
    dialect === 'mysql'
      ? 'CREATE TABLE IF NOT EXISTS `SequelizeMeta` (`name` VARCHAR(255) NOT NULL UNIQUE, PRIMARY KEY (`name`));'
      : 'CREATE TABLE IF NOT EXISTS "SequelizeMeta" ("name" VARCHAR(255) NOT NULL UNIQUE, PRIMARY KEY ("name"));',
  transactional: () => false,
});
