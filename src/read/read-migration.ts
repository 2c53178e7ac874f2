import { lineStarts, toSpan } from '../change/span.ts';
import type { Chain } from './chain.ts';
import type { SqlSource, Statement } from './source.ts';
import { inDefaultSchema } from './sql/in-default-schema.ts';
import { readSql } from './sql/read-sql.ts';
import type { Forward } from './tool/notation.ts';
import { toolNamed } from './tool/tools.ts';

/**
 * Reads what a chain's tool runs of a file going up: parts that lead back, and changesets for another database, are left out.
 * Call `loadSqlReader` first.
 */
export function readMigration(chain: Pick<Chain, 'tool' | 'dialect'>, path: string, text: string): SqlSource {
  const notation = toolNamed(chain.tool)?.notation;
  if (!notation) return readSql(path, inDefaultSchema(text), chain.dialect);
  const forward = notation(text, chain.dialect);
  const source = readSql(path, inDefaultSchema(forward.text), chain.dialect);
  const { transactional, refused } = forward;
  return {
    ...source,
    ...(transactional === undefined ? {} : { transactional }),
    ...(refused ? { statements: [refusal(path, text, refused), ...source.statements] } : {}),
  };
}

/** What the tool itself refuses, as a statement that could not be read. */
function refusal(
  path: string,
  text: string,
  { start, end, message }: NonNullable<Forward['refused']>,
): Statement {
  const span = toSpan(path, lineStarts(text), start, Math.min(end, text.length));
  return {
    span,
    text: text.slice(start, end),
    operations: [],
    uses: [],
    calls: [],
    unread: { message, span },
  };
}
