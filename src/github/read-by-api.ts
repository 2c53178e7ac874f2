import type { ChangeSet, FileText, Tree, TreeEntry } from '../change/change-set.ts';
import { kindOf, once, sortedEntries } from '../change/commit-tree.ts';
import { compareTrees } from '../change/compare-trees.ts';
import { decode, MAX_FILE_BYTES } from '../change/decode.ts';
import { lineStarts } from '../change/span.ts';
import type { ShownLines } from '../git/hunks.ts';
import type { Api } from './api.ts';
import type { Range } from './open-range.ts';
import type { PullRequest } from './pull-request.ts';

/** A change that the API tells. */
export interface ApiChange {
  readonly changeSet: ChangeSet;
  readonly range: Range;
  /** The base's newest commit, where configuration and rules are read. */
  readonly setupTree: Tree;
  readonly hunksOf: (path: string) => Promise<readonly ShownLines[]>;
}

/** More contents are needed than the API should be asked for: git fetches them at once. */
export class NeedsGit extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'NeedsGit';
  }
}

/** Files of a pull request, and contents of either side, that are read one by one. */
const MOST_FILES = 50;
const MOST_CONTENTS = 80;
const AT_ONCE = 8;
/** Lines that GitHub shows around a change. */
const CONTEXT = 3;

/**
 * Reads a small pull request through the API alone: the trees of both sides, then only contents that somebody asks for.
 * What changed is told by the ids in the trees. GitHub's list of files gives the old names of renamed ones and nothing else:
 * it ends at 3,000 files, leaves patches out, and shows zeros for lines that it did not count. Throws {@link NeedsGit}, at
 * once or when too many contents are asked for.
 */
export async function readByApi(api: Api, pull: PullRequest): Promise<ApiChange> {
  if (pull.changedFiles > MOST_FILES) throw new NeedsGit(`${pull.changedFiles} files change`);
  const { owner, repo, head } = pull;
  const { data: compared } = await api.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
    owner,
    repo,
    basehead: `${pull.base.branch}...${head}`,
    // the first page holds every file with its patch
    per_page: 1,
    page: 2,
  });
  const range = { base: compared.merge_base_commit.sha, head, tip: compared.base_commit.sha };
  const blobs = blobReader(api, pull);
  const tree = (commit: string) => treeOfApi(api, pull, commit, blobs);
  const [base, after] = [tree(range.base), tree(head)];
  const migrations = [...(await after.entries()).keys()].filter((path) =>
    /\.(sql|prisma)$/i.test(path),
  ).length;
  if (migrations > MOST_CONTENTS) throw new NeedsGit(`${migrations} files of SQL`);
  const changeSet = await compareTrees(base, after, await renamesOf(api, pull));
  return {
    changeSet,
    range,
    setupTree: range.tip === range.base ? base : tree(range.tip),
    hunksOf: (path) => shownByTexts(changeSet, path),
  };
}

async function renamesOf(
  api: Api,
  { owner, repo, number }: PullRequest,
): Promise<ReadonlyMap<string, string>> {
  const files = await api.paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', {
    owner,
    repo,
    pull_number: number,
    per_page: 100,
  });
  return new Map(
    files.flatMap(({ filename, previous_filename: old, status }) =>
      status === 'renamed' && old !== undefined ? [[filename, old]] : [],
    ),
  );
}

interface Sized extends TreeEntry {
  readonly bytes: number;
}

type ReadBlob = (id: string) => Promise<Buffer>;

function treeOfApi(api: Api, { owner, repo }: PullRequest, commit: string, readBlob: ReadBlob): Tree {
  const entries = once(async () => {
    const { data } = await api.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
      owner,
      repo,
      tree_sha: commit,
      recursive: '1',
    });
    if (data.truncated) throw new NeedsGit(`GitHub lists only a part of ${commit.slice(0, 12)}`);
    const found = data.tree.flatMap(({ path, mode, type, sha, size = 0 }): Sized[] =>
      path === undefined || sha === undefined || type === 'tree'
        ? []
        : [{ path, id: sha, kind: kindOf(mode ?? ''), bytes: size }],
    );
    return sortedEntries(found) as ReadonlyMap<string, Sized>;
  });
  return {
    name: commit,
    entries,
    read: async (paths) => {
      const all = await entries();
      const wanted = [...new Set(paths)].flatMap((path) => all.get(path) ?? []);
      const texts = await inTurns(wanted, async (one) => [one.path, await textOf(one, readBlob)] as const);
      return new Map(texts.flatMap(([path, text]) => (text ? [[path, text]] : [])));
    },
  };
}

async function textOf({ kind, id, bytes }: Sized, readBlob: ReadBlob): Promise<FileText | undefined> {
  if (kind === 'submodule') return undefined;
  if (kind === 'symlink') return { text: undefined, reason: 'symlink', bytes: 0 };
  if (bytes > MAX_FILE_BYTES) return { text: undefined, reason: 'too large', bytes };
  return decode(await readBlob(id));
}

/** Contents by id, each once for both sides: by its path and commit the same content would be read twice. */
function blobReader(api: Api, { owner, repo }: PullRequest): ReadBlob {
  const known = new Map<string, Promise<Buffer>>();
  const read = async (id: string): Promise<Buffer> => {
    const { data } = await api.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', {
      owner,
      repo,
      file_sha: id,
    });
    return Buffer.from(data.content, 'base64');
  };
  return (id) => {
    const found = known.get(id);
    if (found) return found;
    if (known.size >= MOST_CONTENTS)
      return Promise.reject(new NeedsGit(`more than ${MOST_CONTENTS} contents`));
    const reading = read(id);
    known.set(id, reading);
    return reading;
  };
}

async function inTurns<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let at = 0; at < all.length; at += AT_ONCE)
    done.push(...(await Promise.all(all.slice(at, at + AT_ONCE).map(work))));
  return done;
}

/** What GitHub shows of a file, by its two texts: the altered lines and three around them. */
async function shownByTexts({ head, hunks }: ChangeSet, path: string): Promise<readonly ShownLines[]> {
  const [text, altered] = [(await head.read([path])).get(path)?.text, (await hunks([path])).get(path) ?? []];
  if (text === undefined) return [];
  const last = lineStarts(text).length - (/(^|\n)$/.test(text) ? 1 : 0);
  const shown: { from: number; to: number }[] = [];
  for (const { line, count } of altered) {
    const from = Math.max(1, (count === 0 ? line + 1 : line) - CONTEXT);
    const to = Math.min(last, line + Math.max(count - 1, 0) + CONTEXT);
    const before = shown.at(-1);
    if (before && from <= before.to + 1) before.to = to;
    else if (to >= from) shown.push({ from, to });
  }
  return shown;
}
