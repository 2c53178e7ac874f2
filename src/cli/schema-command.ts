import type { Tree } from '../change/change-set.ts';
import { lineStarts, type Span } from '../change/span.ts';
import { UserError } from '../errors.ts';
import { resolveMoment } from '../git/moment.ts';
import { openRepository } from '../git/repository.ts';
import type { Chain } from '../read/chain.ts';
import { findChains } from '../read/find-chains.ts';
import { replay } from '../read/replay.ts';
import type { ShownSchema } from '../report/schema/shown-schema.ts';
import type { Schema } from '../schema/schema.ts';
import type { Request } from './arguments.ts';
import { openChange } from './open-change.ts';
import { writeResult } from './output.ts';
import { readSetup } from './read-setup.ts';

/** Writes the schema that the migrations of a revision leave: of the one chain that is there, or of the one that is named. */
export async function schemaCommand(request: Request): Promise<number> {
  const { changeSet, setupTree, cache } = await openChange(request, await revisionOf(request), true);
  const { config } = await readSetup(setupTree, { configFile: request.options.config });
  const tree = changeSet.head;
  const chain = chosen(await findChains(tree, config.migrations), request.words[0]);
  const { schema } = await replay(chain, tree, cache, 'schema');
  const textOf = await textsOf(schema, chain, tree);
  await writeResult(
    request.options,
    await render(request, { at: tree.name, tool: chain.tool, schema, textOf }),
  );
  return 0;
}

/** The commit that `--at` names, by a revision or a date. */
async function revisionOf({ options: { at, repo } }: Request): Promise<string | undefined> {
  return at === undefined ? undefined : resolveMoment(await openRepository(repo ?? '.'), at);
}

function chosen(chains: readonly Chain[], word: string | undefined): Chain {
  const ids = chains.map(({ id }) => id);
  const [first] = chains;
  if (!first)
    throw new UserError(
      'No migrations were found.',
      'Name their folder under `migrations` in tablewarden.yml; `tablewarden init` shows what was looked at.',
    );
  const wanted = word?.replace(/^\.\//, '').replace(/\/+$/, '');
  const exact = chains.find(({ id }) => id === wanted);
  const found = exact ? [exact] : chains.filter(({ id }) => wanted === undefined || id.includes(wanted));
  const [only, ...more] = found;
  if (only && more.length === 0) return only;
  throw new UserError(
    wanted === undefined
      ? `There are ${ids.length} chains of migrations.`
      : `${only ? 'More than one chain' : 'No chain'} is named ${wanted}.`,
    `Name one of them: ${ids.map((id) => `\`tablewarden schema ${id}\``).join(', ')}.`,
  );
}

/** Reads the files that hold what the schema keeps only the place of. */
async function textsOf(schema: Schema, chain: Chain, tree: Tree): Promise<ShownSchema['textOf']> {
  const spans = [
    ...[...schema.functions.values()].flat(),
    ...[...schema.triggers.values()].flat(),
    ...schema.types.values(),
  ].map(({ span }) => span);
  const known = new Set(chain.migrations.map(({ path }) => path));
  const files = await tree.read(new Set(spans.map(({ path }) => path).filter((path) => known.has(path))));
  const texts = new Map([...files].map(([path, { text }]) => [path, text]));
  const starts = new Map<string, readonly number[]>();
  return ({ path, line, column, endLine, endColumn }: Span) => {
    const text = known.has(path) ? texts.get(path) : chain.prelude;
    if (text === undefined) return undefined;
    const lines = starts.get(path) ?? lineStarts(text);
    starts.set(path, lines);
    const offset = (at: number, within: number): number => (lines[at - 1] ?? text.length) + within - 1;
    return text.slice(offset(line, column), offset(endLine, endColumn));
  };
}

async function render(request: Request, shown: ShownSchema): Promise<string> {
  if (request.options.format === 'json') return (await import('../report/schema/json.ts')).toJson(shown);
  if (request.options.format === 'mermaid')
    return (await import('../schema/document/mermaid.ts')).toMermaid(shown);
  if (request.options.format === 'markdown')
    return (await import('../schema/document/markdown.ts')).toMarkdown(shown.schema);
  return (await import('../report/schema/sql.ts')).toSql(shown);
}
