import { bindings } from './bindings.ts';
import { catalogRows } from './catalog-query.ts';
import { plainText } from './placed-sql.ts';
import { emit, notKnown } from './run.ts';
import { placedText, type Site, unknown, type Value, whyNotKnown } from './value.ts';

/** Sends SQL that is written out, with values in its placeholders; where a part is not known, that is said. */
export function sendRaw(site: Site, text: Value | undefined, given: Value | undefined): Value {
  const written = text && placedText(text);
  const rows = written && catalogRows(written, given, site);
  if (rows) return rows;
  const bound = written && bindings(written, given, site.run.dialect);
  if (bound) emit(site, bound);
  else {
    const why =
      (text && whyNotKnown(text)) ?? (given && whyNotKnown(given)) ?? 'it is put together at run time';
    const start = written ? plainText(written) : text?.kind === 'unknown' ? text.start : undefined;
    notKnown(site, `its SQL is not known: ${why}`, isOfRows(start ?? ''));
  }
  return unknown('a query gives it');
}

function isOfRows(text: string): boolean {
  return /^\s*(insert|update|delete|select|with)\b/i.test(text);
}
