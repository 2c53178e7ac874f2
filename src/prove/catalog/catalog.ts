/** What a PostgreSQL server's own catalog says of a database: the one row of {@link CATALOG_SQL}. */
export interface Catalog {
  readonly columns: readonly CatalogColumn[];
  readonly constraints: readonly CatalogConstraint[];
  readonly indexes: readonly CatalogIndex[];
  readonly types: readonly CatalogType[];
  readonly relations: readonly CatalogRelation[];
}

interface Named {
  readonly schema: string;
  readonly name: string;
}

export interface CatalogRelation extends Named {
  readonly kind: 'table' | 'view' | 'materialized view' | 'sequence';
  readonly partition: boolean;
  /** `schema.name` of the table that it is a partition of or inherits from. */
  readonly parent: string | null;
}

export interface CatalogColumn {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  /** As `format_type` writes it; the user's own types as `schema.name`. */
  readonly type: string;
  readonly notNull: boolean;
  readonly default: string | null;
  readonly generated: boolean;
  readonly identity: 'always' | 'by default' | null;
}

export interface CatalogConstraint extends Named {
  readonly table: string;
  readonly kind: 'primary key' | 'unique' | 'foreign key' | 'check' | 'exclude';
  readonly columns: readonly string[];
  readonly refSchema: string | null;
  readonly refTable: string | null;
  readonly refColumns: readonly string[];
  readonly onDelete: string | null;
  readonly onUpdate: string | null;
  readonly validated: boolean;
  readonly deferrable: boolean;
  /** Of a check. */
  readonly expression: string | null;
}

export interface CatalogIndex extends Named {
  readonly table: string;
  /** One entry a key: the column, or null where an expression stands. */
  readonly columns: readonly (string | null)[];
  /** In key order. */
  readonly expressions: readonly string[];
  readonly include: readonly string[];
  readonly method: string;
  readonly unique: boolean;
  readonly predicate: string | null;
  /** The constraint that it stands behind. */
  readonly constraint: string | null;
  readonly valid: boolean;
}

interface CatalogType extends Named {
  readonly kind: 'enum' | 'domain' | 'composite' | 'range';
  readonly labels: readonly string[];
}

const OWN = `n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`;

/** What an extension brought is the extension's. */
const notOfExtension = (catalog: string, oid: string) =>
  `NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.${catalog}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;

const names = (relation: string, numbers: string) => `(
  SELECT coalesce(pg_catalog.json_agg(a.attname ORDER BY k.at), '[]')
  FROM pg_catalog.unnest(${numbers}) WITH ORDINALITY AS k (number, at)
  JOIN pg_catalog.pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.number)`;

const action = (column: string) =>
  `CASE ${column} WHEN 'a' THEN 'no action' WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' WHEN 'd' THEN 'set default' END`;

const COLUMNS = `
  SELECT n.nspname AS schema, c.relname AS "table", a.attname AS name,
    CASE WHEN tn.nspname = 'pg_catalog' THEN pg_catalog.format_type(a.atttypid, a.atttypmod)
      ELSE CASE WHEN ${notOfExtension('pg_type', 'e.oid')} THEN tn.nspname || '.' ELSE '' END || e.typname || coalesce(substring(pg_catalog.format_type(a.atttypid, a.atttypmod) FROM '\\(.*\\)'), '')
        || CASE WHEN e.oid <> t.oid THEN '[]' ELSE '' END END AS type,
    a.attnotnull AS "notNull", pg_catalog.pg_get_expr(b.adbin, b.adrelid) AS "default", a.attgenerated <> '' AS generated,
    CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END AS identity
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND ${OWN}
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  JOIN pg_catalog.pg_type e ON e.oid = CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN t.typelem ELSE t.oid END
  JOIN pg_catalog.pg_namespace tn ON tn.oid = e.typnamespace
  LEFT JOIN pg_catalog.pg_attrdef b ON b.adrelid = c.oid AND b.adnum = a.attnum
  WHERE c.relkind IN ('r', 'p') AND ${notOfExtension('pg_class', 'c.oid')}
  ORDER BY c.oid, a.attnum`;

const CONSTRAINTS = `
  SELECT n.nspname AS schema, c.relname AS "table", o.conname AS name,
    CASE o.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign key' WHEN 'c' THEN 'check' ELSE 'exclude' END AS kind,
    ${names('o.conrelid', 'o.conkey')} AS columns, rn.nspname AS "refSchema", r.relname AS "refTable",
    ${names('o.confrelid', 'o.confkey')} AS "refColumns",
    CASE WHEN o.contype = 'f' THEN ${action('o.confdeltype')} END AS "onDelete",
    CASE WHEN o.contype = 'f' THEN ${action('o.confupdtype')} END AS "onUpdate",
    o.convalidated AS validated, o.condeferrable AS deferrable,
    CASE WHEN o.contype = 'c' THEN pg_catalog.pg_get_expr(o.conbin, o.conrelid) END AS expression
  FROM pg_catalog.pg_constraint o
  JOIN pg_catalog.pg_class c ON c.oid = o.conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND ${OWN}
  LEFT JOIN pg_catalog.pg_class r ON r.oid = o.confrelid
  LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
  WHERE o.contype IN ('p', 'u', 'f', 'c', 'x') AND ${notOfExtension('pg_class', 'c.oid')}`;

const INDEXES = `
  SELECT n.nspname AS schema, c.relname AS "table", i.relname AS name,
    (SELECT pg_catalog.json_agg(a.attname ORDER BY k.at) FROM pg_catalog.unnest(x.indkey) WITH ORDINALITY AS k (number, at)
      LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number AND k.number > 0
      WHERE k.at <= x.indnkeyatts) AS columns,
    CASE WHEN x.indexprs IS NULL THEN '[]' ELSE (
      SELECT pg_catalog.json_agg(pg_catalog.pg_get_indexdef(x.indexrelid, k.at::int, true) ORDER BY k.at)
      FROM pg_catalog.unnest(x.indkey) WITH ORDINALITY AS k (number, at) WHERE k.number = 0) END AS expressions,
    (SELECT coalesce(pg_catalog.json_agg(a.attname ORDER BY k.at), '[]') FROM pg_catalog.unnest(x.indkey) WITH ORDINALITY AS k (number, at)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
      WHERE k.at > x.indnkeyatts) AS include,
    m.amname AS method, x.indisunique AS "unique", x.indisvalid AS valid,
    pg_catalog.pg_get_expr(x.indpred, x.indrelid) AS predicate,
    (SELECT o.conname FROM pg_catalog.pg_constraint o WHERE o.conindid = x.indexrelid AND o.contype IN ('p', 'u', 'x')) AS constraint
  FROM pg_catalog.pg_index x
  JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
  JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
  JOIN pg_catalog.pg_am m ON m.oid = i.relam
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND ${OWN}
  WHERE c.relkind IN ('r', 'p', 'm') AND ${notOfExtension('pg_class', 'c.oid')}`;

const TYPES = `
  SELECT n.nspname AS schema, t.typname AS name,
    CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range' ELSE 'composite' END AS kind,
    (SELECT coalesce(pg_catalog.json_agg(l.enumlabel ORDER BY l.enumsortorder), '[]') FROM pg_catalog.pg_enum l WHERE l.enumtypid = t.oid) AS labels
  FROM pg_catalog.pg_type t
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace AND ${OWN}
  LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
  WHERE (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND c.relkind = 'c') AND ${notOfExtension('pg_type', 't.oid')}`;

const RELATIONS = `
  SELECT n.nspname AS schema, c.relname AS name,
    CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind,
    c.relispartition AS partition,
    (SELECT pn.nspname || '.' || p.relname FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
      JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = c.oid ORDER BY i.inhseqno LIMIT 1) AS parent
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND ${OWN}
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND ${notOfExtension('pg_class', 'c.oid')}`;

const listOf = (query: string) => `(SELECT coalesce(pg_catalog.json_agg(q), '[]') FROM (${query}) AS q)`;

/** One row with one column, `catalog`: a JSON document that is a {@link Catalog}. For PostgreSQL 14 and later. */
export const CATALOG_SQL = `SELECT pg_catalog.json_build_object(
  'columns', ${listOf(COLUMNS)},
  'constraints', ${listOf(CONSTRAINTS)},
  'indexes', ${listOf(INDEXES)},
  'types', ${listOf(TYPES)},
  'relations', ${listOf(RELATIONS)}) AS catalog`;
