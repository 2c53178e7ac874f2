import type { Claim } from './rule.ts';

/** How many of the others are named. */
const NAMED = 5;

/** The claims of a rule that says its things once a file: the first of each file, which names what the others are about. */
export function onceAFile(claims: readonly Claim[]): readonly Claim[] {
  const files = new Map<string, Claim[]>();
  for (const claim of claims) {
    const key = JSON.stringify([claim.span.path, claim.severity]);
    const known = files.get(key);
    if (known) known.push(claim);
    else files.set(key, [claim]);
  }
  return [...files.values()].flatMap((group) => {
    const [first, ...others] = group.sort(
      (a, b) => a.span.line - b.span.line || a.span.column - b.span.column,
    );
    if (!first || others.length === 0) return first ? [first] : [];
    const named = others.slice(0, NAMED).map(subjectOf);
    const more = others.length > NAMED ? [`${others.length - NAMED} more`] : [];
    return [
      {
        ...first,
        message: `${first.message} The same goes for {others:list}, further down in this file.`,
        values: { ...first.values, others: [...named, ...more] },
      },
    ];
  });
}

function subjectOf({ table, columns, object }: Claim): string {
  const what = columns && columns.length > 0 ? ` (${columns.join(', ')})` : '';
  return table === undefined ? (object ?? what) : `${table}${what}`;
}
