import { describe, expect, test } from 'vitest';
import { readFiles } from '../read-files.ts';

describe('a read', () => {
  test('names its table, what comes along, and columns in their roles', async () => {
    const { tables, columns, queries } = await readFiles({
      'a.ts': `
import { createClient } from '@supabase/supabase-js';
const supabase = createClient(url, key);
export const posts = (id: string) => supabase
  .from('posts')
  .select('id, heading:title, author:users!inner(name, teams(label)), meta->>city, comments(count)')
  .eq('author_id', id).in('status', ['open']).is('deleted_at', null)
  .eq('author.name', 'a')
  .or(\`title.ilike.%\${id}%,and(id.gt.5,kind.not.is.null)\`)
  .order('created_at', { ascending: false })
  .limit(10);
`,
    });
    expect(tables).toEqual([
      'read posts: a.ts:5 posts',
      'read users: a.ts:6 users',
      'read teams: a.ts:6 teams',
      'read comments: a.ts:6 comments',
    ]);
    expect(columns).toEqual([
      'select posts.id: a.ts:6 id',
      'select posts.title: a.ts:6 title',
      'select users.name: a.ts:6 name',
      'select teams.label: a.ts:6 label',
      'select posts.meta: a.ts:6 meta',
      'filter posts.author_id: a.ts:7 author_id',
      'filter posts.status: a.ts:7 status',
      'filter posts.deleted_at: a.ts:7 deleted_at',
      'filter users.name: a.ts:8 author.name',
      'filter posts.title: a.ts:9 `title.ilike.%${id}%,and(id.gt.5,kind.not.is.null)`',
      'filter posts.id: a.ts:9 `title.ilike.%${id}%,and(id.gt.5,kind.not.is.null)`',
      'filter posts.kind: a.ts:9 `title.ilike.%${id}%,and(id.gt.5,kind.not.is.null)`',
      'order posts.created_at: a.ts:10 created_at',
    ]);
    expect(queries).toMatchObject([{ database: 'postgres', hasLimit: true, hasFilter: true }]);
    expect(queries[0]?.columns.find(({ column }) => column === 'status')).toMatchObject({
      comparison: 'in',
      values: ['open'],
    });
  });

  test('goes on over several statements, in a schema', async () => {
    const { tables, columns } = await readFiles({
      'a.ts': `
export async function list(client: SupabaseClient, name?: string) {
  let query = client.schema('app').from(TABLES.people).select('*', { count: 'exact', head: true });
  if (name) query = query.match({ name });
  return query;
}
const TABLES = { people: 'people' };
`,
    });
    expect(tables).toEqual(['read app.people via constant: a.ts:3 TABLES.people']);
    expect(columns).toEqual(['filter app.people.name: a.ts:4 name']);
  });

  test('by a foreign key names the column, and not the table', async () => {
    const { tables, columns } = await readFiles({
      'a.ts': "await supabase.from('devices').select('id, channel_id (name)').single();",
    });
    expect(tables).toEqual([
      'read devices: a.ts:1 devices',
      'read ? (the relation goes by the foreign key channel_id): a.ts:1 channel_id',
    ]);
    expect(columns).toEqual(['select devices.id: a.ts:1 id', 'join devices.channel_id: a.ts:1 channel_id']);
  });
});

test('writes name what they write, and what a conflict is about', async () => {
  const { tables, columns, queries } = await readFiles({
    'a.ts': `
const supabase = await createClient();
await supabase.from('users').upsert(rows.map((row) => ({ email: row.email })), { onConflict: 'email,team_id' }).select('id');
await (await createClient()).from('users').update({ name: 'a' }).eq('id', 1);
await supabase.from('users').delete();
`,
  });
  expect(tables).toEqual([
    'insert users: a.ts:3 users',
    'update users: a.ts:4 users',
    'delete users: a.ts:5 users',
  ]);
  expect(columns).toEqual([
    'select users.id: a.ts:3 id',
    'write users.email: a.ts:3 email',
    "conflict users.email: a.ts:3 'email,team_id'",
    "conflict users.team_id: a.ts:3 'email,team_id'",
    'write users.name: a.ts:4 name',
    'filter users.id: a.ts:4 id',
  ]);
  expect(queries.map(({ hasFilter }) => hasFilter)).toEqual([false, true, false]);
});

test('buckets, functions and lists are no tables; a table that is handed in is kept', async () => {
  const { tables } = await readFiles({
    'a.ts': `
import { supabase } from './supabase';
await supabase.storage.from('avatars').update('a.png', file);
await supabase.rpc('search_posts', { query });
Array.from(rows).select(first);
export const all = (table: string) => supabase.from(table).select();
`,
  });
  expect(tables).toEqual(['read ? (it is a parameter): a.ts:6 table']);
});
