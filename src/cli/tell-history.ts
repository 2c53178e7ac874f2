import { writtenBy } from '../git/mainline.ts';
import { nearest } from '../nearest.ts';
import type { History, HistoryCommit, HistoryEntry } from '../read/history/history.ts';
import { selectEntries } from '../read/history/select-entries.ts';
import type { ToldCommit, ToldHistory, Uncertain } from '../report/history/told-history.ts';
import { doubtsAbout } from '../schema/lookup.ts';
import type { Schema } from '../schema/schema.ts';
import type { OpenedHistory } from './open-history.ts';

/** What a history tells of an object, with the commits that wrote what merges brought. */
export async function tellHistory(opened: OpenedHistory, asked: string): Promise<ToldHistory> {
  const { history, schemas, at, repository } = opened;
  const commits = new Map<string, ToldCommit>();
  const chains: ToldHistory['chains'][number][] = [];
  for (const { chain, entries } of selectEntries(history, asked)) {
    const found = history.chains[chain];
    if (!found) continue;
    const told: { commit: ToldCommit; entry: HistoryEntry }[] = [];
    for (const entry of entries) {
      const commit = history.commits[entry.at];
      if (!commit) continue;
      const key = `${entry.at} ${entry.migration}`;
      const known = commits.get(key) ?? (await withWriter(opened, commit, entry.migration));
      commits.set(key, known);
      told.push({ commit: known, entry });
    }
    chains.push({ chain: found, entries: told, uncertain: uncertainOf(schemas.get(chain), entries) });
  }
  const near = chains.length === 0 ? nearestName(history, asked) : undefined;
  const cutOff = repository.shallow
    ? 'The clone is shallow: what came before its first commit is not known. `git fetch --unshallow` gets the rest.'
    : undefined;
  return {
    ...{ asked, at, chains, searched: history.chains.map(({ id }) => id) },
    ...(near === undefined ? {} : { near }),
    ...(cutOff === undefined ? {} : { cutOff }),
  };
}

async function withWriter(
  { repository }: OpenedHistory,
  commit: HistoryCommit,
  migration: string,
): Promise<ToldCommit> {
  const written = await writtenBy(repository, commit, migration);
  return written ? { ...commit, written } : commit;
}

function uncertainOf(schema: Schema | undefined, entries: readonly HistoryEntry[]): readonly Uncertain[] {
  if (!schema) return [];
  const names = new Set(entries.flatMap(({ table, name }) => (table ?? name).split('.').at(-1) ?? []));
  const places = new Set([...names].flatMap((name) => doubtsAbout(schema, name)));
  return [...places].flatMap((place) => {
    const doubt = schema.opaque[place];
    return doubt ? [{ path: doubt.span.path, line: doubt.span.line, reason: doubt.why }] : [];
  });
}

function nearestName({ entries }: History, asked: string): string | undefined {
  const [table = '', part] = asked.split('.');
  const tables = new Set(entries.flatMap((one) => one.table ?? one.name));
  if (part === undefined || !tables.has(table)) return nearest(table, tables);
  const parts = entries
    .filter((one) => one.table === table && one.object !== 'table')
    .map(({ name }) => name);
  const found = nearest(part, new Set(parts));
  return found === undefined ? undefined : `${table}.${found}`;
}
