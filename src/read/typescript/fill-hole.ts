/** What may stand in the place of an unknown value of SQL text, the likeliest first. `mark` is a name that stands for it. */
export function fillings(before: string, after: string, mark: string): readonly Filling[] {
  const inside = openQuote(before);
  if (inside === "'") return [{ text: mark, exact: true }];
  if (inside === '"' || inside === '`') return [{ text: mark, exact: false }];
  const touching = /[\w$.]$/.test(before) || /^[\w$.]/.test(after);
  if (touching) return [{ text: mark, exact: false }, PARAMETER];
  const word = /([a-z]+)\s*$/i.exec(before)?.[1]?.toUpperCase() ?? '';
  const name: Filling = { text: mark, exact: false };
  const nothing: Filling = { text: '', exact: false };
  if (/^(FROM|JOIN|INTO|UPDATE|TABLE|ONLY|USING)$/.test(word)) return [name, nothing, PARAMETER];
  if (word === 'IN') return [{ text: '($1)', exact: true }, name];
  if (word === 'VALUES') return [{ text: '($1)', exact: false }];
  if (word === 'SET') return [{ text: `${mark} = 1`, exact: false }, name];
  if (word === 'BY') return [{ text: '1', exact: false }, name, nothing];
  if (word === 'AS') return [name, PARAMETER];
  if (word === 'INTERVAL') return [{ text: "'1 day'", exact: true }];
  if (/^(SELECT|DISTINCT|RETURNING)$/.test(word))
    return [{ text: '*', exact: false }, { text: '1', exact: false }, nothing];
  if (/^(LIMIT|OFFSET|LIKE|ILIKE|BETWEEN)$/.test(word)) return [PARAMETER];
  if (/^(WHERE|AND|OR|ON|HAVING|NOT|WHEN)$/.test(word)) {
    const compared = /^\s*([=<>!~+\-*/%|@?]|(?:NOT\s+)?(?:IN|LIKE|ILIKE|IS|BETWEEN|ANY)\b)/i.test(after);
    return compared ? [name, PARAMETER] : [{ text: 'true', exact: false }, nothing, PARAMETER];
  }
  const alone = /(^|\n)[ \t]*$/.test(before) && /^[ \t]*(\n|$)/.test(after);
  const afterValue =
    /([\w"'`)\]*]|\$\d+)\s*$/.test(before) && !/^(THEN|ELSE|CASE|IS|ANY|ALL|RETURNS)$/.test(word);
  const optional = [
    nothing,
    { text: 'AND true', exact: false },
    { text: ', 1', exact: false },
    PARAMETER,
    name,
  ];
  if (alone || afterValue) return optional;
  return [PARAMETER, name, nothing];
}

/** A text for an unknown value. `exact`: it uses no column that stays unseen. */
export interface Filling {
  readonly text: string;
  readonly exact: boolean;
}

const PARAMETER: Filling = { text: '$1', exact: true };

/** The quote that is open at the end of a text of SQL. */
export function openQuote(text: string): string | undefined {
  let open: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charAt(at);
    if (open) {
      if (unit === open) open = undefined;
    } else if (unit === "'" || unit === '"' || unit === '`') open = unit;
    else if (unit === '-' && text.charAt(at + 1) === '-') {
      const end = text.indexOf('\n', at);
      if (end < 0) return undefined;
      at = end;
    }
  }
  return open;
}
