import type { Finding } from '../finding/finding.ts';
import { findWaivers } from '../finding/waiver.ts';
import { plain } from '../report/escape.ts';

const SIGNS: readonly (readonly [RegExp, string, string])[] = [
  [/\.sql$/i, '-- ', ''],
  [/\.([cm]?[jt]sx?|prisma|vue|svelte)$/i, '// ', ''],
  [/\.(ya?ml|toml|rb|py|sh)$/i, '# ', ''],
  [/\.(md|mdx|html?)$/i, '<!-- ', ' -->'],
];

/**
 * A comment that allows a finding, to stand above its line. Undefined where it would be none there: in a file of another
 * kind, or within a string of several lines.
 */
export function waiverLine(
  path: string,
  text: string,
  { rule, line }: Pick<Finding, 'rule' | 'line'>,
  because: string,
): string | undefined {
  const sign = SIGNS.find(([kind]) => kind.test(path));
  const reason = plain(because)
    .replace(/--+>?|\*\//g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (!sign || reason === '') return undefined;
  const lines = text.split(/\r?\n/);
  const before = lines.slice(0, line - 1).join('\n');
  const isCode = sign[1] === '// ';
  if (isCode && (before.match(/(?<!\\)`/g)?.length ?? 0) % 2 === 1) return undefined;
  const [indent = ''] = /^[ \t]*/.exec(lines[line - 1] ?? '') ?? [];
  const waiver = `${indent}${sign[1]}tablewarden: allow ${rule} because ${reason}${sign[2]}`;
  const changed = [...lines.slice(0, line - 1), waiver, ...lines.slice(line - 1)].join('\n');
  const holds = findWaivers(path, changed).some(
    ({ rules, problem, target, span }) =>
      span.line === line &&
      !problem &&
      rules.includes(rule) &&
      target.from <= line + 1 &&
      target.to >= line + 1,
  );
  return holds ? waiver : undefined;
}
