import type { Report } from '../report/report.ts';

/** Where migrations of strangers run, so that they cannot get at the App's secrets. */
export interface Sandbox {
  /** Postgres migrations run in PGlite and never in a server of the App's own user. */
  readonly pglite: boolean;
}

/** Root lends the server a user without rights; everybody else's server could read what its user can. */
export function chooseSandbox(): Sandbox {
  return { pglite: process.getuid?.() !== 0 };
}

/** Says where the migrations of a report ran; nothing where none did. */
export function sandboxNote({ proof }: Report, { pglite }: Sandbox): string | undefined {
  const ran = proof.filter(({ migrations }) => migrations.some(({ verdict }) => verdict !== 'not tried'));
  if (ran.length === 0) return undefined;
  const places = new Set(ran.map(({ engine }) => placeOf(engine, pglite)));
  return `Run apart from the App's secrets: ${[...places].join('; ')}.`;
}

function placeOf(engine: string, pglite: boolean): string {
  if (engine.startsWith('PGlite'))
    return 'PostgreSQL as WebAssembly (PGlite), in a process without environment';
  if (engine.startsWith('SQLite')) return 'SQLite as WebAssembly, in a process without environment';
  if (engine.startsWith('DuckDB'))
    return 'DuckDB without files, network and extensions, in a process without environment';
  return pglite ? engine : `${engine} as a user without rights`;
}
