import type { ChainTool } from '../../chain.ts';
import type { CodeTool } from './code-tool.ts';
import { dbMigrateTool } from './db-migrate.ts';
import { knexTool } from './knex/knex.ts';
import { kyselyTool } from './kysely/kysely.ts';
import { mikroOrmTool } from './mikro-orm.ts';
import { nodePgMigrateTool } from './node-pg-migrate/node-pg-migrate.ts';
import { sequelizeTool } from './sequelize/sequelize.ts';
import { typeormTool } from './typeorm/typeorm.ts';

/** The tools whose migrations may be code, by the name of their chains. */
const CODE_TOOLS: Partial<Readonly<Record<ChainTool, CodeTool>>> = {
  knex: knexTool,
  typeorm: typeormTool,
  'mikro-orm': mikroOrmTool,
  sequelize: sequelizeTool,
  kysely: kyselyTool,
  'node-pg-migrate': nodePgMigrateTool,
  'db-migrate': dbMigrateTool,
};

/** What a chain's tool gives to migrations in code. */
export function codeToolNamed(name: ChainTool): CodeTool | undefined {
  return CODE_TOOLS[name];
}
