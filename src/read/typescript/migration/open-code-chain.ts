import type { Tree } from '../../../change/change-set.ts';
import { lineStarts, toSpan } from '../../../change/span.ts';
import type { Schema } from '../../../schema/schema.ts';
import type { Chain, MigrationFile } from '../../chain.ts';
import type { SqlSource, Statement } from '../../source.ts';
import type { CodeModule } from '../module.ts';
import { CODE_FILE, loadCodeParser } from '../parse.ts';
import { type ImportResolver, openImportResolver, type Resolution } from '../resolve.ts';
import { isModule, openShelf } from '../shelf.ts';
import type { Modules } from '../trail.ts';
import { codeToolNamed } from './code-tools.ts';
import { readCodeMigration } from './read-code-migration.ts';

/** A migration in code, read; `asked`: it depends on the schema that it finds. */
interface ReadCode {
  readonly source: SqlSource;
  readonly asked: boolean;
}

/** Reads migrations in code of one chain, following their imports over the tree. */
export interface CodeChain {
  /** `schemaAfter` gives the schema after the migrations before and some statements; without it a migration that asks is not read well. */
  read(file: MigrationFile, text: string, schemaAfter?: SchemaAfter): Promise<ReadCode>;
}

export type SchemaAfter = (statements: readonly Statement[]) => Schema;

/** Rounds in which modules that were asked for are loaded. */
const ROUNDS = 30;

/** Packages that give migrations their builders: no tree holds them. */
const TOOLS =
  /^(knex|objection|typeorm|kysely|sequelize|umzug|node-pg-migrate|async|@mikro-orm\/[\w-]+)(\/|$)/;

/** Opens the reader of a chain's code. */
export async function openCodeChain(chain: Pick<Chain, 'tool' | 'dialect'>, tree: Tree): Promise<CodeChain> {
  await loadCodeParser();
  const tool = codeToolNamed(chain.tool);
  if (!tool) throw new Error(`${chain.tool} has no migrations in code`);
  const entries = await tree.entries();
  const shelf = openShelf();
  const loaded = new Map<string, CodeModule | undefined>();
  const wanted = new Set<string>();
  let resolver: ImportResolver | undefined;
  let lacks = false;
  const modules: Modules = {
    load: (path) => {
      if (loaded.has(path)) return loaded.get(path);
      lacks = true;
      wanted.add(path);
      return undefined;
    },
    resolve: (from, specifier): Resolution => {
      if (resolver) return resolver.resolve(from, specifier);
      if (TOOLS.test(specifier)) return { kind: 'external', name: specifier };
      lacks = true;
      return { kind: 'missing' };
    },
    implementers: () => [],
    once: (_, make) => make(),
    texts: () => [], // no builder of migrations speaks of a schema.prisma
  };
  const load = async () => {
    resolver ??= await openImportResolver(tree);
    const paths = [...wanted];
    wanted.clear();
    for (const path of paths) loaded.set(path, undefined);
    for (const [path, { text }] of await tree.read(paths.filter((path) => CODE_FILE.test(path)))) {
      const found = text === undefined ? undefined : shelf.parse(path, entries.get(path)?.id ?? '', text);
      if (found && isModule(found)) loaded.set(path, found);
    }
  };
  return {
    read: async ({ path, id }, text, schemaAfter) => {
      const module = shelf.parse(path, id, text);
      if (!isModule(module)) return { source: broken(chain, module), asked: false };
      for (let round = 0; ; round++) {
        lacks = false;
        let asked = false;
        const source = readCodeMigration({
          ...{ module, modules, tool, dialect: chain.dialect },
          schemaAfter: (statements) => {
            asked = true;
            return schemaAfter?.(statements);
          },
        });
        if (!lacks || round >= ROUNDS) return { source, asked };
        await load();
      }
    },
  };
}

/** A file with a syntax error, as one statement that nobody has read. */
function broken(
  { dialect }: Pick<Chain, 'dialect'>,
  {
    path,
    text,
    reason,
    offset,
  }: { readonly path: string; readonly text: string; readonly reason: string; readonly offset: number },
): SqlSource {
  const span = toSpan(path, lineStarts(text), offset, offset);
  const statement: Statement = {
    ...{ span, text, operations: [], uses: [], calls: [] },
    ...{ notModelled: reason, notSql: 'code', unparsed: true },
  };
  return { path, dialect, statements: [statement], notSql: [] };
}
