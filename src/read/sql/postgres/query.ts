import type { Span } from '../../../change/span.ts';
import type { QualifiedName } from '../../../schema/name.ts';
import type { QueryDefinition } from '../../../schema/operation.ts';
import type { TableUse } from '../../source.ts';
import type { Reading } from '../reading.ts';
import { outputsOf } from './output.ts';
import type { Tree } from './tree.ts';

/** What a statement names: tables, columns and functions, wherever in its tree they stand. */
export interface Named {
  readonly tables: readonly (QualifiedName & { readonly at: number })[];
  /** Tables and views without common table expressions. */
  readonly columns: readonly (readonly string[])[];
  readonly calls: readonly string[];
}

/** Walks a tree without recursion: hostile input nests thousands deep. */
export function namedIn(root: unknown): Named {
  const tables: (QualifiedName & { at: number })[] = [];
  const columns: string[][] = [];
  const calls = new Set<string>();
  const withNames = new Set<string>();
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const node = stack.pop();
    if (Array.isArray(node)) {
      pushNodes(stack, node);
      continue;
    }
    if (typeof node !== 'object' || node === null) continue;
    const tree = node as Tree; // the parser's tree is plain JSON
    if (typeof tree.relname === 'string' && 'inh' in tree)
      tables.push({ ...qualified(tree.schemaname, tree.relname), at: Number(tree.location ?? 0) });
    if (typeof tree.ctename === 'string') withNames.add(tree.ctename);
    if (Array.isArray(tree.funcname)) calls.add(texts(tree.funcname).join('.').toLowerCase());
    if ('ColumnRef' in tree) columns.push(texts((tree.ColumnRef as Tree).fields));
    pushNodes(stack, Object.values(tree));
  }
  return {
    tables: tables.filter((table) => table.schema !== undefined || !withNames.has(table.name)),
    columns,
    calls: [...calls],
  };
}

/** The first comes to lie on top. */
function pushNodes(stack: unknown[], children: readonly unknown[]): void {
  for (let i = children.length - 1; i >= 0; i--) if (typeof children[i] === 'object') stack.push(children[i]);
}

function qualified(schema: unknown, name: string): QualifiedName {
  return typeof schema === 'string' && schema ? { schema, name } : { name };
}

function texts(nodes: unknown): string[] {
  if (!Array.isArray(nodes)) return [];
  return nodes.flatMap((node: Tree) => {
    const text = node.String as Tree | undefined;
    return typeof text?.sval === 'string' ? [text.sval] : [];
  });
}

/** Columns that an expression names, each once. */
export function columnsIn(root: unknown): readonly string[] {
  return [...new Set(namedIn(root).columns.flatMap((parts) => parts.at(-1) ?? []))];
}

/** Uses of the tables in a tree, all of one kind. */
export function usesIn(reading: Reading, root: unknown, op: TableUse['op']): readonly TableUse[] {
  return namedIn(root).tables.map((table) => useOf(reading, table, table.at, op));
}

/** A use whose name stands at a byte offset. */
export function useOf(reading: Reading, table: QualifiedName, at: number, op: TableUse['op']): TableUse {
  const { schema, name } = table;
  return { table: schema ? { schema, name } : { name }, op, span: nameSpan(reading, at) };
}

/** The span of a possibly qualified name at a byte offset. */
export function nameSpan(reading: Reading, at: number): Span {
  const start = reading.offset(at);
  const match = /^("([^"]|"")*"|[\w$\u0080-\uffff]+)(\s*\.\s*("([^"]|"")*"|[\w$\u0080-\uffff]+))*/.exec(
    reading.text.slice(start, start + 400),
  );
  return reading.span(start, start + (match?.[0].length ?? 0));
}

/** The query of a view or CREATE TABLE AS, by what it names; `columns` are names that CREATE itself gives to the first outputs. */
export function queryDefinition(
  text: string,
  root: unknown,
  columns: readonly string[] = [],
): QueryDefinition {
  const named = namedIn(root);
  const outputs = outputsOf(root);
  return {
    text,
    relations: named.tables.map(({ schema, name }) => (schema ? { schema, name } : { name })),
    columns: named.columns.flatMap((parts) => {
      const column = parts.at(-1);
      if (column === undefined) return [];
      const relation = parts.length > 1 ? qualified(parts.at(-3), parts.at(-2) ?? '') : undefined;
      return [relation ? { relation, column } : { column }];
    }),
    outputs: outputs?.map((one, at) => ({ ...one, name: columns[at] ?? one.name })),
  };
}
