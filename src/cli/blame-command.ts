import { blameJson } from '../report/history/blame-json.ts';
import { blameText } from '../report/history/blame-text.ts';
import type { Blame, BlamedTable } from '../report/history/blamed-table.ts';
import { neverText } from '../report/history/history-text.ts';
import type { ToldChain, ToldEntry } from '../report/history/told-history.ts';
import { paintWith } from '../report/paint.ts';
import { tableName } from '../schema/lookup.ts';
import { partsOfTable, type TablePart } from '../schema/parts-of-table.ts';
import type { Schema } from '../schema/schema.ts';
import type { Request } from './arguments.ts';
import { openHistory } from './open-history.ts';
import { writeResult } from './output.ts';
import { tellHistory } from './tell-history.ts';
import { terminalOf } from './terminal.ts';

/** Writes each part of a table with the commit and the migration that last touched it. */
export async function blameCommand(request: Request): Promise<number> {
  const [asked = ''] = request.words;
  const { options } = request;
  const opened = await openHistory(request);
  const told = await tellHistory(opened, asked);
  const tables = told.chains.flatMap((one) => {
    const place = opened.history.chains.indexOf(one.chain);
    return blamedTables(one, opened.schemas.get(place));
  });
  const blame: Blame = { asked, at: told.at, tables };
  const { color } = terminalOf(process.stdout, options.output !== undefined);
  const paint = paintWith(color);
  if (tables.length > 0) {
    await writeResult(options, options.format === 'json' ? blameJson(blame) : blameText(blame, paint));
    return 0;
  }
  const isLater = told.chains.length === 0 && options.at !== undefined;
  const whole = isLater
    ? await tellHistory(await openHistory({ ...request, options: { ...options, at: undefined } }), asked)
    : told;
  const ofTable = whole.chains.flatMap(({ entries }) =>
    entries.filter(({ entry }) => entry.object === 'table'),
  );
  const made = ofTable.find(({ entry }) => entry.change === 'added')?.commit;
  const dropped = ofTable.findLast(({ entry }) => entry.change === 'removed')?.commit;
  const absent = { ...blame, ...(made ? { made } : {}), ...(dropped ? { dropped } : {}) };
  const text = made ? blameText(absent, paint) : `${neverText(whole)}\n`;
  await writeResult(options, options.format === 'json' ? blameJson(absent) : text);
  return 0;
}

/** Tables that stand at the end of the history; a table that lost its name to another stands too. */
function blamedTables(
  { chain, entries, uncertain }: ToldChain,
  schema: Schema | undefined,
): readonly BlamedTable[] {
  const ids = new Set(entries.flatMap(({ entry }) => entry.tableId ?? []));
  return [...ids].flatMap((id) => {
    const table = schema?.tables.get(id);
    if (!schema || !table) return [];
    const own = entries.filter(({ entry }) => entry.tableId === id);
    const parts = partsOfTable(schema, table).map((part) => {
      const { object, name, definition } = part;
      const last = own.findLast(({ entry }) => isAbout(entry, part));
      return { object, name, definition, ...(last ? { last } : {}) };
    });
    return [{ chain: chain.id, name: tableName(table), parts, uncertain }];
  });
}

function isAbout(entry: ToldEntry['entry'], { object, name, columnId }: TablePart): boolean {
  if (entry.object !== object) return false;
  return columnId === undefined ? entry.name === name : entry.columnId === columnId;
}
