import type { LockMode, TableLock } from '../../exact.ts';
import type { Session } from './session.ts';

/** What statements of an open transaction do to the tables that were there before it. */
export interface Watch {
  /** What the last statement locked or rewrote. */
  look(): Promise<{ readonly locks?: readonly TableLock[] }>;
}

/** After so many statements no more is looked at: each look costs about as much as a small statement. */
const MOST_LOOKS = 300;

/** No name in these reaches what a migration made: operators too are the server's own. */
const TABLES = `SELECT c.oid, n.nspname, c.relname, c.relfilenode FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
  WHERE c.oid OPERATOR(pg_catalog.>=) 16384 AND c.relkind OPERATOR(pg_catalog.=) ANY ('{r,p,m}'::pg_catalog."char"[])`;
const LOCKS = `SELECT l.relation, l.mode, pg_catalog.pg_relation_filenode(l.relation) FROM pg_catalog.pg_locks l
  WHERE l.pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid() AND l.relation OPERATOR(pg_catalog.>=) 16384`;

/** From weak to strong: https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES */
const MODES: readonly LockMode[] = [
  'access share',
  'row share',
  'row exclusive',
  'share update exclusive',
  'share',
  'share row exclusive',
  'exclusive',
  'access exclusive',
];

/** Starts to watch; a table's lock that is held already is not told again. */
export async function watchTables(session: Session): Promise<Watch> {
  const { rows } = await session.send(TABLES, { rows: true });
  const tables = new Map(
    rows.map(([oid, schema, table, file]) => [oid ?? '', { schema: schema ?? '', table: table ?? '', file }]),
  );
  const held = new Set<string>();
  let looks = 0;
  const fresh = async () => {
    const { rows, error } = await session.send(LOCKS, { rows: true });
    const found = new Map<string, { taken: number; strongest: number; rewritten: boolean }>();
    for (const [oid, said, file] of error ? [] : rows) {
      const table = tables.get(oid ?? '');
      if (!table || !oid) continue;
      const mode = modeOf(said ?? '');
      const one = found.get(oid) ?? { taken: 0, strongest: 0, rewritten: isOther(file, table.file) };
      one.strongest = Math.max(one.strongest, mode);
      if (!held.has(`${oid} ${mode}`)) one.taken = Math.max(one.taken, mode);
      held.add(`${oid} ${mode}`);
      found.set(oid, one);
    }
    for (const [oid, , file] of rows) Object.assign(tables.get(oid ?? '') ?? {}, file ? { file } : {});
    return found;
  };
  await fresh();
  return {
    look: async () => {
      if (looks++ >= MOST_LOOKS) return {};
      const locks = [...(await fresh())].flatMap(([oid, { taken, strongest, rewritten }]): TableLock[] => {
        const { schema = '', table = '' } = tables.get(oid) ?? {};
        const mode = MODES[rewritten ? strongest : taken];
        const told = taken > 0 || rewritten;
        return mode && told ? [{ schema, table, mode, ...(rewritten ? { rewritten } : {}) }] : [];
      });
      return locks.length > 0 ? { locks } : {};
    },
  };
}

/** Relations without storage, a partitioned table among them, have no file: 0 or NULL. */
function isOther(file: string | null | undefined, before: string | null | undefined): boolean {
  return Boolean(file && before && file !== '0' && before !== '0' && file !== before);
}

/** `ShareRowExclusiveLock` is `share row exclusive`; 0 for one that is not known. */
function modeOf(said: string): number {
  const words = said.replace(/Lock$/, '').replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
  return Math.max(MODES.indexOf(words.toLowerCase() as LockMode), 0); // -1 for others
}
