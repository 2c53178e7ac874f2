import type { Tree } from '../../change/change-set.ts';
import { globRegex } from '../../change/glob.ts';
import { FORMAT, markerOf, toMarkdown } from '../../schema/document/markdown.ts';
import { tableName } from '../../schema/lookup.ts';
import type { Schema } from '../../schema/schema.ts';
import { loadSqlReader } from '../sql/read-sql.ts';
import { compareDocument, tableMeant } from './compare-document.ts';
import type { DocumentDifference } from './document.ts';
import { readDocument } from './read-document.ts';

/** Where the documents that the configuration names and the schemas of one side differ. */
export async function readDocuments(
  named: readonly string[],
  tree: Tree,
  schemas: readonly Schema[],
): Promise<readonly DocumentDifference[]> {
  if (schemas.length === 0) return [];
  const patterns = named.map((one) => new RegExp(globRegex(one)));
  const paths = [...(await tree.entries()).keys()].filter((path) => patterns.some((one) => one.test(path)));
  for (const { dialect } of schemas) await loadSqlReader(dialect);
  const texts = await tree.read(paths);
  return paths.toSorted().flatMap((path) => {
    const text = texts.get(path)?.text;
    return text === undefined ? [] : differencesOf(path, text, schemas);
  });
}

function differencesOf(
  path: string,
  text: string,
  schemas: readonly Schema[],
): readonly DocumentDifference[] {
  const marker = markerOf(text);
  if (marker) {
    const schema = schemas.find(({ chain }) => chain === marker.chain);
    // what a later Tablewarden wrote cannot be judged by this one
    return schema && marker.format <= FORMAT ? compareWritten(path, text, schema) : [];
  }
  // of several databases the one that a document speaks of most
  const [best] = schemas
    .map((schema) => {
      const described = readDocument(path, text, schema.dialect);
      return { schema, described, known: described.filter(({ name }) => tableMeant(schema, name)).length };
    })
    .toSorted((a, b) => b.known - a.known);
  return best ? compareDocument(path, best.described, best.schema) : [];
}

/** A document that the command wrote must be what it writes now, byte for byte but for the ends of lines. */
function compareWritten(path: string, text: string, schema: Schema): readonly DocumentDifference[] {
  const now = toMarkdown(schema);
  const was = text.replace(/^\uFEFF/, '').replace(/\r\n/g, '\n');
  if (was === now) return [];
  const before = sectionsOf(was);
  const after = sectionsOf(now);
  const differing = new Set([...after].flatMap(([name, body]) => (before.get(name) === body ? [] : name)));
  const table = [...schema.tables.values()].find((one) => differing.has(`\`${tableName(one)}\``));
  return [
    {
      document: path,
      chain: schema.chain,
      ...(table ? { tableId: table.id } : {}),
      table: table ? tableName(table) : 'the schema',
      columns: [],
      says: 'is not what the migrations make now',
      command: `npx tablewarden schema ${forShell(schema.chain)} --format markdown --output ${forShell(path)}`,
      span: { path, line: 1, column: 1, endLine: 1, endColumn: 1 },
    },
  ];
}

/** The sections of a document by their headings. */
function sectionsOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(/^## /m).map((section) => {
      const [title = '', ...rest] = section.split('\n');
      return [title, rest.join('\n').trim()];
    }),
  );
}

function forShell(word: string): string {
  return /^[\w./@+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
