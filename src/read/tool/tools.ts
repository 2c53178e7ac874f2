import type { ChainTool } from '../chain.ts';
import { atlas } from './atlas.ts';
import { dbMigrate } from './code/db-migrate.ts';
import { knex } from './code/knex.ts';
import { kysely } from './code/kysely.ts';
import { mikroOrm } from './code/mikro-orm.ts';
import { nodePgMigrateCode } from './code/node-pg-migrate.ts';
import { sequelize } from './code/sequelize.ts';
import { typeorm } from './code/typeorm.ts';
import { dbmate } from './dbmate.ts';
import { diesel } from './diesel.ts';
import { drizzle } from './drizzle.ts';
import { flyway } from './flyway.ts';
import { golangMigrate } from './golang-migrate.ts';
import { goose } from './goose.ts';
import { liquibase } from './liquibase.ts';
import { nodePgMigrate } from './node-pg-migrate.ts';
import { numbered } from './numbered.ts';
import { pop } from './pop.ts';
import { prisma } from './prisma.ts';
import { schemaFile } from './schema-file.ts';
import { mybatis, play, rambler, sqlMigrate, tern } from './sectioned.ts';
import { sqitch } from './sqitch.ts';
import { sqlx } from './sqlx.ts';
import { supabase } from './supabase.ts';
import type { Tool } from './tool.ts';

/** In the order in which they are asked for a folder: the surest signs first. */
export const TOOLS: readonly Tool[] = [
  ...[
    supabase,
    drizzle,
    prisma,
    diesel,
    sqitch,
    liquibase,
    flyway,
    pop,
    sqlx,
    atlas,
    golangMigrate,
    nodePgMigrate,
  ],
  ...[typeorm, mikroOrm, sequelize, nodePgMigrateCode, dbMigrate, kysely, knex],
  ...[goose, dbmate, sqlMigrate, tern, rambler, mybatis, play, schemaFile, numbered],
];

/** Tools whose folders look alike: what the files say of themselves tells more than what stands around them. */
const ALIKE: ReadonlySet<Tool> = new Set([supabase, sqlx, atlas, golangMigrate, nodePgMigrate, numbered]);

/** The tool of that name. */
export function toolNamed(name: ChainTool): Tool | undefined {
  return TOOLS.find((tool) => tool.name === name);
}

/** The tool whose directives stand in these texts, where `drafted` is one that they may overrule. */
export function toolOfDirectives(drafted: Tool, texts: readonly string[]): Tool | undefined {
  if (!ALIKE.has(drafted)) return undefined;
  return TOOLS.find(
    (tool) => tool !== drafted && texts.some((text) => tool.directive?.test(text.slice(0, ENOUGH))),
  );
}

/** Whether the first files of a folder are read before its tool is known. */
export function isAlike(tool: Tool): boolean {
  return ALIKE.has(tool);
}

/** Characters that are looked at in one file. */
const ENOUGH = 100_000;
