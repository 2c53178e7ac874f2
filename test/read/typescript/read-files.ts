import { openCache } from '../../../src/cache/cache.ts';
import { treeOfTexts } from '../../../src/change/from-texts.ts';
import type { Span } from '../../../src/change/span.ts';
import type { Model, Query } from '../../../src/read/query.ts';
import { openCodeReader } from '../../../src/read/typescript/read-code.ts';
import { openShelf } from '../../../src/read/typescript/shelf.ts';
import { nameText } from '../../../src/schema/name.ts';

type Texts = Readonly<Record<string, string>>;

/** What files of code say, in short lines that end with the very text at each place. */
export interface Said {
  /** `read users: a.ts:3 users`, `update ? (it is a parameter): …`, and `read users via import: …` where it was followed. */
  readonly tables: readonly string[];
  /** `filter users.email: a.ts:3 email`. */
  readonly columns: readonly string[];
  /** `users as Users: id uuid not null, email text`. */
  readonly models: readonly string[];
  readonly queries: readonly Query[];
  /** Why files were not read. */
  readonly notRead: readonly string[];
}

/** Reads the given files as those of one tree. */
export async function readFiles(texts: Texts): Promise<Said> {
  const tree = treeOfTexts('head', new Map(Object.entries(texts)));
  const facts = await openCodeReader(tree, openCache(undefined), openShelf()).read(Object.keys(texts));
  const queries = [...facts.values()].flatMap((one) => one.queries);
  const models = [...facts.values()].flatMap((one) => one.models);
  const covered = ({ path, line, column, endLine, endColumn }: Span): string => {
    const lines = (texts[path] ?? '').split('\n').slice(line - 1, endLine);
    const cut = lines.map((text, index) =>
      index === lines.length - 1 ? text.slice(0, endColumn - 1) : text,
    );
    return `${path}:${line} ${cut.map((text, index) => (index === 0 ? text.slice(column - 1) : text)).join('⏎')}`;
  };
  return {
    queries,
    tables: queries.flatMap((query) =>
      query.tables.map(({ table, whyUnresolved, op, span, resolvedBy }) => {
        const via = resolvedBy === 'literal' ? '' : ` via ${resolvedBy}`;
        return `${op} ${table ? nameText(table) : `? (${whyUnresolved})`}${via}: ${covered(span)}`;
      }),
    ),
    columns: queries.flatMap((query) =>
      query.columns.map(
        ({ tables, column, role, span }) =>
          `${role} ${tables.map(nameText).join('|')}.${column}: ${covered(span)}`,
      ),
    ),
    models: models.map(toLine),
    notRead: [...facts.values()].flatMap((one) => one.notRead?.reason ?? []),
  };
}

function toLine({ name, table, columns }: Model): string {
  const shown = columns.map((one) => {
    const called = one.name === one.column ? one.column : `${one.column} (${one.name})`;
    return `${called} ${one.type ?? '?'}${one.nullable === false ? ' not null' : ''}`;
  });
  return `${nameText(table)} as ${name}: ${shown.join(', ')}`;
}
