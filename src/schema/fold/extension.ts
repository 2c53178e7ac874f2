import type { Operation } from '../operation.ts';
import { type Draft, setMember } from './draft.ts';
import { tablesMentioning } from './mentions.ts';
import { Refusal, stillReferenced } from './refusal.ts';
import { taint } from './taint.ts';

/** What an extension brings that statements name. */
interface Brought {
  readonly types?: readonly string[];
  readonly functions?: readonly string[];
}

const words = (text: string) => text.split(/\s+/);

/** Extensions whose types and functions are known; any other may bring anything. */
const KNOWN: ReadonlyMap<string, Brought> = new Map<string, Brought>([
  ['citext', { types: ['citext'] }],
  ['vector', { types: words('vector halfvec sparsevec') }],
  ['hstore', { types: ['hstore'] }],
  ['ltree', { types: words('ltree lquery ltxtquery') }],
  ['cube', { types: ['cube'] }],
  ['seg', { types: ['seg'] }],
  ['isn', { types: words('ean13 isbn13 ismn13 issn13 isbn ismn issn upc') }],
  ['intarray', { types: ['query_int'] }],
  ['ip4r', { types: words('ip4 ip4r ip6 ip6r ipaddress iprange') }],
  ['lo', { types: ['lo'], functions: ['lo_manage'] }],
  ['postgis', { types: words('geometry geography box2d box3d raster spheroid') }],
  ['postgis_raster', { types: ['raster'] }],
  [
    'uuid-ossp',
    {
      functions: words(
        'uuid_generate_v1 uuid_generate_v1mc uuid_generate_v3 uuid_generate_v4 uuid_generate_v5',
      ),
    },
  ],
  [
    'pgcrypto',
    { functions: words('gen_random_bytes gen_salt crypt digest hmac pgp_sym_encrypt pgp_sym_decrypt') },
  ],
  ['unaccent', { functions: ['unaccent'] }],
  ['moddatetime', { functions: ['moddatetime'] }],
  ['autoinc', { functions: ['autoinc'] }],
  ['insert_username', { functions: ['insert_username'] }],
  ['refint', { functions: words('check_primary_key check_foreign_key') }],
  ['tcn', { functions: ['triggered_change_notification'] }],
  ...words(
    `plpgsql pg_trgm btree_gin btree_gist fuzzystrmatch tablefunc pg_stat_statements intagg sslinfo tsm_system_rows
     tsm_system_time pg_buffercache pg_prewarm postgres_fdw file_fdw dblink earthdistance pgrowlocks pgstattuple amcheck
     bloom dict_int dict_xsyn pg_visibility pg_freespacemap pageinspect pg_walinspect xml2`,
  ).map((name): [string, Brought] => [name, {}]),
]);

/** Whether the schema has an extension of which it is not known what it brings. */
export function hasUnknownExtension(draft: Draft): boolean {
  for (const name of draft.extensions) if (!KNOWN.has(name)) return true;
  return false;
}

/** Whether an extension that is there brings the type. */
export function bringsType(draft: Draft, type: string): boolean {
  return brings(draft, (one) => one.types, type);
}

/** Whether an extension that is there brings the function. */
export function bringsFunction(draft: Draft, name: string): boolean {
  return brings(draft, (one) => one.functions, name);
}

function brings(draft: Draft, of: (one: Brought) => readonly string[] | undefined, name: string): boolean {
  for (const extension of draft.extensions) {
    const brought = KNOWN.get(extension);
    if (brought && of(brought)?.includes(name)) return true;
  }
  return false;
}

/** The extension without which a function cannot be there; undefined for functions of unknown origin. */
export function extensionOf(name: string): string | undefined {
  for (const [extension, { functions }] of KNOWN) if (functions?.includes(name)) return extension;
  return undefined;
}

/** CREATE EXTENSION: whether the server has it installed is not known here. */
export function createExtension(draft: Draft, { extension }: Operation & { kind: 'create-extension' }): void {
  if (draft.extensions.has(extension))
    throw new Refusal('already exists', `extension "${extension}" already exists`, [extension], 'object');
  setMember(draft, draft.extensions, extension, true);
}

/** DROP EXTENSION: refuses while columns have its types or defaults call its functions; CASCADE is not followed through. */
export function dropExtension(draft: Draft, operation: Operation & { kind: 'drop-extension' }): void {
  const { extension, cascade } = operation;
  if (!draft.extensions.has(extension))
    throw new Refusal('no such type', `extension "${extension}" does not exist`, [extension], 'object');
  const { types = [], functions = [] } = KNOWN.get(extension) ?? {};
  const keys = [...types.map((name) => `type ${name}`), ...functions.map((name) => `call ${name}`)];
  for (const key of keys)
    for (const id of tablesMentioning(draft, key)) {
      const table = draft.tables.get(id);
      if (!table || isOwn(draft, key)) continue;
      if (cascade) taint(draft, [table.name], `DROP EXTENSION ${extension} CASCADE`);
      else {
        const [kind, name] = key.split(' ');
        const dependent = `table ${table.name} depends on ${kind === 'call' ? 'function' : 'type'} ${name}`;
        throw stillReferenced(`extension ${extension}`, dependent, [extension, table.name]);
      }
    }
  setMember(draft, draft.extensions, extension, false);
}

/** A user's type or function of the same name is what the table means. */
function isOwn(draft: Draft, key: string): boolean {
  const name = key.slice(key.indexOf(' ') + 1);
  return [...draft.schemas].some(
    (schema) => draft.types.has(`${schema}.${name}`) || draft.functions.has(`${schema}.${name}`),
  );
}
