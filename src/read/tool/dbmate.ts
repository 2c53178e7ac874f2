import { type Forward, linesOf, onlyPlaces } from './notation.ts';
import { orderedFiles } from './ordered-files.ts';
import { byText, type Tool } from './tool.ts';

/**
 * `<digits><anything>.sql` with `-- migrate:up` and `-- migrate:down`, in the order of the names.
 * https://github.com/amacneil/dbmate/blob/main/pkg/dbmate/migration.go and db.go, FindMigrations
 */
export const dbmate: Tool = {
  name: 'dbmate',
  directive: /^--\s*migrate:up\b/m,
  folders: () => [],
  markers: () => [],
  draft: (layout, folder) => ({
    ...orderedFiles(layout, folder, {
      pattern: /^(\d+).*\.sql$/,
      otherwise: 'not run: dbmate runs only files whose names begin with digits',
      compare: (a, b) => byText(a.path, b.path),
    }),
    prelude: (dialect) =>
      `CREATE TABLE schema_migrations (version ${dialect === 'postgres' ? 'varchar' : 'varchar(128)'} PRIMARY KEY);`,
    transactional: (dialect) => dialect !== 'mysql',
  }),
  notation,
};

const UP = /^--\s*migrate:up(?:\s*$|\s+(\S.*))/;
const DOWN = /^--\s*migrate:down(\s*$|\s+\S+$)/;

function notation(text: string): Forward {
  const lines = linesOf(text);
  const up = lines.findIndex((line) => UP.test(line.text));
  const down = lines.findIndex((line) => DOWN.test(line.text));
  const opening = lines[up];
  const closing = lines[down];
  const [first] = lines;
  if (!first || text.trim() === '') return { text };
  if (!opening) return refusal(text, first, 'there is no -- migrate:up');
  if (!closing) return refusal(text, opening, 'there is no -- migrate:down');
  if (down < up) return refusal(text, closing, '-- migrate:down before -- migrate:up');
  const early = lines.slice(0, up).find((line) => !/^\s*(--|$)/.test(line.text));
  if (early) return refusal(text, early, 'SQL before -- migrate:up');
  const alone = /(^|\s)transaction:false(\s|$)/.test(UP.exec(opening.text)?.[1] ?? '');
  return {
    text: onlyPlaces(text, [{ start: opening.end, end: closing.start }]),
    ...(alone ? { transactional: false } : {}),
  };
}

/** dbmate stops before it runs anything of such a file. */
function refusal(text: string, at: { readonly start: number; readonly end: number }, why: string): Forward {
  const { start, end } = at;
  return { text: onlyPlaces(text, []), refused: { start, end, message: `dbmate stops here: ${why}` } };
}
