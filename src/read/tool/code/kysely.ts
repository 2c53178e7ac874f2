import { type Layout, nameOf } from '../layout.ts';
import type { Texts } from '../tool.ts';
import { codeTool } from './code-tool-chain.ts';
import { relative } from './imports.ts';
import { scriptsOf } from './scripts.ts';

/**
 * In the order of the names: of the files, or of what a module of them exports (`export * as _001 from './001-users.js'`).
 * https://github.com/kysely-org/kysely/blob/master/src/migration/migrator.ts
 */
export const kysely = codeTool({
  name: 'kysely',
  sign: /\bKysely\b|['"]kysely['"]/,
  registered,
  ledger: (dialect) => {
    const quote = dialect === 'mysql' ? '`' : '"';
    const name = (text: string) => quote + text + quote;
    return `create table ${name('kysely_migration')} (${name('name')} varchar(255) not null primary key, ${name('timestamp')} varchar(255) not null);
create table ${name('kysely_migration_lock')} (${name('id')} varchar(255) not null primary key, ${name('is_locked')} integer default 0 not null);`;
  },
  transactional: (dialect) => dialect !== 'mysql',
});

function registered(layout: Layout, folder: string, texts: Texts): ReadonlyMap<string, string> | undefined {
  for (const index of scriptsOf(layout, folder)) {
    if (!/^(index|migrations?|provider)\.[cm]?[jt]s$/.test(nameOf(index))) continue;
    const found = new Map<string, string>();
    const text = texts.get(index) ?? '';
    for (const [, name = '', specifier = ''] of text.matchAll(
      /^export\s+\*\s+as\s+(\w+)\s+from\s+['"]([^'"]+)['"]/gm,
    )) {
      const path = relative(index, specifier, layout.entries);
      if (path !== undefined) found.set(name, path);
    }
    for (const [, local = '', specifier = ''] of text.matchAll(
      /^import\s+\*\s+as\s+(\w+)\s+from\s+['"]([^'"]+)['"]/gm,
    )) {
      const path = relative(index, specifier, layout.entries);
      const key = new RegExp(`['"]([\\w.-]+)['"]\\s*:\\s*${local}\\b`).exec(text)?.[1];
      if (path !== undefined && (key !== undefined || new RegExp(`[{,]\\s*${local}\\s*[,}]`).test(text)))
        found.set(key ?? local, path);
    }
    if (found.size > 0) return found;
  }
  return undefined;
}
