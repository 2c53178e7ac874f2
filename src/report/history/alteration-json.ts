import type { Alteration } from '../../schema/alterations.ts';

/** An alteration as JSON, as the published schemas describe it. */
export function alterationJson(one: Alteration) {
  const { change, object, table, name, formerName, before, after, whole, span } = one;
  return {
    ...{ change, object },
    ...(table === undefined ? {} : { table }),
    name,
    ...(formerName === undefined ? {} : { formerName }),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(whole ? { withTable: true } : {}),
    ...{ path: span.path, line: span.line, endLine: span.endLine },
  };
}
