import { type TypeName, typeText } from '../name.ts';
import type { Draft } from './draft.ts';
import { hasUnknownExtension } from './extension.ts';
import { Refusal } from './refusal.ts';
import { isBuiltIn, underlying } from './type.ts';

const words = (text: string) => new Set(text.split(/\s+/));

/** Built-in types that no btree can sort (and so no key can hold). */
const NOT_SORTED = words(
  'json xml point line lseg box path polygon circle refcursor jsonpath cid gtsvector aclitem',
);
/** Built-in types that have no hash of their own. */
const NOT_HASHED = words(
  'json xml point line lseg box path polygon circle bit varbit money tsvector tsquery',
);
/** Scalars that GIN takes only with btree_gin, and GiST only with btree_gist. */
const SCALARS = words(
  `smallint integer bigint numeric real money boolean text varchar char name bytea uuid date time timetz timestamp
   timestamptz interval macaddr macaddr8 oid bit varbit`,
);

/** Operator classes that an extension brings. */
const OF_EXTENSION: ReadonlyMap<string, string> = new Map([
  ['gin_trgm_ops', 'pg_trgm'],
  ['gist_trgm_ops', 'pg_trgm'],
  ['gin__int_ops', 'intarray'],
  ['gist__int_ops', 'intarray'],
  ['vector_l2_ops', 'vector'],
  ['vector_ip_ops', 'vector'],
  ['vector_cosine_ops', 'vector'],
]);

/** Refuses an index on a type that the method knows no order or hash of, with the method's own operator class. */
export function needIndexable(draft: Draft, written: TypeName, method: string): void {
  if (draft.dialect !== 'postgres') return;
  const type = underlying(draft, written);
  if (!isBuiltIn(type) || (type.dimensions === 0 && !lacks(draft, type.name, method))) return;
  if (type.dimensions > 0 && !(method === 'btree' && NOT_SORTED.has(type.name)) && method !== 'gist') return;
  if (type.dimensions > 0 && method === 'gist' && draft.extensions.has('intarray')) return;
  throw new Refusal(
    'invalid definition',
    `data type ${typeText(type)} has no default operator class for access method "${method}"`,
    [type.name],
  );
}

function lacks(draft: Draft, type: string, method: string): boolean {
  if (method === 'btree') return NOT_SORTED.has(type);
  if (method === 'hash') return NOT_HASHED.has(type);
  if (method === 'gin') return type === 'json' || (SCALARS.has(type) && !draft.extensions.has('btree_gin'));
  if (method !== 'gist') return false;
  return /^jsonb?$/.test(type) || (SCALARS.has(type) && !draft.extensions.has('btree_gist'));
}

/** Refuses an operator class of an extension that is not there. */
export function needOperatorClass(draft: Draft, written: string, method: string): void {
  const name = written.split('.').at(-1) ?? '';
  const extension = OF_EXTENSION.get(name);
  if (draft.dialect !== 'postgres' || extension === undefined || draft.extensions.has(extension)) return;
  if (hasUnknownExtension(draft)) return;
  const message = `operator class "${name}" does not exist for access method "${method}"`;
  throw new Refusal('invalid definition', message, [name, extension]);
}
