import type { DescribedColumn, DescribedTable } from './document.ts';
import type { Lines } from './read-document.ts';

const ENTITY = /^\s*(?:"([^"]+)"|([\p{L}\p{N}_.-]+))(?:\[[^\]]*\])?\s*\{\s*$/u;
const ATTRIBUTE = /^(\s*)([\p{L}\p{N}_()[\].-]+)\s+(\*?[\p{L}\p{N}_[\]()-]+)/u;

/** The entities of an `erDiagram` that show their attributes. */
export function describedByMermaid(block: Lines): readonly DescribedTable[] {
  if (!block.lines.some((line) => /^\s*erDiagram\b/.test(line))) return [];
  const found: DescribedTable[] = [];
  block.lines.forEach((line, index) => {
    const entity = ENTITY.exec(line);
    if (!entity) return;
    const columns: DescribedColumn[] = [];
    for (let at = index + 1; at < block.lines.length && !/^\s*\}/.test(block.lines[at] ?? ''); at++) {
      const [, indent = '', type = '', name] = ATTRIBUTE.exec(block.lines[at] ?? '') ?? [];
      if (name === undefined) continue;
      // the grammar has no blanks: `double_precision`
      const spoken = type
        .replace(/^(double|character|timestamp|time|bigint|int|smallint)_(?=[a-z])/, '$1 ')
        .replaceAll('_time_zone', ' time zone');
      columns.push({
        name: name.replace(/^\*/, ''),
        type: spoken,
        span: block.span(at, indent.length, (block.lines[at] ?? '').length),
      });
    }
    const [schema, own] = (entity[1] ?? entity[2] ?? '').split('.');
    if (columns.length === 0 || schema === undefined) return;
    found.push({
      name: own === undefined ? { name: schema } : { schema, name: own },
      columns,
      span: block.span(index),
    });
  });
  return found;
}
