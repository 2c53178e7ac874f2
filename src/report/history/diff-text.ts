import type { ChainDifference } from '../../read/compare-revisions.ts';
import type { Alteration } from '../../schema/alterations.ts';
import { count } from '../count.ts';
import { plain } from '../escape.ts';
import type { Paint } from '../paint.ts';
import { alterationLines } from './alteration-line.ts';
import { shortId } from './commit-line.ts';

/** What parts the schemas of two revisions. */
export interface SchemaDiff {
  /** Full commit ids, or `working tree`. */
  readonly from: string;
  readonly to: string;
  readonly chains: readonly ChainDifference[];
}

/** The differences by chain and table, for a terminal. */
export function diffText({ from, to, chains }: SchemaDiff, paint: Paint): string {
  const name = (revision: string) => (/^[0-9a-f]{40,}$/.test(revision) ? shortId(revision) : revision);
  const sides = `${name(from)} → ${name(to)}`;
  const differing = chains.filter(({ alterations }) => alterations.length > 0);
  if (chains.length === 0) return `${sides}: there are no migrations on either side\n`;
  if (differing.length === 0)
    return `${sides}: the schema is the same (${count(chains.length, 'chain')} of migrations)\n`;
  return `${differing.map((one) => `${paint(heading(one, sides), 'bold')}\n\n${body(one, paint)}`).join('\n\n')}\n`;
}

function heading({ chain, kind, migrations }: ChainDifference, sides: string): string {
  const what = {
    same: '',
    appended: `, ${count(migrations, 'migration')} more`,
    rewritten: `, migrations edited, moved or removed, ${migrations} new`,
    added: `, a chain of ${count(migrations, 'migration')} that was not there`,
    removed: ', the chain is gone',
  };
  return `${plain(chain)}: ${sides}${what[kind]}`;
}

/** Tables that came and went, then those that changed with their parts below them, then all else. */
function body({ alterations }: ChainDifference, paint: Paint): string {
  const groups = new Map<number | undefined, Alteration[]>();
  for (const one of alterations) {
    const key = one.whole || one.object === 'table' ? -1 : one.tableId;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  const blocks = [...groups].map(([key, group]) => {
    const lines = alterationLines(group, paint, { withTable: false });
    const [first] = group;
    return key === -1 || key === undefined
      ? lines.join('\n')
      : [`table ${plain(first?.table ?? '')}`, ...lines.map((line) => `  ${line}`)].join('\n');
  });
  return blocks.join('\n');
}
