import type { Dialect } from '../../schema/schema.ts';
import { dialectOf } from './dialect.ts';
import { folderOf, joined, type Layout } from './layout.ts';
import { fileOfStep, unrunSteps } from './steps.ts';
import { byText, type Draft, type Texts, type Tool } from './tool.ts';

/**
 * `<folder>/<name>/migration.sql`, in the order of the folders' names.
 * https://github.com/prisma/prisma-engines/blob/main/schema-engine/connectors/schema-connector/src/migrations_directory.rs
 */
export const prisma: Tool = {
  name: 'prisma',

  folders: (layout) => [...layout.migrationSteps.keys()],

  markers: (layout, folder) => {
    const lock = lockOf(layout, folder);
    return lock ? [lock] : schemasNear(layout, folder);
  },

  draft(layout, folder, texts, named) {
    const steps = layout.migrationSteps.get(folder) ?? [];
    const lock = lockOf(layout, folder);
    const schemas = schemasNear(layout, folder);
    const numbered = steps.filter((step) => /^\d/.test(step)).length;
    if (!named && !lock && (schemas.length === 0 || numbered === 0)) return undefined;
    return {
      migrations: [...steps]
        .sort(byText)
        .map((step) => fileOfStep(layout, folder, step, 'migration.sql', step)),
      leftOut: unrunSteps(layout, folder, 'migration.sql'),
      dialect: providerOf(lock ? [lock] : schemas, texts),
      prelude: ledger,
      // The script goes to the server as it is: several statements are one implicit transaction there, a single one is none.
      transactional: () => false,
    } satisfies Draft;
  },
};

function lockOf(layout: Layout, folder: string): string | undefined {
  const path = joined(folder, 'migration_lock.toml');
  return layout.entries.has(path) ? path : undefined;
}

/** Schema files beside the folder or beneath its parent: `schema.prisma`, `schema/*.prisma`; first those that hold the datasource by custom. */
function schemasNear(layout: Layout, folder: string): readonly string[] {
  const parent = folderOf(folder);
  const beneath = parent === '.' ? '' : `${parent}/`;
  const near = (layout.marks.get('.prisma') ?? []).filter((path) => path.startsWith(beneath));
  const rank = (path: string): number => (/(^|\/)(schema|main|base|datasource)\.prisma$/.test(path) ? 0 : 1);
  return [...near].sort((a, b) => rank(a) - rank(b) || a.length - b.length).slice(0, 50);
}

function providerOf(paths: readonly string[], texts: Texts): Draft['dialect'] {
  for (const path of paths) {
    const text = texts.get(path) ?? '';
    const block = path.endsWith('.prisma') ? /^[ \t]*datasource\s+\w+\s*\{([^{}]*)\}/m.exec(text)?.[1] : text;
    const provider = /^[ \t]*provider\s*=\s*"([^"\n]+)"/m.exec(block ?? '')?.[1];
    const word = provider === undefined ? undefined : dialectOf(provider);
    if (word) return { word, reason: `${path}: provider = "${provider}"` };
  }
  return undefined;
}

/** https://github.com/prisma/prisma-engines, `create_migrations_table` of each flavour */
function ledger(dialect: Dialect): string {
  if (dialect === 'mysql')
    return `CREATE TABLE _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at DATETIME(3),
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at DATETIME(3),
  started_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3), applied_steps_count INTEGER UNSIGNED NOT NULL DEFAULT 0
);`;
  if (dialect === 'sqlite')
    return `CREATE TABLE "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL,
  "logs" TEXT, "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
  "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0
);`;
  return `CREATE TABLE _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0
);`;
}
