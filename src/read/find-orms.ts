import type { Tree } from '../change/change-set.ts';
import { folderOf } from './tool/layout.ts';
import { whyPassedOver } from './tool/passed-over.ts';

/** A package that code talks to the database with, and the manifests that name it. */
export interface Orm {
  readonly name: string;
  /** Paths of `package.json` files, the shortest first. */
  readonly manifests: readonly string[];
}

/** ORMs and query builders by the package that a manifest names. */
const PACKAGES: Readonly<Record<string, string>> = {
  '@prisma/client': 'Prisma',
  'drizzle-orm': 'Drizzle',
  kysely: 'Kysely',
  knex: 'Knex',
  objection: 'Objection',
  typeorm: 'TypeORM',
  sequelize: 'Sequelize',
  'sequelize-typescript': 'Sequelize',
  '@mikro-orm/core': 'MikroORM',
  slonik: 'Slonik',
  'pg-promise': 'pg-promise',
  '@supabase/supabase-js': 'supabase-js',
  bookshelf: 'Bookshelf',
};

/** Manifests that are read at most. */
const MOST = 500;

/** The ORMs and query builders that the manifests of a tree name, tests and examples aside. */
export async function findOrms(tree: Tree): Promise<readonly Orm[]> {
  const paths = [...(await tree.entries()).keys()].filter(
    (path) => /(^|\/)package\.json$/.test(path) && whyPassedOver(folderOf(path)) === undefined,
  );
  const shortest = paths.sort((a, b) => a.length - b.length).slice(0, MOST);
  const found = new Map<string, string[]>();
  for (const [path, { text }] of await tree.read(shortest))
    for (const name of new Set(named(text))) found.set(name, [...(found.get(name) ?? []), path]);
  return [...found]
    .map(([name, manifests]) => ({ name, manifests }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function named(text: string | undefined): readonly string[] {
  return Object.entries(PACKAGES).flatMap(([name, orm]) => (text?.includes(`"${name}":`) ? [orm] : []));
}
