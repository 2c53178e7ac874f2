import type { Tree } from '../change/change-set.ts';
import type { Chain, LeftOut, NamedChain, Survey } from './chain.ts';
import { type Drafted, sampleOf, tellDialect } from './tell-dialect.ts';
import { withImports } from './tool/code/imports.ts';
import { codeFolders, packagesAbove, toldOf } from './tool/code-migrations.ts';
import { manifestsOf } from './tool/drivers.ts';
import { makesTables } from './tool/guess-dialect.ts';
import { folderOf, type Layout, layoutOf, nameOf } from './tool/layout.ts';
import { numbered } from './tool/numbered.ts';
import { whyPassedOver } from './tool/passed-over.ts';
import { schemaFile, schemaFilesOf } from './tool/schema-file.ts';
import { byText, type Draft, type Texts, type Tool } from './tool/tool.ts';
import { isAlike, TOOLS, toolOfDirectives } from './tool/tools.ts';
import { withoutClaimed, withoutRegistered } from './without-claimed.ts';

/** The migration chains of a tree, each in its own tool's order. */
export async function findChains(tree: Tree, named: readonly NamedChain[]): Promise<readonly Chain[]> {
  return (await surveyChains(tree, named)).chains;
}

/**
 * The migration chains of a tree, and what looks like one and is not followed, with the reason. Reads marker files in one
 * batch, the first migrations of chains that they do not tell enough of in another, and manifests where still nothing tells.
 */
export async function surveyChains(tree: Tree, named: readonly NamedChain[]): Promise<Survey> {
  const layout = layoutOf(await tree.entries());
  const wanted = new Map(named.map((chain) => [normalized(chain.path), chain]));
  const notFollowed: LeftOut[] = [];
  const candidates = candidatesOf(layout, wanted, notFollowed);
  const markers = [...candidates].flatMap(([folder, tools]) =>
    tools.flatMap((tool) => tool.markers(layout, folder)),
  );
  const texts = await readTexts(tree, new Set(markers));
  for (const tool of new Set([...candidates.values()].flat())) await tool.prepare?.(layout);
  const drafted = [...candidates].flatMap(([folder, tools]) =>
    settled(draftsOf(layout, folder, tools, texts, wanted.get(folder)), folder, notFollowed),
  );
  const apart = withoutVersionFolders(
    withoutRegistered(withoutClaimed(drafted), notFollowed),
    wanted,
    notFollowed,
  );
  const samples = await readTexts(
    tree,
    apart.filter(needsSample).flatMap(({ draft }) => sampleOf(draft)),
  );
  const known = apart.flatMap((one) => byDirectives(layout, one, samples));
  const manifests = await readTexts(
    tree,
    new Set(known.flatMap(({ folder }) => manifestsOf(layout, folder))),
  );
  const chains = known.flatMap((one) =>
    settled(toChain(layout, one, samples, manifests), one.folder, notFollowed),
  );

  chains.push(...(await schemaChains(tree, layout, chains, wanted, notFollowed)));
  notFollowed.push(...(await codeChains(tree, layout, chains)));
  for (const path of wanted.keys())
    if (
      !chains.some(({ id }) => folderOfId(id) === path) &&
      !notFollowed.some((other) => other.path === path)
    )
      notFollowed.push({ path, reason: 'named in the configuration, and holds no migrations' });
  const whole = await withImports(chains, tree, texts);
  return {
    chains: [...whole].sort((a, b) => byText(a.id, b.id)),
    notFollowed: notFollowed.sort((a, b) => byText(a.path, b.path)),
  };
}

/** What was found; a reason is put on the list of what is not followed. */
function settled<T>(
  found: readonly T[] | T | string | undefined,
  path: string,
  notFollowed: LeftOut[],
): readonly T[] {
  if (typeof found === 'string') notFollowed.push({ path, reason: found });
  if (found === undefined || typeof found === 'string') return [];
  return Array.isArray(found) ? found : [found as T]; // Array.isArray does not narrow a readonly list
}

function candidatesOf(
  layout: Layout,
  wanted: ReadonlyMap<string, NamedChain>,
  notFollowed: LeftOut[],
): ReadonlyMap<string, readonly Tool[]> {
  const candidates = new Map<string, Tool[]>();
  for (const tool of TOOLS)
    for (const folder of new Set(tool.folders(layout))) {
      const tools = candidates.get(folder);
      if (tools) tools.push(tool);
      else candidates.set(folder, [tool]);
    }
  for (const folder of [...candidates.keys()]) {
    const reason = wanted.has(folder) ? undefined : whyPassedOver(folder);
    if (reason === undefined) continue;
    const tools = candidates.get(folder) ?? [];
    if (tools.some((tool) => tool !== numbered)) notFollowed.push({ path: folder, reason });
    candidates.delete(folder);
  }
  for (const [folder, { tool: name }] of wanted) {
    const tools = TOOLS.filter((tool) => tool.name === name);
    if (tools.length > 0) candidates.set(folder, tools);
  }
  return candidates;
}

function draftsOf(
  layout: Layout,
  folder: string,
  tools: readonly Tool[],
  texts: Texts,
  named: NamedChain | undefined,
): readonly Drafted[] | string | undefined {
  for (const tool of tools) {
    const isNamed = named?.tool === tool.name || (named !== undefined && tool === numbered);
    const draft = tool.draft(layout, folder, texts, isNamed);
    if (typeof draft === 'string') return draft;
    const drafts = draftList(draft).filter(
      ({ migrations, leftOut, part = named?.dialect }) =>
        migrations.length + leftOut.length > 0 && (named?.dialect ?? part) === part,
    );
    if (drafts.length > 0) return drafts.map((one) => ({ folder, tool, draft: one, named }));
  }
  return undefined;
}

function draftList(draft: Draft | readonly Draft[] | undefined): readonly Draft[] {
  if (draft === undefined) return [];
  return 'migrations' in draft ? [draft] : draft;
}

/** `migrations/0.22/`, `migrations/0.23/`: one database's migrations over several folders, whose order no tool here knows. */
function withoutVersionFolders(
  drafts: readonly Drafted[],
  wanted: ReadonlyMap<string, NamedChain>,
  notFollowed: LeftOut[],
): readonly Drafted[] {
  const byParent = new Map<string, Drafted[]>();
  for (const drafted of drafts) {
    if (drafted.tool !== numbered || wanted.has(drafted.folder)) continue;
    if (!/^v?\d+([._-]\d+)*$/i.test(nameOf(drafted.folder))) continue;
    const parent = folderOf(drafted.folder);
    byParent.set(parent, [...(byParent.get(parent) ?? []), drafted]);
  }
  const gone = new Set<Drafted>();
  for (const [parent, group] of byParent) {
    if (group.length < 2) continue;
    for (const drafted of group) gone.add(drafted);
    notFollowed.push({
      path: parent,
      reason: `its migrations are spread over ${group.length} folders of versions: in which order they are run is not known`,
    });
  }
  return drafts.filter((drafted) => !gone.has(drafted));
}

function needsSample({ tool, draft, named }: Drafted): boolean {
  return isAlike(tool) || (!draft.dialect && !named?.dialect);
}

/** The draft, or what the tool makes of the folder whose directives stand in its first files. */
function byDirectives(layout: Layout, drafted: Drafted, samples: Texts): readonly Drafted[] {
  const { folder, tool, draft, named } = drafted;
  const texts = sampleOf(draft).flatMap((path) => samples.get(path) ?? []);
  const told = named?.tool === undefined ? toolOfDirectives(tool, texts) : undefined;
  const better = told?.draft(layout, folder, samples, true);
  if (!told || better === undefined || typeof better === 'string') return [drafted];
  return draftList(better).map((one) => ({
    ...{ folder, tool: told, named },
    draft: { ...one, ...(one.dialect || !draft.dialect ? {} : { dialect: draft.dialect }) },
  }));
}

function toChain(
  layout: Layout,
  drafted: Drafted,
  samples: Texts,
  manifests: Texts,
): Chain | string | undefined {
  const { folder, tool, draft } = drafted;
  const texts = sampleOf(draft).flatMap((path) => samples.get(path) ?? []);
  if (draft.doubtful && !texts.some(makesTables)) return undefined;
  const told = tellDialect(layout, drafted, texts, manifests);
  const { dialect } = told.word;
  if (dialect === undefined)
    return `migrations for ${told.word.other} (${told.reason}): not one of the databases read here`;
  return {
    id: draft.part === undefined ? folder : `${folder}#${draft.part}`,
    tool: tool.name,
    dialect,
    dialectReason: told.reason,
    dialectGuessed: told.guessed,
    ...(told.unclear ? { dialectUnclear: true as const } : {}),
    migrations: draft.migrations,
    ...(draft.models ? { models: draft.models } : {}),
    prelude: draft.prelude(dialect),
    transactional: draft.transactional(dialect),
    leftOut: draft.leftOut,
  };
}

/** Files that hold a whole schema, where no chain near them says the same. */
async function schemaChains(
  tree: Tree,
  layout: Layout,
  chains: readonly Chain[],
  wanted: ReadonlyMap<string, NamedChain>,
  notFollowed: LeftOut[],
): Promise<readonly Chain[]> {
  const found = schemaFilesOf(
    layout,
    chains.map(({ id }) => id),
  ).filter(
    ({ path }) => wanted.get(path)?.tool !== schemaFile.name && whyPassedOver(folderOf(path)) === undefined,
  );
  const lone = found.filter(({ beside }) => beside === undefined).map(({ path }) => path);
  const texts = await readTexts(
    tree,
    found.map(({ path }) => path),
  );
  const manifests = await readTexts(
    tree,
    new Set(lone.flatMap((path) => manifestsOf(layout, folderOf(path)))),
  );
  for (const { path, beside } of found)
    if (beside !== undefined && makesTables(texts.get(path) ?? ''))
      notFollowed.push({
        path,
        reason: `a whole schema near ${beside}, whose migrations are followed instead`,
      });
  return lone.flatMap((path) => {
    const draft = schemaFile.draft(layout, path, texts, false);
    if (draft === undefined || !makesTables(texts.get(path) ?? '')) return [];
    return draftList(draft as Draft).flatMap((one) =>
      settled(
        toChain(layout, { folder: path, tool: schemaFile, draft: one }, texts, manifests),
        path,
        notFollowed,
      ),
    );
  });
}

/** Folders of migrations written as code, which are told of and not followed. */
async function codeChains(tree: Tree, layout: Layout, chains: readonly Chain[]): Promise<readonly LeftOut[]> {
  const followed = new Set(
    chains.flatMap(({ id, migrations }) => [folderOfId(id), ...migrations.map(({ path }) => folderOf(path))]),
  );
  const folders = codeFolders(layout, followed);
  const texts = await readTexts(tree, new Set(folders.flatMap((folder) => packagesAbove(layout, folder))));
  return folders.map((folder) => toldOf(layout, folder, texts));
}

function folderOfId(id: string): string {
  return id.replace(/#\w+$/, '');
}

async function readTexts(tree: Tree, paths: Iterable<string>): Promise<Texts> {
  const texts = new Map<string, string>();
  for (const [path, content] of await tree.read(paths))
    if (content.text !== undefined) texts.set(path, content.text);
  return texts;
}

function normalized(path: string): string {
  const clean = path.replace(/\\/g, '/').replace(/^(\.\/)+|\/+$/g, '');
  return clean === '' ? '.' : clean;
}
