import { count } from './count.ts';
import { plain } from './escape.ts';

/** A check that was made, as a list shows it. */
export interface ShownRun {
  readonly id: string;
  readonly startedAt: string;
  readonly base: string;
  readonly head: string;
  readonly conclusion: string;
  /** What became of its findings. */
  readonly fates: readonly string[];
}

/** Checks, newest first, for a terminal. */
export function runsText(runs: readonly ShownRun[]): string {
  if (runs.length === 0) return 'No run was kept yet: `tablewarden check --record` keeps one.\n';
  const short = (name: string) => (/^[0-9a-f]{40,}$/.test(name) ? name.slice(0, 10) : plain(name));
  const lines = runs.map(({ id, startedAt, base, head, conclusion, fates }) => {
    const kinds = [...new Set(fates)].map((fate) => `${fates.filter((one) => one === fate).length} ${fate}`);
    const said =
      fates.length === 0 ? 'no findings' : `${count(fates.length, 'finding')}: ${kinds.join(', ')}`;
    return `${id}  ${startedAt.slice(0, 16).replace('T', ' ')}  ${short(base)}..${short(head)}  ${conclusion}  ${said}`;
  });
  return `${lines.join('\n')}\n`;
}
