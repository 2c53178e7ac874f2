import { joined, type PlacedSql, plainText } from '../placed-sql.ts';
import { emit, notKnown } from '../run.ts';
import { expressed, needText, notSaid, valueSql } from '../said.ts';
import { type Host, native, type Site, type Template, unknown, type Value, whyNotKnown } from '../value.ts';
import { quoteName } from './quote.ts';

/** Kysely's `sql`: a tag for raw SQL, with makers of names and values. */
export function sqlTag(): Host {
  return {
    kind: 'host',
    name: 'sql',
    tag: rawOf,
    member: (name) => {
      if (name === 'raw') return maker(name, ([text], site) => raw(needText(text, 'its SQL'), site));
      if (name === 'ref' || name === 'table' || name === 'id')
        return maker(name, (args, site) =>
          raw(
            joined(
              args.map((one) => quoteName(needText(one, 'a name'), site.run.dialect)),
              '.',
            ),
            site,
          ),
        );
      if (name === 'lit' || name === 'val' || name === 'literal')
        return maker(name, ([value], site) => raw(literalOf(value, site), site));
      if (name === 'join')
        return maker(name, ([list, separator], site) => {
          if (list?.kind !== 'list') return unknown('it is joined of a list that is not known');
          const between =
            separator?.kind === 'host' && separator.expression ? plainText(separator.expression) : ', ';
          return raw(
            joined(
              list.items.map((one) => literalOf(one, site)),
              between,
            ),
            site,
          );
        });
      return undefined;
    },
  };
}

/** A part of SQL made by a call. */
function maker(name: string, make: (args: readonly Value[], site: Site) => Value): Value {
  return native(name, (args, site) => expressed(() => make(args, site)));
}

function literalOf(value: Value | undefined, { run }: Site): PlacedSql {
  return (
    (value && valueSql(value, run.dialect)) ??
    notSaid(`a value is not known: ${(value && whyNotKnown(value)) ?? 'it is left out'}`)
  );
}

function rawOf({ texts, values }: Template, site: Site): Value {
  const whole: PlacedSql[number][] = [];
  let why: string | undefined;
  for (const [index, text] of texts.entries()) {
    whole.push(...text);
    const value = values[index];
    if (!value) continue;
    const said = valueSql(value, site.run.dialect);
    if (!said) why ??= whyNotKnown(value) ?? 'it is put together at run time';
    whole.push(...(said ?? [{ text: 'NULL' }]));
  }
  return raw(whole, site, why);
}

/** Raw SQL: inside of other SQL, and run by `execute`. `why`: a part is not known. */
export function raw(text: PlacedSql, site: Site, why?: string): Host {
  const self: Host = {
    kind: 'host',
    name: 'raw SQL',
    ...(why === undefined ? { expression: text } : {}),
    member: (name) => {
      if (name === 'execute')
        return native(name, () => {
          if (why === undefined) emit(site, text);
          else
            notKnown(
              site,
              `its SQL is not known: ${why}`,
              /^\s*(insert|update|delete|select|with)\b/i.test(plainText(text)),
            );
          return {
            kind: 'object',
            fields: new Map<string, Value>([['rows', unknown('a query gives it')]]),
            open: 'a query gives it',
          };
        });
      return name === 'as' || name === '$castTo' || name === 'compile' || name === '$notNull'
        ? native(name, () => self)
        : undefined;
    },
  };
  return self;
}
