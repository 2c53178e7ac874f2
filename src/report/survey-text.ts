import type { Chain, LeftOut, Survey } from '../read/chain.ts';
import type { Orm } from '../read/find-orms.ts';

/** Lines of one kind that are shown before they are only counted. */
const MOST = 12;

/** What a repository holds of migrations and of what talks to databases, for people. */
export function surveyText({ chains, notFollowed }: Survey, orms: readonly Orm[]): string {
  return [
    section('Migrations', chains.map(chainText), 'none were found'),
    section('Not followed', shortened(notFollowed.map(reasonText))),
    section('Code', orms.map(ormText)),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

function section(title: string, lines: readonly string[], otherwise?: string): string {
  const shown = lines.length === 0 && otherwise !== undefined ? [`  ${otherwise}`] : lines;
  return shown.length === 0 ? '' : `${title}\n${shown.join('\n')}\n`;
}

function chainText(chain: Chain): string {
  const { id, tool, dialect, dialectReason, dialectGuessed, migrations, leftOut } = chain;
  const [first, last] = [migrations[0], migrations.at(-1)];
  const span = !first || !last ? '' : first === last ? `: ${first.name}` : `: ${first.name} to ${last.name}`;
  const count = migrations.length === 1 ? '1 migration' : `${migrations.length} migrations`;
  return [
    `  ${plain(id)}`,
    `    ${tool}, ${dialect} (${dialectGuessed ? 'a guess: ' : ''}${plain(dialectReason)})`,
    `    ${count}${plain(span)}`,
    ...shortened(grouped(leftOut)).map((line) => `  ${line}`),
  ].join('\n');
}

/** Files that are not run, by the reason. */
function grouped(leftOut: readonly LeftOut[]): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const { path, reason } of leftOut) byReason.set(reason, [...(byReason.get(reason) ?? []), path]);
  return [...byReason].map(([reason, paths]) =>
    paths.length === 1
      ? reasonText({ path: paths[0] ?? '', reason })
      : `  ${paths.length} files: ${plain(reason)}`,
  );
}

function reasonText({ path, reason }: LeftOut): string {
  return `  ${plain(path)}: ${plain(reason)}`;
}

function ormText({ name, manifests }: Orm): string {
  const [first = '', ...more] = manifests;
  return `  ${name} (${plain(first)}${more.length > 0 ? ` and ${more.length} more` : ''})`;
}

function shortened(lines: readonly string[]): readonly string[] {
  return lines.length <= MOST + 1 ? lines : [...lines.slice(0, MOST), `  and ${lines.length - MOST} more`];
}

function plain(text: string): string {
  return text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '');
}
