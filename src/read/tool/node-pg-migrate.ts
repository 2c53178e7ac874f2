import { directed } from './directed.ts';
import { type Layout, marksAbove } from './layout.ts';
import { orderedFiles } from './ordered-files.ts';
import { byText, type Tool } from './tool.ts';

/**
 * `<time>_<name>.sql` with `-- Up Migration` and `-- Down Migration`, by time: 13 digits are milliseconds, 17 a time in UTC.
 * https://github.com/salsita/node-pg-migrate/blob/main/src/migration.ts and sqlMigration.ts
 */
export const nodePgMigrate: Tool = {
  name: 'node-pg-migrate',
  directive: /^\s*--[\s-]*(?:up|down)\s+migration\b/im,
  folders: (layout) =>
    [...layout.sql].flatMap(([folder, names]) =>
      names.some((name) => PATTERN.test(name)) && packages(layout, folder).length > 0 ? [folder] : [],
    ),
  markers: packages,
  draft(layout, folder, texts, named) {
    const uses = packages(layout, folder).some((path) => /"node-pg-migrate"\s*:/.test(texts.get(path) ?? ''));
    if (!uses && !named) return undefined;
    return {
      ...orderedFiles(layout, folder, {
        pattern: PATTERN,
        otherwise: 'node-pg-migrate cannot tell its time: it takes files named <time>_<name>.sql',
        compare: (a, b) => timeOf(a.order) - timeOf(b.order) || byText(a.name, b.name),
      }),
      dialect: { word: { dialect: 'postgres' }, reason: 'node-pg-migrate is for Postgres' },
      prelude: () => LEDGER,
      transactional: () => true,
    };
  },
  notation: (text, dialect) => (UP.test(text) ? both : onlyUp)(text, dialect),
};

/** Its own ledger. */
export const LEDGER =
  'CREATE TABLE pgmigrations (id SERIAL PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL);';

const PATTERN = /^(\d+)_.*\.sql$/;
const UP = /^\s*--[\s-]*up\s+migration/im;
const DOWN_LINE = /^\s*--[\s-]*down\s+migration/i;

const both = directed({ up: /^\s*--[\s-]*up\s+migration/i, down: DOWN_LINE });
const onlyUp = directed({ down: DOWN_LINE });

function packages(layout: Layout, folder: string): readonly string[] {
  return marksAbove(layout, folder, 'package.json');
}

/** What a file's digits say: a time in UTC, or milliseconds. */
export function timeOf(digits: string): number {
  const utc = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})$/.exec(digits);
  if (!utc) return Number(digits);
  const [year, month, day, hour, minute, second, ms] = utc.slice(1).map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second, ms);
}
