import { createHash } from 'node:crypto';
import type { Cache } from '../../cache/cache.ts';
import { fromJson, toJson } from '../../schema/json.ts';
import type { Schema } from '../../schema/schema.ts';
import type { NamedChain } from '../chain.ts';
import { READER_VERSION } from '../reader-version.ts';
import type { History } from './history.ts';

/** Raised with every change of what a history holds. */
const VERSION = 1;

/** A history up to a commit, and the schemas with which it goes on. */
export interface KeptHistory {
  readonly commit: string;
  readonly history: History;
  /** By the chain's place in the history. */
  readonly schemas: ReadonlyMap<number, Schema>;
}

/** Histories that were read before, of the same reader and configuration. */
export interface KeptHistories {
  /** That of the last of the commits that has one; they are a first-parent history, oldest first. */
  nearest(commits: readonly string[]): Promise<KeptHistory | undefined>;
  put(kept: KeptHistory): Promise<void>;
}

/** Opens the histories that a cache keeps. */
export function openKeptHistories(cache: Cache, named: readonly NamedChain[]): KeptHistories {
  const what = JSON.stringify([VERSION, READER_VERSION, named]);
  const prefix = `history/${createHash('sha256').update(what).digest('hex').slice(0, 16)}/`;
  return {
    async nearest(commits) {
      const keys = new Set(await cache.keys(prefix));
      for (const commit of [...commits].reverse()) {
        const text = keys.has(prefix + commit) ? await cache.get(prefix + commit) : undefined;
        const kept = text === undefined ? undefined : parse(commit, text);
        if (kept) return kept;
      }
      return undefined;
    },
    put: ({ commit, history, schemas }) =>
      cache.put(
        prefix + commit,
        JSON.stringify({ history, schemas: [...schemas].map(([place, schema]) => [place, toJson(schema)]) }),
      ),
  };
}

function parse(commit: string, text: string): KeptHistory | undefined {
  const { history, schemas } = JSON.parse(text) as { history: History; schemas: [number, string][] }; // written by put
  const read = schemas.flatMap(([place, json]): [number, Schema][] => {
    const schema = fromJson(json);
    return schema ? [[place, schema]] : [];
  });
  return read.length === schemas.length ? { commit, history, schemas: new Map(read) } : undefined;
}
