import { bindings } from '../bindings.ts';
import { emit, notKnown } from '../run.ts';
import { type Host, placedText, type Site, unknown, type Value, whyNotKnown } from '../value.ts';

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
      if (bound) emit(site, bound);
      else notKnown(site, `its SQL is not known: ${whyOf(text, given)}`, isRows(text));
      return unknown('a query gives it');
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

function whyOf(text: Value | undefined, given: Value | undefined): string {
  return (text && whyNotKnown(text)) ?? (given && whyNotKnown(given)) ?? 'it is put together at run time';
}

function isRows(text: Value | undefined): boolean {
  const written = text && placedText(text);
  return (
    written !== undefined &&
    /^\s*(insert|update|delete|select|with)\b/i.test(written.map((one) => one.text).join(''))
  );
}
