import type { Node } from 'oxc-parser';
import type { ColumnRole, QueryColumn } from '../../query.ts';
import { tokensOf } from '../../sql/lex.ts';
import type { CodeModule } from '../module.ts';
import { type Part, partsOf, spanWithin } from '../text.ts';
import { type Modules, startTrail } from '../trail.ts';
import { columnInScope, type ScopeTable } from './column-scope.ts';

/** Columns that a text names, and whether it can name no others. */
export interface ColumnsNamed {
  readonly columns: readonly QueryColumn[];
  readonly complete: boolean;
}

/** Words of a condition that are no columns. */
const KEYWORD =
  /^(and|or|not|is|null|in|like|ilike|between|asc|desc|nulls|first|last|true|false|exists|any|all|some|case|when|then|else|end|as|distinct|interval|select|from|where|on|array|escape|collate|current_timestamp|current_date|cast|order|by|limit|group|join|left|inner|having|binary|using|filter|over|partition|to|separator|at|time|zone|epoch|similar|regexp|random|unnest)$/i;

/** The columns in a stretch of SQL that stands in a builder: `u.name = :name AND u.teamId IS NULL`. */
export function columnsOfCondition(
  module: CodeModule,
  expression: Node,
  scope: readonly ScopeTable[],
  role: ColumnRole,
  modules: Modules,
): ColumnsNamed {
  const parts = partsOf(module, expression, startTrail(modules));
  const columns: QueryColumn[] = [];
  let complete = parts.every((part) => part.kind === 'text');
  const text = parts.map((part) => (part.kind === 'text' ? part.text : ' ? ')).join('');
  if (/\bselect\b/i.test(text)) complete = false;
  const tokens = tokensOf(text.replace(PARAMETER, blank).replaceAll('`', '"'), 'postgres');
  const word = (at: number) => {
    const token = tokens[at];
    return token ? text.slice(token.start, token.end) : '';
  };
  for (let at = 0; at < tokens.length; at++) {
    const first = tokens[at];
    if (word(at) === '(' && /^(select|with|values)$/i.test(word(at + 1))) {
      at = closing(at, word, tokens.length); // names inside a subquery are of its own tables first
      continue;
    }
    if (first?.kind !== 'word' && first?.kind !== 'name') continue;
    const before = word(at - 1);
    let last = first;
    while (word(at + 1) === '.' && /^(word|name)$/.test(tokens[at + 2]?.kind ?? '')) {
      at += 2;
      last = tokens[at] ?? last;
    }
    const written = text.slice(first.start, last.end);
    const isCall = word(at + 1) === '(';
    if (isCall || /^(:|\.|@|\$|as)$/i.test(before) || (last === first && KEYWORD.test(written))) continue;
    const span = spanOf(parts, first.start, last.end) ?? module.span(expression);
    const column = columnInScope(written, scope, role, span);
    if (column) columns.push(column);
  }
  return { columns, complete };
}

/** The token that closes the parenthesis at a token, or the last one. */
function closing(from: number, word: (at: number) => string, count: number): number {
  let depth = 0;
  for (let at = from; at < count; at++) {
    if (word(at) === '(') depth++;
    else if (word(at) === ')' && --depth === 0) return at;
  }
  return count - 1;
}

/** Parameters as drivers name them: `:id`, `:...ids`, not the cast of `::text`. */
const PARAMETER = /(?<!:):(?:\.\.\.)?[A-Za-z_]\w*/g;

function blank(found: string): string {
  return '?'.padEnd(found.length);
}

/** Where a stretch of the whole text stands in the code. */
function spanOf(parts: readonly Part[], start: number, end: number) {
  let offset = 0;
  for (const part of parts) {
    const length = part.kind === 'text' ? part.text.length : 3;
    if (start < offset + length)
      return part.kind === 'text'
        ? spanWithin(part, start - offset, end - offset)
        : part.module.span(part.node);
    offset += length;
  }
  return undefined;
}
