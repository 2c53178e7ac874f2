import { connections } from './family/connections.ts';
import { drizzle } from './family/drizzle/drizzle.ts';
import { knex } from './family/knex/knex.ts';
import { kysely } from './family/kysely/kysely.ts';
import { mikroOrm } from './family/mikro-orm/mikro-orm.ts';
import { objection } from './family/objection/objection.ts';
import { prisma } from './family/prisma/prisma.ts';
import { rawSql } from './family/raw-sql.ts';
import { sequelize } from './family/sequelize/sequelize.ts';
import { supabase } from './family/supabase/supabase.ts';
import { typeorm } from './family/typeorm/typeorm.ts';
import type { Family } from './family.ts';

/** Every family, in the order in which a file is read. */
const FAMILIES: readonly Family[] = [
  rawSql,
  drizzle,
  knex,
  kysely,
  objection,
  typeorm,
  sequelize,
  supabase,
  mikroOrm,
  prisma,
  connections,
];

/** The families whose gate a file's text passes, of those that the tree has something for, and of the configuration's own. */
export function familiesOf(
  text: string,
  holds: (suffix: string) => boolean,
  own: readonly Family[] = [],
): readonly Family[] {
  return [...FAMILIES, ...own].filter(
    ({ gate, onlyWith }) => gate.test(text) && (onlyWith === undefined || holds(onlyWith)),
  );
}
