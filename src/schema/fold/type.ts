import { nameText, type QualifiedName, type TypeName } from '../name.ts';
import type { UserType } from '../schema.ts';
import { candidates, type Draft, Refusal } from './draft.ts';

const BUILT_IN = new Set(
  `smallint integer bigint numeric real double|precision money boolean text varchar char name bytea uuid json jsonb xml
   date time timetz timestamp timestamptz interval inet cidr macaddr macaddr8 bit varbit point line lseg box path polygon
   circle tsvector tsquery oid regclass regtype regproc regprocedure regrole regnamespace regconfig regdictionary regoper
   regoperator int4range int8range numrange daterange tsrange tstzrange int4multirange int8multirange nummultirange
   datemultirange tsmultirange tstzmultirange pg_lsn txid_snapshot pg_snapshot xid xid8 cid tid jsonpath record void trigger
   anyelement anyarray int2vector oidvector refcursor smallserial serial bigserial aclitem unknown any anynonarray anyenum
   event_trigger`
    .split(/\s+/)
    .map((name) => name.replace('|', ' ')),
);

/** Types that extensions bring. */
const OF_EXTENSION: Readonly<Record<string, readonly string[]>> = {
  citext: ['citext'],
  vector: ['vector', 'halfvec', 'sparsevec'],
  hstore: ['hstore'],
  ltree: ['ltree', 'lquery', 'ltxtquery'],
  postgis: ['geometry', 'geography', 'box2d', 'box3d', 'raster'],
  cube: ['cube'],
  isn: ['isbn', 'issn', 'ean13', 'upc'],
  seg: ['seg'],
  intarray: ['query_int'],
};

/** Refuses a type that is neither built in, nor made by the chain, nor brought by one of its extensions. */
export function needType(draft: Draft, type: TypeName): void {
  if (draft.dialect !== 'postgres') return;
  if (type.schema === undefined && BUILT_IN.has(type.name)) return;
  if (type.name.includes('.') || findType(draft, type)) return;
  if (isRowType(draft, type)) return;
  for (const [extension, types] of Object.entries(OF_EXTENSION))
    if (draft.extensions.has(extension) && types.includes(type.name)) return;
  const unknown = [...draft.extensions].some(
    (name) => !Object.hasOwn(OF_EXTENSION, name) && !WITHOUT_TYPES.has(name),
  );
  if (unknown) return;
  throw new Refusal('no such type', `type "${nameText(type)}" does not exist`, type.name);
}

/** Extensions that bring no type for columns. */
const WITHOUT_TYPES = new Set(
  `plpgsql pgcrypto uuid-ossp pg_trgm btree_gin btree_gist unaccent fuzzystrmatch tablefunc pg_stat_statements moddatetime
   pg_cron dblink intagg sslinfo tcn tsm_system_rows pg_buffercache pg_prewarm citus postgres_fdw autoinc insert_username
   lo earthdistance pgrowlocks pgstattuple amcheck bloom dict_int dict_xsyn`.split(/\s+/),
);

/** The user's type of that name. */
export function findType(draft: Draft, name: QualifiedName): UserType | undefined {
  for (const key of candidates(draft, name)) {
    const type = draft.types.get(key);
    if (type) return type;
  }
  return undefined;
}

/** Every table and view is a type of its rows. */
function isRowType(draft: Draft, name: QualifiedName): boolean {
  return candidates(draft, name).some((key) => {
    const relation = draft.relations.get(key);
    return relation?.kind === 'table' || relation?.kind === 'view';
  });
}

const FAMILIES: Readonly<Record<string, string>> = {
  smallint: 'number',
  integer: 'number',
  bigint: 'number',
  numeric: 'number',
  real: 'number',
  'double precision': 'number',
  oid: 'number',
  text: 'text',
  varchar: 'text',
  char: 'text',
  name: 'text',
  citext: 'text',
  uuid: 'uuid',
  boolean: 'boolean',
  date: 'time',
  timestamp: 'time',
  timestamptz: 'time',
  bytea: 'bytes',
  json: 'json',
  jsonb: 'json',
};

/** Whether a foreign key between columns of these types is certainly refused. */
export function cannotReference(from: TypeName, to: TypeName): boolean {
  const a = from.dimensions > 0 ? undefined : FAMILIES[from.name];
  const b = to.dimensions > 0 ? undefined : FAMILIES[to.name];
  return a !== undefined && b !== undefined && a !== b;
}
