import type { Dialect } from '../../schema/schema.ts';
import { backendOf } from './cargo.ts';
import { joined, marksAbove } from './layout.ts';
import { fileOfStep, unrunSteps } from './steps.ts';
import { byText, type Draft, type Tool } from './tool.ts';

/**
 * `<folder>/<version>_<name>/up.sql`, ordered by the version as text, dashes removed.
 * https://github.com/diesel-rs/diesel/blob/main/diesel_migrations/migrations_internals/src/lib.rs
 */
export const diesel: Tool = {
  name: 'diesel',

  folders: (layout) =>
    [...layout.upSteps.keys()].filter(
      (folder) =>
        marksAbove(layout, folder, 'diesel.toml').length > 0 ||
        marksAbove(layout, folder, 'Cargo.toml').length > 0,
    ),

  markers: (layout, folder) => [
    ...marksAbove(layout, folder, 'Cargo.toml'),
    ...(layout.upSteps.get(folder) ?? [])
      .map((step) => metadataOf(folder, step))
      .filter((path) => layout.entries.has(path)),
  ],

  draft(layout, folder, texts) {
    const steps = (layout.upSteps.get(folder) ?? []).filter((step) => !step.startsWith('.'));
    const migrations = steps.map((step) => {
      const file = fileOfStep(layout, folder, step, 'up.sql', versionOf(step));
      const downPath = joined(joined(folder, step), 'down.sql');
      const alone = /^[ \t]*run_in_transaction\s*=\s*false\b/m.test(
        texts.get(metadataOf(folder, step)) ?? '',
      );
      return {
        ...file,
        ...(layout.entries.has(downPath) ? { downPath } : {}),
        ...(alone ? { transactional: false } : {}),
      };
    });
    return {
      migrations: migrations.sort((a, b) => byText(a.order, b.order) || byText(a.name, b.name)),
      leftOut: unrunSteps(layout, folder, 'up.sql'),
      dialect: backendOf(marksAbove(layout, folder, 'Cargo.toml'), 'diesel', texts),
      prelude: ledger,
      transactional: (dialect) => dialect !== 'mysql',
    } satisfies Draft;
  },
};

function versionOf(step: string): string {
  return (step.split('_')[0] ?? '').replaceAll('-', '');
}

function metadataOf(folder: string, step: string): string {
  return joined(joined(folder, step), 'metadata.toml');
}

/** https://github.com/diesel-rs/diesel, `CREATE_MIGRATIONS_TABLE` */
function ledger(_dialect: Dialect): string {
  return `CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (
  version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);`;
}
