import type { Tree } from '../../change/change-set.ts';
import type { NamedChain } from '../chain.ts';
import { findChains } from '../find-chains.ts';
import { pairChains } from '../pair-chains.ts';
import { concernOf } from './concerns.ts';
import { endLine, type FollowedChain, followLine, type Prefixes } from './follow-line.ts';
import type { HistoryChain, HistoryCommit, HistoryEntry } from './history.ts';
import type { KeptHistory } from './kept-history.ts';

/** A history that is being read, commit by commit. */
export interface Walk {
  /** Goes on from where another run got; `tree` is that of its last commit. Whether it could. */
  resume(kept: KeptHistory, tree: Tree): Promise<boolean>;
  /** Whether a commit that changes the path may make, change or end a chain. */
  concerns(path: string): boolean;
  step(tree: Tree, commit: HistoryCommit): Promise<void>;
  state(): Omit<KeptHistory, 'commit'>;
}

interface Line {
  readonly place: number;
  readonly followed: FollowedChain;
}

/** Follows the chains of a repository over its commits, given in order. */
export function openWalk(named: readonly NamedChain[]): Walk {
  const commits: HistoryCommit[] = [];
  const chains: HistoryChain[] = [];
  const entries: HistoryEntry[] = [];
  const prefixes: Prefixes = new Map();
  let concerns = concernOf([]);
  let lines: readonly Line[] = [];

  return {
    async resume({ history, schemas }, tree) {
      const found = await findChains(tree, named);
      const known = found.flatMap((chain): readonly Line[] => {
        const place = history.chains.findIndex(({ id, until }) => id === chain.id && until === undefined);
        const schema = schemas.get(place);
        return schema ? [{ place, followed: { chain, schema } }] : [];
      });
      if (known.length !== schemas.size || known.length !== found.length) return false;
      lines = known;
      concerns = concernOf(found);
      commits.push(...history.commits);
      chains.push(...history.chains);
      entries.push(...history.entries);
      return true;
    },

    concerns: (path) => concerns(path),

    async step(tree, commit) {
      const found = await findChains(tree, named);
      const at = commits.length;
      const told: HistoryEntry[] = [];
      const next: Line[] = [];
      let isNews = false;
      for (const { base, head } of pairChains(
        lines.map(({ followed }) => followed.chain),
        found,
      )) {
        const former = lines.find(({ followed }) => followed.chain === base);
        const place = former?.place ?? chains.length;
        const note = (made: readonly Omit<HistoryEntry, 'at' | 'chain'>[]) => {
          for (const one of made) told.push({ ...one, at, chain: place });
        };
        if (head) {
          const followed = await followLine(former?.followed, head, tree, prefixes);
          const { id, tool, dialect } = head;
          chains[place] = { id, tool, dialect, from: chains[place]?.from ?? at };
          next.push({ place, followed: followed.now });
          note(followed.entries);
        } else if (former) {
          const { id, tool, dialect } = former.followed.chain;
          chains[place] = { id, tool, dialect, from: chains[place]?.from ?? at, until: at };
          note(await endLine(former.followed));
        }
        isNews ||= !former || !head || told.length > 0;
      }
      lines = next;
      concerns = concernOf(found);
      if (!isNews) return;
      commits.push(commit);
      entries.push(...told);
    },

    state: () => ({
      history: { commits, chains, entries },
      schemas: new Map(lines.map(({ place, followed }) => [place, followed.schema])),
    }),
  };
}
