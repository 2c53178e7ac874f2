import { beforeAll, expect, test } from 'vitest';
import { lineStarts, toSpan } from '../../../src/change/span.ts';
import { loadSqlReader, queryReader } from '../../../src/read/sql/read-sql.ts';
import { nameText } from '../../../src/schema/name.ts';

beforeAll(() => loadSqlReader('sqlite'));

/** What one text uses, in short lines that end with the very text at each place. */
function read(dialect: 'mysql' | 'sqlite', sql: string): readonly string[] {
  const starts = lineStarts(sql);
  const span = (start: number, end: number) => toSpan('a.sql', starts, start, end);
  const said = queryReader(dialect)(sql, dialect, span(0, sql.length), span);
  if (!said.parts) return [`refused before: ${sql.slice(said.offset)}`];
  const written = ({ column, endColumn }: ReturnType<typeof span>) => sql.slice(column - 1, endColumn - 1);
  const { tables, columns, hasLimit, hasFilter, complete } = said.parts;
  return [
    ...tables.map((one) => `${one.op} ${nameText(one.table)}: ${written(one.span)}`),
    ...columns.map(({ role, tables: of, column, comparison = '', values = [], perhaps, span: at }) =>
      `${role} ${of.map(nameText).join('|')}.${column}${perhaps ? '?' : ''} ${comparison} ${values.join()}`
        .trim()
        .concat(`: ${written(at)}`),
    ),
    ...(hasLimit ? ['limit'] : []),
    ...(hasFilter ? ['filtered'] : []),
    ...(complete ? [] : ['incomplete']),
  ];
}

test('MySQL: back ticks, joins, LIMIT with a comma, parameters, functions with words of their own', () => {
  expect(
    read(
      'mysql',
      "SELECT o.`id`, COUNT(DISTINCT i.sku) AS n, GROUP_CONCAT(i.name ORDER BY i.pos SEPARATOR ', ') FROM `orders` o FORCE INDEX (by_day) LEFT JOIN items AS i ON i.order_id = o.id WHERE o.status IN ('open', \"held\") AND o.day > DATE_SUB(NOW(), INTERVAL ? DAY) AND o.note REGEXP ? GROUP BY o.id HAVING n > 2 ORDER BY n DESC LIMIT ?, 20",
    ),
  ).toEqual([
    'read orders: `orders`',
    'read items: items',
    'select orders.id: `id`',
    'select items.sku: sku',
    'select items.name: name',
    'select items.pos: pos',
    'join items.order_id =: order_id',
    'join orders.id =: id',
    'filter orders.status in open,held: status',
    'filter orders.day >: day',
    'filter orders.note regexp: note',
    'group orders.id: id',
    'filter orders|items.n? >: n',
    'limit',
    'filtered',
  ]);
});

test('MySQL: what INSERT, UPDATE and DELETE have of their own', () => {
  expect(
    read(
      'mysql',
      "INSERT IGNORE INTO tags (name, kind) VALUES (?, 'user') ON DUPLICATE KEY UPDATE uses = uses + 1, kind = VALUES(kind)",
    ),
  ).toEqual([
    'insert tags: tags',
    'write tags.name: name',
    'write tags.kind  user: kind',
    'write tags.uses: uses',
    'select tags.uses: uses',
    'write tags.kind: kind',
    'select tags.kind: kind',
  ]);
  expect(
    read('mysql', 'UPDATE orders o JOIN users u ON u.id = o.user_id SET o.name = u.name WHERE u.id = ? '),
  ).toEqual([
    'update orders: orders',
    'read users: users',
    'join users.id =: id',
    'join orders.user_id =: user_id',
    'write orders.name: name',
    'select users.name: name',
    'filter users.id =: id',
    'filtered',
  ]);
  expect(read('mysql', 'DELETE o FROM orders o JOIN users u ON u.id = o.user_id')).toEqual([
    'delete orders: orders',
    'read users: users',
    'join users.id =: id',
    'join orders.user_id =: user_id',
  ]);
  expect(read('mysql', 'INSERT INTO tags SET ?')).toEqual(['insert tags: tags', 'incomplete']);
  expect(read('mysql', 'DELETE FROM tags ORDER BY id LIMIT 10')).toEqual([
    'delete tags: tags',
    'order tags.id: id',
  ]);
});

test('SQLite: conflict clauses, a text in double quotes, and what is no column', () => {
  expect(
    read(
      'sqlite',
      `INSERT OR REPLACE INTO [notes] (id, "body") SELECT n.id, ?1 FROM old n WHERE n.kind = "todo" AND n.rowid > :last`,
    ),
  ).toEqual([
    'insert notes: [notes]',
    'read old: old',
    'write notes.id: id',
    'write notes.body: "body"',
    'select old.id: id',
    'filter old.kind =: kind',
    'filter old|notes.todo? =: "todo"',
  ]);
  expect(
    read(
      'sqlite',
      'INSERT INTO hits (page, n) VALUES ($page, 1) ON CONFLICT (page) DO UPDATE SET n = n + excluded.n WHERE n < 100 RETURNING n',
    ),
  ).toEqual([
    'insert hits: hits',
    'write hits.page: page',
    'write hits.n: n',
    'conflict hits.page: page',
    'write hits.n: n',
    'select hits.n: n',
    'select hits.n: n',
    'filter hits.n <: n',
    'select hits.n: n',
  ]);
});

test('common table expressions, subqueries and columns of what is no table', () => {
  expect(
    read(
      'sqlite',
      'WITH RECURSIVE tree(id) AS (SELECT id FROM nodes WHERE parent IS NULL UNION ALL SELECT n.id FROM nodes n JOIN tree t ON t.id = n.parent) SELECT id FROM tree WHERE EXISTS (SELECT 1 FROM marks m WHERE m.node = tree.id) AND id NOT IN (SELECT node FROM hidden)',
    ),
  ).toEqual([
    'read nodes: nodes',
    'read nodes: nodes',
    'read marks: marks',
    'read hidden: hidden',
    'select nodes.id: id',
    'filter nodes.parent is null: parent',
    'select nodes.id: id',
    'join nodes.parent =: parent',
    'join marks.node =: node',
    'filtered',
  ]);
});

test('a text that is no SQL of theirs is refused where it ends to be', () => {
  expect(read('sqlite', 'Select a plan from the long list')).toEqual(['refused before: list']);
  expect(read('mysql', 'UPDATE users WHERE id = 1')).toEqual(['refused before: WHERE id = 1']);
});

test('what nests without end is refused', () => {
  const deep = 20_000;
  for (const [before, after] of [
    ['SELECT ', ' FROM t'],
    ['SELECT 1 FROM ', ''],
    ['SELECT a FROM t WHERE a IN (SELECT ', ')'],
    ['', ''],
  ] as const)
    expect(read('sqlite', `${before}${'('.repeat(deep)}SELECT 1${')'.repeat(deep)}${after}`)[0]).toMatch(
      /^refused/,
    );
});
