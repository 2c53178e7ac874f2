import { expect, test } from 'vitest';
import { readFiles } from './read-files.ts';

const QUERY = `pool.query('SELECT name FROM users WHERE id = $1', [id])`;

const USER = `import { BaseEntity, Entity, PrimaryColumn } from 'typeorm';
@Entity('users') export class User extends BaseEntity { @PrimaryColumn() id: number; }`;

/** The first query's loop, of code within a function that is given `ids`. */
async function loopOf(body: string, before = '') {
  const { queries } = await readFiles({
    'a.ts': `${before}\nexport async function each(ids: number[], all: Row[], payments: Payments) {\n${body}\n}`,
  });
  return queries.find(({ tables }) => tables.some(({ table }) => table?.name === 'users'))?.loop;
}

test('a loop that tries again is known by whole words of its names', async () => {
  const turns = (test: string) => loopOf(`let id = 0; while (${test}) { id = await ${QUERY}; }`);
  for (const names of ['entries > id', 'state.countriesLeft', `kind !== 'tries'`])
    expect(await turns(names), names).toMatchObject({ kind: 'while' });
  for (const names of ['tries < 3', 'state.maxTries > id', 'MAX_RETRIES > id', 'attemptsLeft'])
    expect(await turns(names), names).toBeUndefined();
});

test('a loop that is left with an answer looks for one', async () => {
  const left = (rest: string) =>
    loopOf(`let found; for (const id of ids) { const row = await ${QUERY}; const size = row.size; ${rest} }`);
  expect(await left('if (size < 3) { found = id; break; }')).toBeUndefined();
  expect(await left('if (size >= 2 && row.name) return "Family";')).toBeUndefined();
  expect(await left('console.log(id); if (row) break;')).toBeUndefined();
  expect(await left('all.push(row); if (all.length >= 3) break;')).toBeUndefined();
  expect(await left('all.push(row); if (all.length === 3) return all;')).toBeUndefined();
  const tried = `for (const id of ids) { try { const row = await ${QUERY}; if (row) return row.name; } catch {} }`;
  expect(await loopOf(tried)).toBeUndefined();
  for (const rest of [
    'all.push(row); if (!row) break;',
    'all.push(row); if (row === undefined) { found = id; break; }',
    'all.push(row); if (size < 3) return "too small";',
    'if (row.size > 3) return all;',
    'if (row.length !== 1) return null;',
    'if (id === 3) break; all.push(row);',
    'for (const one of all) if (one === row) break;',
  ])
    expect(await left(rest), rest).toMatchObject({ kind: 'for-of' });
});

test('what the test of a loop asks is asked until it says so', async () => {
  expect(await loopOf(`for (let id = 2; await ${QUERY}; id++) all.pop();`)).toBeUndefined();
  expect(await loopOf(`let id = 2; while (await ${QUERY}) id++;`)).toBeUndefined();
  const outer = `for (const id of ids) { let at = 0; while (await ${QUERY}) at++; }`;
  expect(await loopOf(outer)).toMatchObject({ kind: 'for-of' });
});

test('a query is part of another one as an argument of a step or function of its builder alone', async () => {
  const { queries } = await readFiles({
    'a.ts': `
import { eq, inArray } from 'drizzle-orm';
import { pgTable, integer } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: integer('id') });
export async function each(ids: number[]) {
  for (const id of ids) await withTimeout(db.select().from(users).where(eq(users.id, id)));
  for (const id of ids) Array.from(await db.select().from(users).where(eq(users.id, id)));
  for (const id of ids) await from(db.select().from(users).where(eq(users.id, id)));
  for (const id of ids) inArray(users.id, db.select().from(users).where(eq(users.id, id)));
  for (const id of ids) base.where(db.select().from(users).where(eq(users.id, id)));
}`,
  });
  expect(queries.map(({ span, loop }) => [span.line, loop?.kind])).toEqual([
    [6, 'for-of'],
    [7, 'for-of'],
    [8, 'for-of'],
    [9, undefined],
    [10, undefined],
  ]);
});

test('what a call waits for is known where it is followed, or where what it is of is known', async () => {
  const waits = async (call: string, before?: string) =>
    (await loopOf(`for (const id of ids) { await ${QUERY}; await ${call}; }`, before))?.waits;
  const known = `import { Service } from '@nestjs/common'; const service = new Service();`;
  const http = `import { Http } from '@nestjs/axios'; const service = new Http();`;
  const jobs = `import Boss from 'pg-boss'; const service = new Boss();`;
  expect(await waits('limit(() => work(id))')).toBe(false);
  expect(await waits('queryRunner.commitTransaction()')).toBe(false);
  expect(await waits('service.go(id)', known)).toBe(false);
  expect(await waits('payments.getTransaction(id)')).toBeUndefined();
  expect(await waits('payments.run(id)')).toBeUndefined();
  expect(await waits('service.go(id)', http)).toBeUndefined();
  expect(await waits('service.go(id)', jobs)).toBeUndefined();
  expect(await waits('service.sendInvoice(id)', http)).toBe(true);
});

test('a lock is one where a query takes it', async () => {
  const apart = async (step: string) =>
    (await loopOf(`for (const id of ids) { ${step}; await ${QUERY}; }`))?.apart;
  expect(await apart(`show({ icon: 'x', lock: true })`)).toBeUndefined();
  expect(await apart(`console.log('waiting for update')`)).toBeUndefined();
  expect(await apart(`await pool.query('SELECT name FROM carts WHERE id = $1 for update', [id])`)).toBe(
    'transaction',
  );
  expect(await apart(`await client.query('SELECT pg_advisory_xact_lock($1)', [id])`)).toBe('transaction');
  const hold = `const hold = (id) => pool.query('SELECT name FROM carts WHERE id = $1 FOR UPDATE', [id]);`;
  expect((await loopOf(`for (const id of ids) { await hold(id); await ${QUERY}; }`, hold))?.apart).toBe(
    'transaction',
  );
});

test('what is caught keeps a turn apart where that is what it writes', async () => {
  const apart = async (step: string, handler = 'console.log(error);') =>
    (await loopOf(`for (const id of ids) try { await ${QUERY}; ${step} } catch (error) { ${handler} }`))
      ?.apart;
  const insert = `await pool.query('INSERT INTO marks (id) VALUES ($1)', [id]);`;
  expect(await apart('')).toBeUndefined();
  expect(await apart(insert)).toBe('caught');
  expect(await apart(insert, `if (error.code === '23505') continue; throw error;`)).toBe('caught');
  expect(await apart(insert, 'throw new Error(String(error));')).toBeUndefined();
  expect(await apart(`${insert} await sendMail(id);`)).toBeUndefined();
});

test('rows that are told by a pair, by a day of their own, or by a page have no list that says the same', async () => {
  const batchable = async (step: string) =>
    (await loopOf(`for (const { id, kind } of all) { ${step} }`))?.batchable;
  const since = 'const since = new Date(); since.setDate(id);';
  expect(await batchable(`await pool.query('DELETE FROM users WHERE id = $1', [id]);`)).toBe(true);
  expect(
    await batchable(`await pool.query('DELETE FROM users WHERE id = $1 AND kind = $2', [id, kind]);`),
  ).toBe(false);
  expect(await batchable(`await sql\`DELETE FROM users WHERE id = \${id} AND kind = \${kind}\`;`)).toBe(
    false,
  );
  expect(await batchable(`await sql\`SELECT name FROM users WHERE id = \${id} AND kind = \${kind}\`;`)).toBe(
    true,
  );
  expect(
    await batchable(`${since} await sql\`SELECT name FROM users WHERE id = \${id} AND seen < \${since}\`;`),
  ).toBe(false);
  expect(
    await batchable(`await sql\`SELECT name FROM users WHERE team = \${id} ORDER BY seen OFFSET 3\`;`),
  ).toBe(false);
});

test('a range or a search in each turn is one of the column that the value is compared with', async () => {
  const batchable = async (where: (id: string, word: string) => string) => {
    const turn = (query: string) =>
      loopOf(`for (const id of ids) { const word = '%' + id; await ${query}; }`);
    const select = 'SELECT name FROM users WHERE';
    const [numbered, tagged] = await Promise.all([
      turn(`pool.query("${select} ${where('$1', '$2')}", [id, word])`),
      turn(`sql\`${select} ${where(`\${id}`, `\${word}`)}\``),
    ]);
    expect(tagged?.batchable).toBe(numbered?.batchable);
    return tagged?.batchable;
  };
  expect(await batchable((id) => `seen > now() AND (id = ${id} OR id = 0)`)).toBe(true);
  expect(await batchable((id) => `id = ${id} AND seen > now()`)).toBe(true);
  expect(await batchable((id) => `id >= ${id}`)).toBe(false);
  expect(await batchable((id) => `id BETWEEN 1 AND ${id}`)).toBe(false);
  expect(await batchable((id, word) => `id = ${id} AND name ILIKE ${word}`)).toBe(false);
  expect(await batchable((id, word) => `id = ${id} AND notes::text ILIKE ${word}`)).toBe(false);
  const named = async (where: string) =>
    (
      await loopOf(
        `for (const id of ids) await sequelize.query('SELECT name FROM users WHERE ${where}', { id });`,
      )
    )?.batchable;
  expect(await named('id = :id')).toBe(true);
  expect(await named('id > :id')).toBe(false);
});

test('a tree, another column or a text of conditions in each turn is no list of the same', async () => {
  const batchable = async (step: string) => (await loopOf(`for (const id of ids) { ${step} }`))?.batchable;
  const tree = `WITH RECURSIVE below AS (SELECT id FROM users WHERE id = $1) SELECT id FROM below`;
  expect(await batchable(`await pool.query('${tree}', [id]);`)).toBe(false);
  expect(await batchable(`await knex('users').where({ id }).whereNotNull(knex.raw(id));`)).toBe(false);
  expect(
    await batchable(`await knex('users').where(\`a.eq.\${id}\`, id).or(\`a.eq.\${id},b.eq.\${id}\`);`),
  ).toBe(false);
});

test('a search by a word that a function changes is one, and an upsert in SQL is of each row', async () => {
  const batchable = async (text: string) =>
    (await loopOf(`for (const id of ids) await pool.query('${text}', [id]);`))?.batchable;
  expect(await batchable('SELECT id FROM users WHERE lower(name) = lower($1)')).toBe(true);
  expect(await batchable('SELECT id FROM users WHERE lower(name) LIKE lower($1)')).toBe(false);
  expect(await batchable('SELECT id FROM users WHERE lower(name) BETWEEN $1 AND now()')).toBe(false);
  expect(await batchable('INSERT INTO users (id) VALUES ($1)')).toBe(true);
  expect(await batchable('INSERT INTO users (id) VALUES ($1) ON CONFLICT DO NOTHING')).toBe(false);
});

test('a search in what is made of each element is one', async () => {
  const { queries } = await readFiles({
    'schema.prisma': 'model User {\n  id Int @id\n  name String\n}',
    'a.ts': `import { prisma } from './prisma';
export async function each(rows: Row[]) {
  for (const row of rows) {
    const words = row.names.flatMap((name) => [name, name.trim()]);
    await prisma.user.findFirst({ where: { OR: words.map((word) => ({ name: { contains: word } })) } });
  }
}`,
  });
  expect(queries[0]?.loop).toMatchObject({ kind: 'for-of', batchable: false });
});

test('a loop where something failed, and a search for a name that is free, are none', async () => {
  expect(await loopOf(`try { await go(); } catch { for (const id of ids) await ${QUERY}; }`)).toBeUndefined();
  expect(await loopOf(`try { await go(); } finally { for (const id of ids) await ${QUERY}; }`)).toMatchObject(
    {
      kind: 'for-of',
    },
  );
  const free = (test: string) =>
    loopOf(`for (let id = 0; ${test}; id++) { const taken = await ${QUERY}; if (!taken) return id; }`);
  expect(await free('')).toBeUndefined();
  expect(await free('id <= name.length')).toBeUndefined();
  expect(
    await loopOf(
      `for (let at = 0; ; at++) { const id = ids[at]; const found = await ${QUERY}; if (!found) return; }`,
    ),
  ).toMatchObject({ kind: 'for' });
  expect(
    await loopOf(`for (let id = 0; id < 9; id++) { if (!(await ${QUERY})) { name = id; break; } }`),
  ).toBeUndefined();
});

test('rows whose keys come back are inserted one by one where they are gone on with', async () => {
  const entangled = async (made: string) => {
    const { queries } = await readFiles({
      'a.ts': `export async function save(rows: Row[]) {
  ${made.replace('INSERTS', `rows.map((row) => { return knex('users').insert({ id: row.id }); })`)}
}`,
    });
    return queries.find(({ loop }) => loop)?.loop?.entangled;
  };
  expect(await entangled('await Promise.all(INSERTS);')).toBe(false);
  expect(await entangled('const made = await Promise.all(INSERTS); return made;')).toBe(true);
  expect(
    await entangled('const inserts = INSERTS; const made = await Promise.all(inserts); return made;'),
  ).toBe(true);
  expect(await entangled('const inserts = INSERTS; await Promise.all(inserts);')).toBe(false);
});

test('a turn that has written many rows of its own stands for a group of them', async () => {
  const chunked = async (steps: string) =>
    (await loopOf(`for (const { id, rows } of all) { ${steps} }`))?.chunked;
  const one = `await knex('users').insert({ id });`;
  const many = `await knex('notes').insert(rows.map((row) => ({ id: row.id, user: id })));`;
  expect(await chunked(`${one} ${many}`)).toBe(false);
  expect(await chunked(`${many} ${one}`)).toBe(true);
});

test('a list of lists is walked over batch by batch', async () => {
  const chunked = async (step: string) =>
    (await loopOf(`await Promise.all(all.map(async (rows) => { ${step} await User.insert(rows); }));`, USER))
      ?.chunked;
  expect(await chunked('')).toBe(false);
  expect(await chunked('if (rows.length > 1000) return;')).toBe(true);
  const asked = async (where: string) =>
    (
      await loopOf(
        `for (const { ids } of all) await sequelize.query('SELECT name FROM users WHERE ${where}', { replacements: { ids } });`,
      )
    )?.chunked;
  expect(await asked('id IN (:ids)')).toBe(true);
  expect(await asked('id = :ids')).toBe(false);
});

test('each turn asks another database, or says for its row what becomes of it', async () => {
  const batchable = async (step: string) => (await loopOf(`for (const one of all) { ${step} }`))?.batchable;
  const asks = `query('SELECT name FROM users WHERE id = $1', [one.id])`;
  expect(await batchable(`await pool.${asks};`)).toBe(true);
  expect(await batchable(`const shard = open(one.region); await shard.${asks};`)).toBe(false);
  expect(await batchable(`await knex('users').insert({ id: one.id });`)).toBe(true);
  expect(await batchable(`await knex('users').insert({ id: one.id }).onConflict().merge();`)).toBe(false);
});

test('what a branch of the turn puts in differs from turn to turn', async () => {
  const written = async (test: string) =>
    (
      await loopOf(`for (const one of all) {
      const changes = { seen: true };
      if (${test}) changes.state = null;
      await knex('users').where({ id: one.id }).update(changes);
    }`)
    )?.writesItsOwn;
  expect(await written('one.old')).toBe(true);
  expect(await written('payments.closed')).toBe(false);
});

test('the newest of each has no list that says the same, whatever order what comes along has', async () => {
  const batchable = async (step: string) => (await loopOf(`for (const id of ids) { ${step} }`))?.batchable;
  const sql = (rest: string) =>
    batchable(`await pool.query('SELECT name FROM users WHERE team = $1 ${rest}', [id]);`);
  expect(await sql('LIMIT 1')).toBe(true);
  expect(await sql('ORDER BY seen')).toBe(true);
  expect(await sql('ORDER BY seen LIMIT 1')).toBe(false);
  expect(await batchable(`await knex('users').where({ team: id }).orderBy('seen').first();`)).toBe(false);
  expect(await batchable(`await knex('users').where({ team: id }).first();`)).toBe(true);
  expect(await batchable(`await knex('users').where({ team: id }).modify('seenBy', id);`)).toBe(false);
});

test('the place in a list differs from turn to turn', async () => {
  const written = async (place: string) =>
    (
      await loopOf(
        `await Promise.all(ids.map((id, at) => knex('users').where({ id }).update({ place: ${place} })));`,
      )
    )?.writesItsOwn;
  expect(await written('at')).toBe(true);
  expect(await written('all.length')).toBe(false);
});

test('a function that calls itself runs once a step where it goes on with what it was answered', async () => {
  const turns = async (step: string) => {
    const { queries } = await readFiles({
      'a.ts': `export async function find(id: number) { const row = await ${QUERY}; ${step} return row; }`,
    });
    return queries[0]?.loop?.kind;
  };
  expect(await turns('if (row.parent) await find(row.parent);')).toBe('recursion');
  expect(await turns('const other = await ask(id); if (other) await find(other);')).toBeUndefined();
});

test('a field of GraphQL runs once an object: not where it takes arguments, or Prisma gathers it', async () => {
  const schema = 'model User {\n  id Int @id\n  teamId Int\n}';
  const turns = async (field: string) => {
    const { queries } = await readFiles({
      'schema.prisma': schema,
      'a.ts': `import { prisma } from './prisma';\n@Resolver() export class Teams { @ResolveField() ${field} }`,
    });
    return queries[0]?.loop?.kind;
  };
  const all = 'return prisma.user.findMany({ where: { teamId: team.id } });';
  expect(await turns(`users(@Parent() team: Team) { ${all} }`)).toBe('resolver');
  expect(await turns(`users(@Parent() team: Team, @Args() page: Page) { ${all} }`)).toBeUndefined();
  const one = 'return prisma.user.findUnique({ where: { id: team.ownerId } });';
  expect(await turns(`owner(@Parent() team: Team) { ${one} }`)).toBeUndefined();
});

test('a row that is inserted hangs together with what goes on with its answer', async () => {
  const entangled = async (code: string) => (await loopOf(`for (const id of ids) { ${code} }`))?.entangled;
  const insert = `await pool.query('INSERT INTO users (id) VALUES ($1)', [id])`;
  expect(await entangled(`${insert};`)).toBe(false);
  expect(await entangled(`const made = ${insert}; all.push(made);`)).toBe(true);
  expect(await entangled(`const { error } = ${insert}; if (error) throw error;`)).toBe(false);
});

test('what is asked for one of a list runs once', async () => {
  const turns = (question: string) =>
    loopOf(
      `const latest = await newest(); for (const { id, ...one } of all) if (${question}) await ${QUERY};`,
    );
  expect(await turns('one.id === latest')).toBeUndefined();
  expect(await turns('one.team === latest')).toMatchObject({ kind: 'for-of' });
});

test('a loop that stands in for one write of the same table does so with a reason', async () => {
  const entangled = async (before: string, branch = '') => {
    const { queries } = await readFiles({
      'a.ts': `export async function save(rows: Row[]) {
  ${before}
  ${branch} for (const { id } of rows) await knex('users').insert({ id });
}`,
    });
    return queries.find(({ loop }) => loop)?.loop?.entangled;
  };
  const all = (table: string) => `{ await knex('${table}').insert(rows); }`;
  expect(await entangled('')).toBe(false);
  expect(await entangled(`if (isPostgres) ${all('users')}`, 'else')).toBe(true);
  expect(await entangled(`if (isPostgres) ${all('teams')}`, 'else')).toBe(false);
  expect(await entangled(`if (isPostgres) { await knex('users').insert(rows); return; }`)).toBe(true);
});

test('what a memory lacks is asked for once, whatever else the question asks', async () => {
  const turns = (question: string) =>
    loopOf(
      `for (const id of ids) if (${question}) names.set(id, await ${QUERY});`,
      'const names = new Map();',
    );
  expect(await turns('id > 0 && !names.has(id)')).toBeUndefined();
  expect(await turns('id > 0')).toMatchObject({ kind: 'for-of' });
  const kept = (memory: string) =>
    loopOf(`for (const id of ids) { let row = ${memory}; if (!row) row = await ${QUERY}; }`);
  expect(await kept('this.requestCache.get(all, id)')).toBeUndefined();
  expect(await kept('this.requests.get(all, id)')).toMatchObject({ kind: 'for-of' });
});

test('one after another is asked until one answers, whatever else is asked', async () => {
  const turns = (leave: string) =>
    loopOf(`for (const id of ids) { const found = id > 0 && (await ${QUERY}); if (found) ${leave} }`);
  expect(await turns('return found;')).toBeUndefined();
  expect(await turns('all.push(found);')).toMatchObject({ kind: 'for-of' });
  const after = (leave: string) => loopOf(`for (const id of ids) { if (${leave} all.push(await ${QUERY}); }`);
  expect(await after('all.length > 9) break;')).toBeUndefined();
  expect(await after('id < 0) continue;')).toMatchObject({ kind: 'for-of' });
});

test('what a transaction of postgres.js is given as a list is sent together', async () => {
  const insert = 'sql`INSERT INTO users (id) SELECT 1`';
  expect(await loopOf(`await sql.begin((sql) => [...ids.map((id) => ${insert})]);`)).toBeUndefined();
  expect(await loopOf(`await Promise.all([...ids.map((id) => ${insert})]);`)).toMatchObject({ kind: 'map' });
});

test('writes that are only made, and returned to who sends them, are no loop', async () => {
  const turns = async (made: string) => {
    const { queries } = await readFiles({
      'schema.prisma': 'model User {\n  id Int @id\n}',
      'a.ts': `import { prisma } from './prisma';\nexport const each = (ids: number[]) => ${made};`,
    });
    return queries[0]?.loop?.kind;
  };
  const write = 'prisma.user.delete({ where: { id } })';
  expect(await turns(`ids.map((id) => ${write})`)).toBeUndefined();
  expect(await turns(`Promise.all(ids.map((id) => ${write}))`)).toBe('map');
  expect(await turns(`ids.map(async (id) => { await ${write}; })`)).toBe('map');
  expect(await turns('ids.map((id) => prisma.user.findFirst({ where: { id } }))')).toBe('map');
});

test('of two lists the one that is walked over is short', async () => {
  expect(await loopOf(`for (const id of all && [1, 2]) await ${QUERY};`)).toBeUndefined();
  expect(await loopOf(`for (const id of [1, 2] && ids) await ${QUERY};`)).toMatchObject({ kind: 'for-of' });
  const made = (list: string) =>
    loopOf(`for (const id of kinds(all)) await ${QUERY};`, `const kinds = (all) => ${list};`);
  expect(await made('[all.first, all.last]')).toBeUndefined();
  expect(await made('[...all, 0]')).toMatchObject({ kind: 'for-of' });
  expect(await loopOf(`for (const id of ids.slice(0, slots)) await ${QUERY};`)).toBeUndefined();
  expect(await loopOf(`for (const id of ids.slice(0, 500)) await ${QUERY};`)).toMatchObject({
    kind: 'for-of',
  });
});

test('a list is handed in with what holds it, and is no other once it is sorted, checked or counted', async () => {
  const listOf = async (head: string, before = '') =>
    (await loopOf(`${before} for (${head}) { await ${QUERY}; }`))?.list;
  const given = { from: 'given' };
  expect(await listOf('const id of ids')).toEqual(given);
  expect(await listOf('const id of new Set(ids.filter(Boolean).map((one) => one + 1))')).toEqual(given);
  expect(await listOf('const id of wanted', 'const { wanted } = schema.parse(all);')).toEqual(given);
  expect(
    await listOf('let i = 0; i < kept.length; i++', 'const kept = [...ids]; const id = ids[0];'),
  ).toEqual(given);
  expect(await listOf('const id of one.lines', 'for (const one of all)')).toEqual(given);
  expect(await listOf('const id of ids.join().split(",")')).toEqual({ from: 'text' });
  expect(await listOf('const id of made', 'const made = []; made.push(ids[0]);')).toBeUndefined();
  expect(await listOf('const id of await payments.all(ids)')).toBeUndefined();
});

test('a client sends what is called so, by its type, its mark, or what holds it, and all that an action takes', async () => {
  const listOf = async (takes: string, over: string, before = '', above = '', after = '') => {
    const code = `async (${takes}) => { ${before} for (const id of ${over}) { await ${QUERY}; } ${after} }`;
    const { queries } = await readFiles({ 'a.ts': `${above} export const each = ${code};` });
    return queries[0]?.loop?.list?.from;
  };
  expect(await listOf('req', 'req.body.ids')).toBe('request');
  expect(await listOf('ctx', 'ctx.request.body')).toBe('request');
  expect(await listOf('c', 'ids', 'const { ids } = await c.req.json();')).toBe('request');
  expect(await listOf('{ ctx, input }', 'schema.parse(input).ids')).toBe('request');
  expect(await listOf('{ input: { ids } }', 'ids')).toBe('request');
  expect(await listOf('order: CreateOrderDto', 'order.ids')).toBe('request');
  expect(await listOf('{ ids }: Partial<CreateOrderDto>', 'ids')).toBe('request');
  expect(await listOf('orders: orders.CreateOrderDto[] | undefined', 'orders')).toBe('request');
  const read = 'const body = await request.json(); const sent = schema.parse(body);';
  expect(await listOf('request', 'sent.ids', read)).toBe('request');
  expect(await listOf('opts', 'input', 'const { input } = opts;')).toBe('request');
  expect(await listOf('event', 'ids', 'const { ids } = await readBody(event);')).toBe('request');
  expect(await listOf('ids: number[]', 'ids', '', `'use server';`)).toBe('request');
  expect(await listOf('order: Order', 'order.ids')).toBe('given');
  const own = `'use server'; async function own(ids) { for (const id of ids) { await ${QUERY}; } }`;
  expect(await listOf('', '[1, ...own(2)]', '', own)).toBe('given');
  expect(await listOf('requests: Order[]', 'requests')).toBe('given');
  expect(await listOf('input: number[]', 'input.map((one) => one)')).toBe('given');
  expect(await listOf('...args: number[]', 'args')).toBe('given');
  expect(await listOf('one: PullRequest', 'one.ids')).toBe('given');
  expect(await listOf('one: OrderWhereInput', 'one.ids')).toBe('given');
  const inner = 'const run = async (some: number[]) => {';
  expect(await listOf('', 'some', inner, `'use server';`, '}')).toBe('given');
});

test('rows are those of their query, or a list that one of them holds', async () => {
  const listOf = async (over: string, before: string) =>
    (await loopOf(`${before} for (const id of ${over}) { await ${QUERY}; }`))?.list;
  const asked = `await pool.query('SELECT id FROM teams WHERE owner_id = $1 AND size > 3', [all.id])`;
  const isRows = async (over: string, before: string, isPart?: boolean) => {
    const list = await listOf(over, before);
    expect(list).toMatchObject({
      from: 'rows',
      query: { tables: [{ table: { name: 'teams' }, op: 'read' }] },
    });
    expect(list?.isPart).toBe(isPart);
    return list?.query?.columns.filter((one) => one.role === 'filter');
  };
  expect(await isRows('rows', `const { rows } = ${asked};`)).toMatchObject([
    { column: 'owner_id', comparison: '=' },
    { column: 'size', comparison: '>' },
  ]);
  await isRows('found', `const [found] = ${asked};`);
  await isRows('answer.rows', `const answer = ${asked};`);
  await isRows('rows[0].members', `const { rows } = ${asked};`, true);
  await isRows('members', `const { rows: [{ members }] } = ${asked};`, true);
});

test('what a loop is left with is no work of its turns', async () => {
  const waits = async (rest: string) =>
    (await loopOf(`for (const id of ids) { const row = await ${QUERY}; ${rest} }`))?.waits;
  expect(await waits('if (!row) return payments.refuse(id);')).toBe(false);
  expect(await waits('if (!row) await payments.refuse(id);')).toBeUndefined();
});

test('the SQL of a query may hold its rows to a few', async () => {
  const from = async (query: string) =>
    (await loopOf(`const { rows } = await ${query}; for (const id of rows) { await ${QUERY}; }`))?.list?.from;
  const asked = (sql: string) => from(`pool.query('${sql}', [all.id])`);
  expect(await asked('SELECT id FROM teams ORDER BY id LIMIT 3')).toBe('few');
  expect(await asked('SELECT id FROM teams FETCH FIRST 3 ROWS ONLY;')).toBe('few');
  expect(await from('sql`SELECT id FROM teams LIMIT 3`')).toBe('few');
  expect(await asked('SELECT id FROM teams LIMIT 500')).toBe('rows');
  expect(await asked('SELECT (SELECT id FROM sizes LIMIT 1) AS id FROM teams')).toBe('rows');
});

test('a turn with a connection of its own asks another database', async () => {
  const before = `import { eq } from 'drizzle-orm'; import { pgTable, integer } from 'drizzle-orm/pg-core';
const users = pgTable('users', { id: integer('id') });`;
  const asks = async (name: string, made: string) => {
    const turn = `const ${name} = ${made}; await ${name}.select().from(users).where(eq(users.id, id));`;
    return (await loopOf(`for (const id of ids) { ${turn} }`, before))?.batchable;
  };
  expect(await asks('shopDb', 'open(id)')).toBe(false);
  expect(await asks('shopDb', 'open(all)')).toBe(true);
});

test('what a turn does beside a query is counted', async () => {
  const turnOf = (turn: string) => loopOf(`for (const id of ids) { ${turn} }`);
  const insert = `pool.query('INSERT INTO teams (id) VALUES ($1)', [id])`;
  expect(await turnOf(`await ${QUERY};`)).toMatchObject({ calls: 1, writes: 0, branched: false, keys: 1 });
  expect(await turnOf(`await ${QUERY}; await ${insert}; await payments.book(id);`)).toMatchObject({
    calls: 3,
    writes: 1,
  });
  expect(await turnOf(`if (all[id]) await ${QUERY};`)).toMatchObject({ branched: true });
  expect(await turnOf(`if (await ${QUERY}) ids.pop();`)).toMatchObject({ branched: false });
  const pair = `pool.query('SELECT name FROM users WHERE id = $1 AND team_id = $2', [id, all[id].team])`;
  expect(await turnOf(`await ${pair};`)).toMatchObject({ keys: 2 });
});

test('what one turn after another deletes and makes anew hangs together', async () => {
  const remove = `pool.query('DELETE FROM users WHERE id = $1', [id])`;
  const made = (table: string) => `await pool.query('INSERT INTO ${table} (id) VALUES ($1)', [id]);`;
  const entangled = async (rest: string) =>
    (await loopOf(`for (const id of ids) { await ${remove}; ${rest} }`))?.entangled;
  expect(await entangled('')).toBe(false);
  expect(await entangled(made('teams'))).toBe(false);
  expect(await entangled(made('users'))).toBe(true);
});

test('what is answered at once goes no way to a database', async () => {
  const turn = async (code: string) => (await loopOf(`for (const id of ids) { ${code} }`))?.kind;
  expect(await turn(`const row = ${QUERY}; all.push(row.name);`)).toBeUndefined();
  expect(await turn(`void ${QUERY};`)).toBeUndefined();
  expect(await turn(`db.prepare('DELETE FROM users WHERE id = ?').run(id);`)).toBeUndefined();
  const exec = `storage.sql.exec('SELECT name FROM users WHERE id = ?', id)`;
  expect(await turn(`const rows = ${exec}.toArray(); all.push(rows.length);`)).toBeUndefined();
  expect(await turn(`${exec};`)).toBeUndefined();
  expect(await turn(`const rows = await ${exec}.toArray(); all.push(rows.length);`)).toBe('for-of');
  expect(await turn(`const row = ${QUERY}; all.push(await row);`)).toBe('for-of');
  expect(await turn(`const row = ${QUERY}; row.then((found) => all.push(found.name));`)).toBe('for-of');
  expect(await turn(`const { rows } = await ${QUERY}; all.push(rows.length);`)).toBe('for-of');
});

test('what a turn makes anew or counts up is written of its own', async () => {
  const own = async (before: string, value: string) =>
    (
      await loopOf(
        `for (const id of ids) { ${before} await knex('users').where({ id }).update({ state: ${value} }); }`,
      )
    )?.writesItsOwn;
  expect(await own('', 'all.length')).toBe(false);
  expect(await own('const left = all.length - 1;', 'left')).toBe(false);
  expect(await own('', 'count++')).toBe(true);
  expect(await own('count++;', 'count')).toBe(true);
  expect(await own('', 'crypto.randomUUID()')).toBe(true);
  expect(await own('const key = randomBytes(32); const hash = sha(key);', 'hash')).toBe(true);
});
