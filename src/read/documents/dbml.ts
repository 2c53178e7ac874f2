import type { DescribedColumn, DescribedTable } from './document.ts';
import type { Lines } from './read-document.ts';

const TABLE = /^\s*table\s+(?:"?([\w$]+)"?\s*\.\s*)?"?([\w$]+)"?[^{]*\{\s*$/i;
const COLUMN = /^(\s*)"?([\w$]+)"?\s+("[^"]+"|[\w.]+(?:\s*\([^)]*\))?(?:\[\])*)/;

/** The tables of DBML: https://dbml.dbdiagram.io/docs */
export function describedByDbml(block: Lines): readonly DescribedTable[] {
  const found: DescribedTable[] = [];
  block.lines.forEach((line, index) => {
    const table = TABLE.exec(line);
    if (!table) return;
    const columns: DescribedColumn[] = [];
    let depth = 0;
    for (let at = index + 1; at < block.lines.length; at++) {
      const text = block.lines[at] ?? '';
      if (depth === 0 && /^\s*\}/.test(text)) break;
      const isNested = depth > 0 || /^\s*(note|indexes|checks)\b[^[]*[{:]/i.test(text);
      depth += (text.match(/\{/g)?.length ?? 0) - (text.match(/\}/g)?.length ?? 0);
      const [, indent = '', name, type] = isNested || /^\s*\/\//.test(text) ? [] : (COLUMN.exec(text) ?? []);
      if (name !== undefined)
        columns.push({
          name,
          type: type?.replaceAll('"', ''),
          span: block.span(at, indent.length, text.length),
        });
    }
    const [, schema, name = ''] = table;
    if (columns.length > 0)
      found.push({
        name: schema === undefined ? { name } : { schema, name },
        columns,
        span: block.span(index),
      });
  });
  return found;
}
