import { factsSql } from './facts-sql.ts';

/** A table of the vocabulary, as `facts.sql` declares it. */
interface FactTable {
  /** `head.tables`, `change.operations`. */
  readonly name: string;
  readonly comment: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly comment: string }[];
  /** The statement that creates it, without comments. */
  readonly sql: string;
}

/** The vocabulary of rules: its tables, and the statements that make everything else (schemas, macros). */
export interface Vocabulary {
  readonly tables: ReadonlyMap<string, FactTable>;
  readonly schemas: readonly string[];
  readonly macros: readonly string[];
}

let parsed: Vocabulary | undefined;

/** Reads `facts.sql` once; tables of `head` are there again as tables of `base`. */
export function vocabulary(): Vocabulary {
  parsed ??= parseVocabulary(factsSql);
  return parsed;
}

const BLOCK = /((?:^--.*\n)*)^(CREATE (SCHEMA|TABLE|VIEW|MACRO) [\s\S]*?);$/gm;

function parseVocabulary(text: string): Vocabulary {
  const tables = new Map<string, FactTable>();
  const schemas: string[] = [];
  const macros: string[] = [];
  for (const [, comments = '', statement = '', kind] of text.matchAll(BLOCK)) {
    const sql = statement.replace(/\s*--.*$/gm, '');
    if (kind === 'SCHEMA') schemas.push(sql);
    else if (kind === 'MACRO') macros.push(sql);
    else {
      const table = parseTable(statement, sql, comments);
      tables.set(table.name, table);
      const base = table.name.replace(/^head\./, 'base.');
      if (base !== table.name)
        tables.set(base, { ...table, name: base, sql: sql.replace(' head.', ' base.') });
    }
  }
  return { tables, schemas, macros };
}

function parseTable(statement: string, sql: string, comments: string): FactTable {
  const name = /^CREATE \w+ (\S+)/.exec(statement)?.[1] ?? '';
  const columns = [...statement.matchAll(/^ {2}(\w+)(?: ([A-Z]+(?:\[\])?))?,? +-- (.*)$/gm)];
  return {
    name,
    comment: comments.replace(/^-- ?/gm, '').trim().replaceAll('\n', ' '),
    columns: columns.map(([, column = '', type = '', comment = '']) => ({ name: column, type, comment })),
    sql,
  };
}
