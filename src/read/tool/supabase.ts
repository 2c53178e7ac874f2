import type { LeftOut, MigrationFile } from '../chain.ts';
import { folderOf, joined, nameOf } from './layout.ts';
import { codeMigrations } from './steps.ts';
import { PLATFORM } from './supabase-platform.ts';
import { byText, type Draft, type Tool } from './tool.ts';

/**
 * `supabase/migrations/<timestamp>_<name>.sql`, in the order of the file names.
 * https://github.com/supabase/cli/blob/develop/pkg/migration/list.go
 */
export const supabase: Tool = {
  name: 'supabase',

  folders: (layout) => [...layout.sql.keys()].filter((folder) => nameOf(folder) === 'migrations'),

  markers: (layout, folder) => {
    const path = configBeside(folder);
    return layout.entries.has(path) ? [path] : [];
  },

  draft(layout, folder, texts, named) {
    const names = [...(layout.sql.get(folder) ?? [])].sort(byText);
    const config = texts.get(configBeside(folder)) ?? '';
    const isPlatform =
      /^[ \t]*project_id\s*=/m.test(config) && /^[ \t]*\[(api|auth|db|studio)\b/m.test(config);
    const isCustom = nameOf(folderOf(folder)) === 'supabase' && names.some((name) => PATTERN.test(name));
    const hasPairs = names.some((name) => /\.down\.sql$/i.test(name));
    if (!named && (hasPairs || !(isPlatform || isCustom))) return undefined;
    const migrations: MigrationFile[] = [];
    const leftOut: LeftOut[] = [...codeMigrations(layout, folder)];
    for (const [index, name] of names.entries()) {
      const path = joined(folder, name);
      const version = PATTERN.exec(name)?.[1];
      if (index === 0 && isOldInit(name)) leftOut.push({ path, reason: OLD_INIT });
      else if (version === undefined) leftOut.push({ path, reason: NOT_NAMED });
      else
        migrations.push({
          name: name.replace(/\.sql$/, ''),
          path,
          id: layout.entries.get(path)?.id ?? '',
          order: version,
        });
    }
    return {
      migrations,
      leftOut,
      dialect: { word: { dialect: 'postgres' }, reason: `${folder}: Supabase is Postgres` },
      prelude: () => PLATFORM,
      transactional: () => true,
    } satisfies Draft;
  },
};

const PATTERN = /^([0-9]+)_.*\.sql$/;
const NOT_NAMED = 'not run: Supabase runs only files named <timestamp>_<name>.sql';
const OLD_INIT = 'not run: Supabase skips a first file named <timestamp>_init.sql from before December 2021';

function isOldInit(name: string): boolean {
  const time = /^([0-9]{14})_init\.sql/.exec(name)?.[1];
  return time !== undefined && time < '20211209000000';
}

function configBeside(folder: string): string {
  return joined(folderOf(folder), 'config.toml');
}
