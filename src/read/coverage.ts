import type { Span } from '../change/span.ts';
import type { BoundUse } from './bind-uses.ts';
import type { LeftOut } from './chain.ts';
import type { ChainChange } from './chain-change.ts';
import type { CodeOfSide } from './code-of-change.ts';
import type { Unreadable } from './scan-files.ts';
import type { SqlSource } from './source.ts';
import { whyPassedOver } from './tool/passed-over.ts';
import { CHANGES } from './tool/speaking.ts';

/** A part of the change whose effect is not known, and why. */
type NotAnalysed = Span & {
  readonly reason: string;
  /** `unread`: it could not be read at all; `not modelled`: read, but its effect on the schema is not known. */
  readonly kind: 'unread' | 'not modelled';
};

/** What was read of a change, in numbers, and what was not. */
export interface Coverage {
  /** Changed files of SQL, and migrations in code. */
  readonly files: number;
  readonly statements: number;
  readonly analysed: number;
  /** Changed files of code. */
  readonly code: number;
  /** Uses of tables by code, in the files that were read. */
  readonly uses: number;
  /** Those of them whose table's name is not known. */
  readonly usesUnknown: number;
  readonly notAnalysed: readonly NotAnalysed[];
}

interface Counted {
  readonly path: string;
  readonly language: string;
  readonly status: string;
}

/** Counts head's side of a change. */
export function coverageOf(
  files: readonly Counted[],
  unreadable: readonly Unreadable[],
  sources: readonly SqlSource[],
  chains: readonly ChainChange[],
  said: CodeOfSide,
  notFollowed: readonly LeftOut[],
): Coverage {
  const notAnalysed: NotAnalysed[] = unreadable.map(({ path, reason, matters }) => ({
    ...whole(path, reason),
    kind: matters ? 'unread' : 'not modelled',
  }));
  const migrations = new Set(chains.flatMap((chain) => chain.migrations.map(({ source }) => source)));
  let statements = 0;
  for (const source of sources) {
    statements += source.statements.length;
    const isMigration = migrations.has(source);
    const isBlind = isMigration && source.statements.every(({ notSql }) => notSql === 'code');
    for (const statement of source.statements) {
      if (statement.unread)
        notAnalysed.push({ ...statement.unread.span, reason: statement.unread.message, kind: 'unread' });
      else if (statement.notModelled)
        notAnalysed.push({
          ...statement.span,
          reason: statement.notModelled,
          kind: isBlind || (statement.unparsed && isMigration) ? 'unread' : 'not modelled',
        });
    }
    for (const { span, what } of source.notSql)
      notAnalysed.push({ ...span, reason: `not SQL: ${what}`, kind: 'not modelled' });
  }
  const changed = new Set(files.filter((file) => file.status !== 'deleted').map((file) => file.path));
  for (const { head } of chains)
    for (const { path, reason } of head?.leftOut ?? [])
      if (changed.has(path)) notAnalysed.push(whole(path, reason));
  for (const { reason, span } of said.notRead)
    notAnalysed.push({ ...span, reason, kind: changed.has(span.path) ? 'unread' : 'not modelled' });
  for (const { path: folder, reason } of notFollowed)
    if (whyPassedOver(folder) === undefined)
      for (const path of changed)
        if (path === folder || (path.startsWith(`${folder}/`) && !IS_TEXT.test(path)))
          notAnalysed.push({ ...whole(path, reason), kind: 'not modelled' });
  const uses = said.queries.flatMap((query) => (query.callPath ? [] : query.tables));
  for (const span of unfollowed(uses, chains))
    if (changed.has(span.path) && !notAnalysed.some(({ path }) => path === span.path))
      notAnalysed.push({ ...span, reason: UNFOLLOWED, kind: 'unread' });
  const failed = sources.reduce((sum, source) => sum + source.statements.filter(isUnknown).length, 0);
  return {
    files: new Set([
      ...files.flatMap((file) => (file.language === 'sql' ? file.path : [])),
      ...sources.map(({ path }) => path),
    ]).size,
    statements,
    analysed: statements - failed,
    code: files.filter((file) => file.language === 'code' && file.status !== 'deleted').length,
    uses: uses.length,
    usesUnknown: uses.filter((use) => use.table === undefined).length,
    notAnalysed,
  };
}

const UNFOLLOWED = 'it changes the schema, and is a migration of no tool that is known here';
const BY_NAME = new RegExp(`(^|[/._-])(migrat\\w*|${CHANGES})([/._-]|$)`, 'i');

/** The first change of the schema in each file of code that calls itself a migration, and stands in no chain. */
function unfollowed(uses: readonly BoundUse[], chains: readonly ChainChange[]): readonly Span[] {
  const followed = new Set(chains.flatMap(({ head }) => head?.migrations.map(({ path }) => path) ?? []));
  const first = new Map<string, Span>();
  for (const { op, span } of uses) {
    const { path } = span;
    if (op !== 'ddl' || followed.has(path) || !BY_NAME.test(path) || /\.(test|spec)\.\w+$/.test(path))
      continue;
    if (whyPassedOver(path.slice(0, path.lastIndexOf('/'))) !== undefined) continue;
    const before = first.get(path);
    if (!before || span.line < before.line) first.set(path, span);
  }
  return [...first.values()];
}

/** Files in a folder of migrations that are none. */
const IS_TEXT = /\.(md|txt|json|ya?ml|toml|lock|sum)$/i;

function isUnknown(statement: SqlSource['statements'][number]): boolean {
  return statement.unread !== undefined || statement.notModelled !== undefined;
}

function whole(path: string, reason: string): NotAnalysed {
  return { path, line: 1, column: 1, endLine: 1, endColumn: 1, reason, kind: 'unread' };
}
