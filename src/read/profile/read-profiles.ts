import type { Tree } from '../../change/change-set.ts';
import { contentId } from '../../change/disk.ts';
import type { ChainChange } from '../chain-change.ts';
import { whyUnread } from '../scan-files.ts';
import { loadSqlReader } from '../sql/read-sql.ts';
import { type BoundEntries, bindEntries } from './bind-profile.ts';
import type { Entries } from './entry.ts';
import { type Profile, type ProfileCoverage, ProfileError, type ProfileFile } from './profile.ts';
import { readEntries } from './read-entries.ts';

/**
 * Reads the profiles that the configuration names from the tree that it was read from itself: a pull request brings no
 * evidence for itself. What cannot be read is told with its reason, and costs only itself.
 */
export async function readProfiles(
  files: readonly ProfileFile[],
  tree: Tree,
  chains: readonly ChainChange[],
): Promise<Profile> {
  const texts = await tree.read(files.map(({ path }) => path));
  await loadSqlReader('postgres');
  const read = files.map((file): Read => {
    const found = texts.get(file.path);
    const content = found?.text === undefined ? {} : { content: contentId(Buffer.from(found.text)) };
    try {
      if (!found) throw new ProfileError('there is no such file beside the configuration that names it');
      if (found.text === undefined) throw new ProfileError(`it is not read: ${whyUnread(found)}`);
      if (file.chain !== undefined && !chains.some(({ id }) => id === file.chain)) return elsewhere(file);
      const entries = readEntries(found.text);
      const bound = bindEntries(entries, file, chains);
      return { bound, coverage: { ...coverageOf(file, entries, bound), ...content } };
    } catch (error) {
      if (!(error instanceof ProfileError)) throw error;
      return { bound: NOTHING, coverage: { path: file.path, notRead: error.message, ...content } };
    }
  });
  return {
    queries: read.flatMap(({ bound }) => bound.queries),
    tables: read.flatMap(({ bound }) => bound.tables),
    indexes: read.flatMap(({ bound }) => bound.indexes),
    files: read.map(({ coverage }) => coverage),
  };
}

interface Read {
  readonly bound: BoundEntries;
  readonly coverage: ProfileCoverage;
}

const NOTHING: BoundEntries = { queries: [], tables: [], indexes: [], left: 0 };

/** It is of a database that the change does not concern. */
function elsewhere({ path }: ProfileFile): Read {
  return { bound: NOTHING, coverage: { path, entries: 0, bound: 0 } };
}

function coverageOf({ path }: ProfileFile, entries: Entries, bound: BoundEntries): ProfileCoverage {
  const { source, statements, scans, tables, indexes, hidden } = entries;
  const reasons = [
    hidden > 0 ? `${hidden} statements hide their text from the role that exported them` : undefined,
    bound.left > 0 ? `${bound.left} statements that took the least time are left out` : undefined,
  ].filter((reason) => reason !== undefined);
  return {
    path,
    source,
    entries: statements.length + scans.length + tables.length + indexes.length + hidden,
    bound: bound.queries.length + bound.tables.length + bound.indexes.length,
    ...(reasons.length > 0 ? { notRead: reasons.join('; ') } : {}),
  };
}
