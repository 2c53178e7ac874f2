import { bindings } from '../bindings.ts';
import { sendRaw } from '../raw-sql.ts';
import { type Host, placedText, type Site, unknown, type Value } from '../value.ts';

/** `knex.raw('…', […])`: SQL inside other SQL, and run where it is waited for. */
export function rawHost([text, given]: readonly Value[], site: Site): Host {
  const written = text && placedText(text);
  const bound = written && bindings(written, given, site.run.dialect);
  let pending = true;
  return {
    kind: 'host',
    name: 'knex.raw',
    ...(bound ? { expression: bound } : {}),
    isPending: () => pending,
    settle: () => {
      if (!pending) return unknown('a query gives it');
      pending = false;
      return sendRaw(site, text, given);
    },
    member: (name) =>
      name === 'toString' || name === 'toQuery' || name === 'wrap' || name === 'transacting'
        ? {
            kind: 'host',
            name,
            call: () => rawHost([text ?? unknown('it is left out'), ...(given ? [given] : [])], site),
          }
        : undefined,
  };
}
