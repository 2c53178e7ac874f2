import { nameText, type QualifiedName } from '../name.ts';
import type { Operation } from '../operation.ts';
import type { Column, UserType } from '../schema.ts';
import { setColumn } from './column.ts';
import { candidates, type Draft, homeOf, keyOf, setTable, setType } from './draft.ts';
import { removeColumn } from './drop-column.ts';
import { namesIn } from './expression.ts';
import { current, findRelation, missing, needFree, needFreeType } from './find.ts';
import { tablesMentioning } from './mentions.ts';
import { Refusal, stillReferenced } from './refusal.ts';
import { releaseRoutines } from './routine.ts';
import { resolveType, typeKey } from './type.ts';

type On<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

/** CREATE TYPE and DOMAIN. */
export function createType(draft: Draft, operation: On<'create-type'>): void {
  const { typeKind: kind, labels, baseType, checks, span } = operation;
  const schema = homeOf(draft, operation.type);
  const { name } = operation.type;
  needFreeType(draft, schema, name);
  if (kind === 'composite') needFree(draft, schema, name);
  for (const [i, label] of labels.entries()) {
    needLabel(draft, name, label);
    if (labels.indexOf(label) !== i)
      throw new Refusal('invalid definition', `enum label "${label}" of type "${name}" is given twice`, [
        name,
      ]);
  }
  const base = baseType && { baseType: resolveType(draft, baseType) };
  setType(draft, keyOf(draft, schema, name), {
    schema,
    name,
    kind,
    labels,
    ...base,
    ...(checks ? { checks } : {}),
    span,
  });
}

function needLabel(draft: Draft, type: string, label: string): void {
  if (draft.dialect === 'postgres' && Buffer.byteLength(label) > 63)
    throw new Refusal('invalid definition', `invalid enum label "${label}": labels have at most 63 bytes`, [
      type,
    ]);
}

function needType(
  draft: Draft,
  name: QualifiedName,
  dropping = false,
): { readonly key: string; readonly type: UserType } {
  for (const key of candidates(draft, name)) {
    const type = draft.types.get(key);
    if (type) return { key, type };
  }
  if (findRelation(draft, name)?.relation.kind === 'table')
    throw new Refusal(
      'wrong kind',
      `cannot ${dropping ? 'drop' : 'change'} type ${name.name} because table ${name.name} requires it`,
      [name.name],
    );
  throw missing(draft, 'no such type', 'type', name, dropping ? 'object' : undefined);
}

function needEnum(draft: Draft, name: QualifiedName): { readonly key: string; readonly type: UserType } {
  const found = needType(draft, name);
  if (found.type.kind !== 'enum')
    throw new Refusal('wrong kind', `${nameText(name)} is not an enum`, [name.name]);
  return found;
}

/** ALTER TYPE … ADD VALUE; a label that is there is skipped only with IF NOT EXISTS. */
export function addEnumValue(draft: Draft, { type: name, label, before, after }: On<'add-enum-value'>): void {
  const { key, type } = needEnum(draft, name);
  needLabel(draft, type.name, label);
  if (type.labels.includes(label))
    throw new Refusal('already exists', `enum label "${label}" already exists`, [type.name], 'object');
  const neighbour = before ?? after;
  if (neighbour !== undefined && !type.labels.includes(neighbour))
    throw new Refusal('no such label', `"${neighbour}" is not an existing enum label`, [type.name]);
  const at =
    neighbour === undefined
      ? type.labels.length
      : type.labels.indexOf(neighbour) + (after === undefined ? 0 : 1);
  setType(draft, key, { ...type, labels: type.labels.toSpliced(at, 0, label) });
}

/** ALTER TYPE … RENAME VALUE; defaults of that label follow. */
export function renameEnumValue(draft: Draft, { type: name, label, to }: On<'rename-enum-value'>): void {
  const { key, type } = needEnum(draft, name);
  if (!type.labels.includes(label))
    throw new Refusal('no such label', `"${label}" is not an existing enum label`, [type.name], 'object');
  if (type.labels.includes(to))
    throw new Refusal('already exists', `enum label "${to}" already exists`, [type.name]);
  needLabel(draft, type.name, to);
  setType(draft, key, { ...type, labels: type.labels.map((one) => (one === label ? to : one)) });
  const [from, into] = [label, to].map((text) => `'${text.replaceAll("'", "''")}'`);
  for (const { table, column } of usersOf(draft, type)) {
    if (from === undefined || into === undefined || !column.default?.startsWith(from)) continue;
    const changed = { ...column, default: into + column.default.slice(from.length) };
    const now = current(draft, table.id);
    const columns = now.columns.map((one) => (one.id === column.id ? changed : one));
    setTable(draft, table.id, { ...now, columns });
  }
}

/** Columns of the type or of arrays of it. */
function usersOf(draft: Draft, type: UserType) {
  const key = keyOf(draft, type.schema, type.name);
  return tablesMentioning(draft, `type ${type.name}`).flatMap((id) => {
    const table = current(draft, id);
    return table.columns.flatMap((column) =>
      typeKey(draft, column.type) === key ? [{ table, column }] : [],
    );
  });
}

/** Columns of another type whose default is still a value of this one: it was theirs before ALTER COLUMN … TYPE. */
function formerUsersOf(draft: Draft, type: UserType) {
  const key = keyOf(draft, type.schema, type.name);
  return [...draft.tables.values()].flatMap((table) =>
    table.columns.flatMap((column) =>
      column.default?.includes('::') &&
      typeKey(draft, column.type) !== key &&
      namesIn(column.default).casts.has(type.name)
        ? [{ table, column }]
        : [],
    ),
  );
}

/** ALTER TYPE … RENAME TO: columns and domains of that type follow. */
export function renameType(draft: Draft, operation: On<'rename-type'>): void {
  const { key, type } = needType(draft, operation.type);
  needFreeType(draft, type.schema, operation.to);
  const users = [...usersOf(draft, type), ...formerUsersOf(draft, type)];
  const domains = [...draft.types].filter(([, one]) => one.baseType && typeKey(draft, one.baseType) === key);
  setType(draft, key, undefined);
  const renamed = { ...type, name: operation.to };
  setType(draft, keyOf(draft, type.schema, operation.to), renamed);
  for (const { table, column } of users) {
    const now = current(draft, table.id);
    const columns = now.columns.map((one) =>
      one.id === column.id ? withType(draft, one, type, operation.to) : one,
    );
    setTable(draft, table.id, { ...now, columns });
  }
  for (const [other, domain] of domains)
    if (domain.baseType)
      setType(draft, other, { ...domain, baseType: { ...domain.baseType, name: operation.to } });
}

/** A column as it is once a type has another name, also in the casts of its default. */
function withType(draft: Draft, column: Column, type: UserType, to: string): Column {
  const names = [type.name, `"${type.name.replaceAll('"', '""')}"`];
  const value = column.default?.replace(/::\s*("(?:[^"]|"")*"|\w+)/g, (cast, name: string) =>
    names.includes(name) ? `::"${to.replaceAll('"', '""')}"` : cast,
  );
  const own = column.type.name === type.name && typeKey(draft, column.type) !== undefined;
  return {
    ...column,
    ...(own ? { type: { ...column.type, name: to } } : {}),
    ...(value === undefined ? {} : { default: value }),
  };
}

/** DROP TYPE; with CASCADE the columns, domains and functions of it go too. */
export function dropType(draft: Draft, operation: On<'drop-type'>): void {
  const { key } = needType(draft, operation.type, true);
  const along = new Set((operation.alongWith ?? []).flatMap((name) => findKey(draft, name) ?? []));
  removeType(draft, key, operation.cascade, along);
}

function findKey(draft: Draft, name: QualifiedName): string | undefined {
  return candidates(draft, name).find((key) => draft.types.has(key));
}

/** Takes a type away with what hangs on it; refuses without `cascade`. */
export function removeType(draft: Draft, key: string, cascade: boolean, along: ReadonlySet<string>): void {
  const type = draft.types.get(key);
  if (!type) return;
  const what = `type ${type.name}`;
  if (draft.dialect === 'postgres') {
    for (const { table, column } of usersOf(draft, type)) {
      const dependent = `column ${column.name} of table ${table.name} depends on ${what}`;
      if (!cascade) throw stillReferenced(what, dependent, [type.name, table.name]);
      removeColumn(draft, table.id, column, true);
    }
    for (const { table, column } of formerUsersOf(draft, type)) {
      const dependent = `default value for column ${column.name} of table ${table.name} depends on ${what}`;
      if (!cascade) throw stillReferenced(what, dependent, [type.name, table.name]);
      setColumn(draft, table.id, { ...column, default: undefined });
    }
    for (const [other, domain] of [...draft.types]) {
      if (!domain.baseType || typeKey(draft, domain.baseType) !== key || along.has(other)) continue;
      if (!cascade)
        throw stillReferenced(what, `type ${domain.name} depends on ${what}`, [type.name, domain.name]);
      removeType(draft, other, true, along);
    }
    releaseRoutines(draft, type, what, cascade);
  }
  setType(draft, key, undefined);
}
