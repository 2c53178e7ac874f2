import type { Tree } from '../change/change-set.ts';
import type { Dialect } from '../schema/schema.ts';
import type { Chain, LeftOut, NamedChain, Survey } from './chain.ts';
import { type DialectWord, dialectOfFolder } from './tool/dialect.ts';
import { diesel } from './tool/diesel.ts';
import { drizzle } from './tool/drizzle.ts';
import { guessDialect, makesTables, toolOfDirectives } from './tool/guess-dialect.ts';
import { folderOf, type Layout, layoutOf, nameOf } from './tool/layout.ts';
import { numbered } from './tool/numbered.ts';
import { whyPassedOver } from './tool/passed-over.ts';
import { prisma } from './tool/prisma.ts';
import { sqlx } from './tool/sqlx.ts';
import { supabase } from './tool/supabase.ts';
import { byText, type Draft, type Texts, type Tool } from './tool/tool.ts';

/** In the order in which they are asked for a folder: the surest signs first. */
const TOOLS: readonly Tool[] = [supabase, drizzle, prisma, diesel, sqlx, numbered];

/** The migrations of a chain that are read to guess its dialect. */
const SAMPLE = 4;

/** The migration chains of a tree, each in its own tool's order. */
export async function findChains(tree: Tree, named: readonly NamedChain[]): Promise<readonly Chain[]> {
  return (await surveyChains(tree, named)).chains;
}

/** The migration chains of a tree, and what looks like one and is not followed, with the reason. Reads marker files in one batch, and the first migrations of chains whose dialect nothing tells in another. */
export async function surveyChains(tree: Tree, named: readonly NamedChain[]): Promise<Survey> {
  const layout = layoutOf(await tree.entries());
  const wanted = new Map(named.map((chain) => [normalized(chain.path), chain]));
  const notFollowed: LeftOut[] = [];
  const candidates = candidatesOf(layout, wanted, notFollowed);
  const markers = new Set(
    [...candidates].flatMap(([folder, tools]) => tools.flatMap((tool) => tool.markers(layout, folder))),
  );
  const texts = await readTexts(tree, markers);

  const drafts: Drafted[] = [];
  for (const [folder, tools] of candidates) {
    const drafted = draftOf(layout, folder, tools, texts, wanted.get(folder));
    if (typeof drafted === 'string') notFollowed.push({ path: folder, reason: drafted });
    else if (drafted) drafts.push(drafted);
  }
  const apart = withoutVersionFolders(drafts, wanted, notFollowed);
  const samples = await readTexts(tree, apart.filter(needsSample).flatMap(sampleOf));

  const chains: Chain[] = [];
  for (const drafted of apart) {
    const chain = toChain(drafted, samples);
    if (typeof chain === 'string') notFollowed.push({ path: drafted.folder, reason: chain });
    else if (chain) chains.push(chain);
  }
  for (const path of wanted.keys())
    if (!chains.some((chain) => chain.id === path) && !notFollowed.some((other) => other.path === path))
      notFollowed.push({ path, reason: 'named in the configuration, and holds no migrations' });
  return {
    chains: chains.sort((a, b) => byText(a.id, b.id)),
    notFollowed: notFollowed.sort((a, b) => byText(a.path, b.path)),
  };
}

interface Drafted {
  readonly folder: string;
  readonly tool: Tool;
  readonly draft: Draft;
  readonly named?: NamedChain;
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
  for (const [folder, chain] of wanted) {
    const tool = TOOLS.find(({ name }) => name === chain.tool);
    if (tool) candidates.set(folder, [tool]);
  }
  return candidates;
}

function draftOf(
  layout: Layout,
  folder: string,
  tools: readonly Tool[],
  texts: Texts,
  named: NamedChain | undefined,
): Drafted | string | undefined {
  for (const tool of tools) {
    const draft = tool.draft(
      layout,
      folder,
      texts,
      named?.tool === tool.name || (named !== undefined && tool === numbered),
    );
    if (typeof draft === 'string') return draft;
    if (draft && draft.migrations.length + draft.leftOut.length > 0) return { folder, tool, draft, named };
  }
  return undefined;
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

function needsSample(drafted: Drafted): boolean {
  return drafted.tool === numbered || (!drafted.draft.dialect && !drafted.named?.dialect);
}

function sampleOf({ draft }: Drafted): readonly string[] {
  return draft.migrations.slice(0, SAMPLE).map((file) => file.path);
}

function toChain(drafted: Drafted, samples: Texts): Chain | string | undefined {
  const { folder, tool, draft } = drafted;
  const texts = sampleOf(drafted).flatMap((path) => samples.get(path) ?? []);
  if (draft.doubtful && !texts.some(makesTables)) return undefined;
  const directed =
    tool === numbered ? texts.map(toolOfDirectives).find((name) => name !== undefined) : undefined;
  if (directed) return `migrations of ${directed}, which hold both directions in one file, are not read yet`;
  const told = tellDialect(drafted, texts);
  const { dialect } = told.word;
  if (dialect === undefined)
    return `migrations for ${told.word.other} (${told.reason}): not one of the databases read here`;
  return {
    id: folder,
    tool: tool.name,
    dialect,
    dialectReason: told.reason,
    dialectGuessed: told.guessed,
    migrations: draft.migrations,
    prelude: draft.prelude(dialect),
    transactional: draft.transactional(dialect),
    leftOut: draft.leftOut,
  };
}

interface Told {
  readonly word: DialectWord;
  readonly reason: string;
  readonly guessed: boolean;
}

function tellDialect({ folder, draft, named }: Drafted, texts: readonly string[]): Told {
  if (named?.dialect)
    return { word: { dialect: named.dialect }, reason: 'named in the configuration', guessed: false };
  if (draft.dialect) return { ...draft.dialect, guessed: false };
  const byName = dialectOfFolder(folder);
  if (byName) return { word: byName.word, reason: `the folder ${byName.part}/`, guessed: false };
  const guess = guessDialect(texts);
  if (guess)
    return {
      word: guess.word,
      reason: `${guess.signs.join(', ')} in its first files`,
      guessed: true,
    };
  return {
    word: FALLBACK,
    reason: 'nothing in its first files speaks for another database',
    guessed: true,
  };
}

const FALLBACK: { readonly dialect: Dialect } = { dialect: 'postgres' };

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
