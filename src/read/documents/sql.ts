import { nameText, type TypeName, typeText } from '../../schema/name.ts';
import type { Operation } from '../../schema/operation.ts';
import { readText } from '../sql/read-sql.ts';
import type { DescribedTable } from './document.ts';
import type { Lines } from './read-document.ts';

/** The tables that a block of SQL makes, and the columns that it adds. What cannot be read says nothing. */
export function describedBySql(block: Lines): readonly DescribedTable[] {
  const text = block.lines.join('\n');
  const starts = [0];
  for (const line of block.lines) starts.push((starts.at(-1) ?? 0) + line.length + 1);
  const at = (offset: number) => {
    const line = Math.max(
      0,
      starts.findLastIndex((start) => start <= offset),
    );
    return { line, column: offset - (starts[line] ?? 0) };
  };
  const span = (start: number, end: number) => {
    const [from, to] = [at(start), at(end)];
    const first = block.span(from.line, from.column, from.column);
    const last = block.span(to.line, to.column, to.column);
    return { ...first, endLine: last.line, endColumn: last.column };
  };
  const { statements } = readText(text, block.dialect, span);
  return statements.flatMap(({ operations }) => operations.flatMap(describedBy));
}

function describedBy(operation: Operation): readonly DescribedTable[] {
  if (operation.kind === 'create-table') {
    const columns = operation.columns.map(({ name, type, span }) => ({ name, type: written(type), span }));
    const isWhole = !operation.partitionOf && !operation.inherits && !operation.like && !operation.temporary;
    return [
      { name: operation.table, columns, ...(isWhole ? { isDefinition: true } : {}), span: operation.span },
    ];
  }
  if (operation.kind !== 'add-column') return [];
  const { name, type, span } = operation.column;
  return [{ name: operation.table, columns: [{ name, type: written(type), span }], span: operation.span }];
}

function written(type: TypeName): string {
  return /[A-Z]/.test(type.name)
    ? `"${nameText({ name: type.name })}"`
    : typeText({ ...type, schema: undefined });
}
