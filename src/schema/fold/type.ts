import { nameText, type QualifiedName, type TypeName } from '../name.ts';
import type { UserType } from '../schema.ts';
import { candidates, type Draft, defaultSchema, keyOf, noSchema } from './draft.ts';
import { bringsType, hasUnknownExtension } from './extension.ts';
import { Refusal } from './refusal.ts';
import { taint } from './taint.ts';

const BUILT_IN = new Set(
  `smallint integer bigint numeric real double|precision money boolean text varchar char name bytea uuid json jsonb xml
   date time timetz timestamp timestamptz interval inet cidr macaddr macaddr8 bit varbit point line lseg box path polygon
   circle tsvector tsquery gtsvector oid regclass regtype regproc regprocedure regrole regnamespace regconfig regdictionary
   regoper regoperator regcollation int4range int8range numrange daterange tsrange tstzrange int4multirange int8multirange
   nummultirange datemultirange tsmultirange tstzmultirange pg_lsn txid_snapshot pg_snapshot xid xid8 cid tid jsonpath
   int2vector oidvector refcursor smallserial serial bigserial aclitem unknown int2 int4 int8 float4 float8 bool bpchar`
    .split(/\s+/)
    .map((name) => name.replace('|', ' ')),
);

/** Types of arguments and results only: no column can have them. */
const PSEUDO = new Set(
  `record void trigger event_trigger any anyelement anyarray anynonarray anyenum anyrange anymultirange anycompatible
   anycompatiblearray cstring internal language_handler fdw_handler`.split(/\s+/),
);

/** Whether the name is one of PostgreSQL's own types. */
export function isBuiltIn(type: TypeName): boolean {
  return type.schema === undefined && BUILT_IN.has(type.name);
}

/**
 * The type as the schema keeps it: a user's type of another schema than the default one with that schema. Refuses a type
 * that is neither built in, nor made by the chain, nor brought by one of its extensions.
 */
export function resolveType(draft: Draft, type: TypeName): TypeName {
  if (draft.dialect !== 'postgres' || isBuiltIn(type)) return type;
  const found = findType(draft, type) ?? rowType(draft, type);
  if (found) return named(draft, type, found);
  if (bringsType(draft, type.name) || isArrayName(draft, type)) return type;
  if (type.schema === 'information_schema') return type;
  if (type.schema === undefined && PSEUDO.has(type.name))
    throw new Refusal('invalid definition', `column has pseudo-type ${type.name}`, []);
  if (hasUnknownExtension(draft)) {
    taint(draft, [type.name], 'the type may come from an extension that is not modelled');
    return type;
  }
  if (type.schema !== undefined && !draft.schemas.has(type.schema)) throw noSchema(type.schema);
  throw new Refusal('no such type', `type "${nameText(type)}" does not exist`, [type.name]);
}

function named(draft: Draft, type: TypeName, found: QualifiedName & { readonly schema: string }): TypeName {
  const { arguments: args, dimensions } = type;
  const plain = found.schema === defaultSchema(draft.dialect) && !BUILT_IN.has(found.name);
  return { ...(plain ? {} : { schema: found.schema }), name: found.name, arguments: args, dimensions };
}

/** PostgreSQL calls the array of `mood` also `_mood`. */
function isArrayName(draft: Draft, type: TypeName): boolean {
  if (!type.name.startsWith('_')) return false;
  const element = { ...type, name: type.name.slice(1) };
  return (
    isBuiltIn(element) || findType(draft, element) !== undefined || rowType(draft, element) !== undefined
  );
}

/** The user's type of that name. */
export function findType(draft: Draft, name: QualifiedName): UserType | undefined {
  for (const key of candidates(draft, name)) {
    const type = draft.types.get(key);
    if (type) return type;
  }
  return undefined;
}

/** Every table and view is a type of its rows. */
function rowType(
  draft: Draft,
  name: QualifiedName,
): (QualifiedName & { readonly schema: string }) | undefined {
  for (const key of candidates(draft, name)) {
    const relation = draft.relations.get(key);
    if (relation?.kind === 'table') return draft.tables.get(relation.id);
    if (relation?.kind === 'view') return draft.views.get(key);
  }
  return undefined;
}

/** The key of the user's type that a column's type is; undefined for built-in ones. */
export function typeKey(draft: Draft, type: TypeName): string | undefined {
  if (isBuiltIn(type)) return undefined;
  return keyOf(draft, type.schema ?? defaultSchema(draft.dialect), type.name);
}

/** The type that values of it have: a domain is the type under it, however deep. */
export function underlying(draft: Draft, type: TypeName): TypeName {
  let now = type;
  for (let depth = 0; depth < 20; depth++) {
    const key = typeKey(draft, now);
    const base = key === undefined ? undefined : draft.types.get(key)?.baseType;
    if (!base) return now;
    now = { ...base, dimensions: base.dimensions + now.dimensions };
  }
  return now;
}
