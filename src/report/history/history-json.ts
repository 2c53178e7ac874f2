import { alterationJson } from './alteration-json.ts';
import type { ToldCommit, ToldHistory } from './told-history.ts';

/** The changes of an object as JSON, as `history.schema.json` describes it. */
export function historyJson({ asked, at, chains, searched, near, cutOff }: ToldHistory): string {
  const document = {
    ...{ asked, at, searched },
    ...(near === undefined ? {} : { near }),
    ...(cutOff === undefined ? {} : { cutOff }),
    chains: chains.map(({ chain, entries, uncertain }) => ({
      ...{ chain: chain.id, tool: chain.tool, dialect: chain.dialect, gone: chain.until !== undefined },
      entries: entries.map(({ commit, entry }) => ({
        ...alterationJson(entry),
        ...(entry.rewritten ? { rewritten: true } : {}),
        migration: entry.migration,
        commit: commitJson(commit),
      })),
      uncertain,
    })),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** A commit as JSON; null for what is not committed yet. */
export function commitJson({
  commit,
  author,
  authorDate,
  commitDate,
  subject,
  pullRequest,
  written,
}: ToldCommit) {
  if (commit === undefined) return null;
  return {
    ...{ id: commit, author, authorDate, commitDate, subject },
    ...(pullRequest === undefined ? {} : { pullRequest }),
    ...(written === undefined ? {} : { written }),
  };
}
