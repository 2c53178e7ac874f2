import type { Blame } from './blamed-table.ts';
import { commitJson } from './history-json.ts';

/** The parts of a table with what last touched each, as JSON: `history.schema.json` describes it. */
export function blameJson({ asked, at, tables, made, dropped }: Blame): string {
  const document = {
    ...{ asked, at },
    tables: tables.map(({ chain, name, parts, uncertain }) => ({
      ...{ chain, name },
      parts: parts.map(({ object, name: part, definition, last }) => ({
        ...{ object, name: part, definition },
        ...(last
          ? {
              path: last.entry.span.path,
              line: last.entry.span.line,
              change: last.entry.change,
              commit: commitJson(last.commit),
            }
          : {}),
      })),
      uncertain,
    })),
    ...(made ? { made: commitJson(made) } : {}),
    ...(dropped ? { dropped: commitJson(dropped) } : {}),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
