import type { Dialect } from '../../../schema/schema.ts';
import { type Layout, nameOf } from '../layout.ts';
import { byNumber, byText, type Texts } from '../tool.ts';
import { codeTool } from './code-tool-chain.ts';
import { relative } from './imports.ts';
import { scriptsOf } from './scripts.ts';

/**
 * Classes, by the time at the end of their names; a list beside them may name those that are run, also of other folders.
 * https://github.com/typeorm/typeorm/blob/master/src/migration/MigrationExecutor.ts
 */
export const typeorm = codeTool({
  name: 'typeorm',
  sign: /\bMigrationInterface\b|\bqueryRunner\b/,
  configs: [
    'ormconfig.ts',
    'ormconfig.js',
    'ormconfig.json',
    'data-source.ts',
    'datasource.ts',
    'src/data-source.ts',
  ],
  order: (path, text) => timeOf(text) ?? /^(\d{13})/.exec(nameOf(path))?.[1],
  otherwise: 'not run: TypeORM takes the time from the end of the class name, and there is none',
  compare: (a, b) => byNumber(a.order, b.order) || byText(a.name, b.name),
  registered,
  ledger,
  transactional: (dialect) => dialect !== 'mysql',
});

/** The last 13 characters of `name`, or of the class's. */
function timeOf(text: string): string | undefined {
  const named =
    /^\s*(?:readonly\s+|public\s+|static\s+)*name\s*(?::\s*string\s*)?=\s*['"`]\w*?(\d{13})['"`]/m.exec(
      text,
    )?.[1];
  return named ?? /\bclass\s+\w*?(\d{13})\b/.exec(text)?.[1];
}

/** Imported classes in an array: `export const migrations = [Init1690000000000, …]`. */
function registered(layout: Layout, folder: string, texts: Texts): ReadonlyMap<string, string> | undefined {
  for (const index of scriptsOf(layout, folder)) {
    const text = texts.get(index) ?? '';
    if (!/^index\.|migrations?\.[jt]s$/i.test(nameOf(index)) || !/\[\s*\w+\d{13}\b|\[\s*\w+\s*,/.test(text))
      continue;
    const found = new Map<string, string>();
    for (const [, names = '', specifier = ''] of text.matchAll(
      /import\s*\{([^}]*)\}\s*from\s*['"]([^'"]+)['"]/g,
    )) {
      const path = specifier.startsWith('.') ? relative(index, specifier, layout.entries) : undefined;
      if (path === undefined) continue;
      for (const name of names.split(',').map((one) => one.replace(/^.*\bas\b/, '').trim()))
        if (name !== '' && isListed(text, name)) found.set(nameOf(path).replace(/\.[cm]?[jt]s$/, ''), path);
    }
    if (found.size > 0) return found;
  }
  return undefined;
}

function isListed(text: string, name: string): boolean {
  return new RegExp(`[[,]\\s*(//[^\\n]*\\n\\s*)*${name}\\s*[\\],]`).test(text);
}

/** The ledger, and the extension that TypeORM asks for where entities have generated uuids. */
function ledger(dialect: Dialect): string {
  switch (dialect) {
    case 'postgres':
      return `CREATE EXTENSION IF NOT EXISTS "uuid-ossp";
CREATE TABLE "migrations" ("id" SERIAL NOT NULL, "timestamp" bigint NOT NULL, "name" character varying NOT NULL, CONSTRAINT "PK_8c82d7f526340ab734260ea46be" PRIMARY KEY ("id"));`;
    case 'mysql':
      return 'CREATE TABLE `migrations` (`id` int NOT NULL AUTO_INCREMENT, `timestamp` bigint NOT NULL, `name` varchar(255) NOT NULL, PRIMARY KEY (`id`));';
    default:
      return 'CREATE TABLE "migrations" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "timestamp" bigint NOT NULL, "name" varchar NOT NULL);';
  }
}
