import { expect, test } from 'vitest';
import { sentBy } from './read-files.ts';

test('SQL and the builder, one after the other by callbacks or in series', async () => {
  const { chain, lines } = await sentBy({
    'src/migrations/20240101000000-a.js': `const async = require('async');
exports.up = function (db, callback) {
  async.series([
    db.createTable.bind(db, 'a', { id: { type: 'int', primaryKey: true, autoIncrement: true }, name: { type: 'string', length: 20, notNull: true } }),
    (cb) => db.addColumn('a', 'on', { type: 'boolean', defaultValue: false }, cb),
  ], () => db.runSql('ALTER TABLE a ADD b text; CREATE INDEX i ON a (b);', callback));
};
exports.down = (db, callback) => db.dropTable('a', callback);
`,
    'src/migrations/20240102000000-b.js': `exports.up = (db, callback) =>
  db.runSql('INSERT INTO a (name) VALUES (?)', ['x'], () => db.all('SELECT id FROM a', (err, rows) => {
    rows.forEach((row) => db.runSql('UPDATE a SET b = ?', [row.id], callback));
  }));
`,
  });
  expect(chain.tool).toBe('db-migrate');
  expect(lines.map((line) => line.replace(/^[^:]+:/, ''))).toEqual([
    '3 CREATE TABLE "a" ("id" SERIAL PRIMARY KEY, "name" VARCHAR (20) NOT NULL)',
    '5 ALTER TABLE "a" ADD COLUMN "on" BOOLEAN DEFAULT false',
    '6 ALTER TABLE a ADD b text',
    '6 CREATE INDEX i ON a (b)',
    "2 INSERT INTO a (name) VALUES ('x')",
    '2 SELECT id FROM a',
    '3 not SQL: code that works on rows (a query gives it)',
  ]);
});

test('a migration that runs the SQL files beside it is these files, in its own place', async () => {
  const wrapper = (name: string) => `var path = require('path');
exports.up = function (db) {
  var filePath = path.join(__dirname, 'sqls', '${name}-up.sql');
  return new Promise((resolve, reject) => {
    fs.readFile(filePath, { encoding: 'utf-8' }, (err, data) => (err ? reject(err) : resolve(data)));
  }).then((data) => db.runSql(data));
};
`;
  const { chain, lines } = await sentBy({
    'src/migrations/20240101000000-a.js': wrapper('20240101000000-a'),
    'src/migrations/20240102000000-b.js': "exports.up = (db) => db.runSql('ALTER TABLE a ADD b text');\n",
    'src/migrations/sqls/20240101000000-a-up.sql': 'CREATE TABLE a (id int);\n',
    'src/migrations/sqls/20240101000000-a-down.sql': 'DROP TABLE a;\n',
    'src/migrations/sqls/20240103000000-c-up.sql': 'DROP TABLE a;\n',
  });
  expect(lines).toEqual([
    '20240101000000-a:1 CREATE TABLE a (id int)',
    '20240102000000-b:1 ALTER TABLE a ADD b text',
  ]);
  expect(chain.migrations[0]).toMatchObject({
    path: 'src/migrations/sqls/20240101000000-a-up.sql',
    downPath: 'src/migrations/sqls/20240101000000-a-down.sql',
  });
  expect(chain.leftOut).toEqual([
    {
      path: 'src/migrations/sqls/20240103000000-c-up.sql',
      reason: 'not run: no migration in src/migrations runs it',
    },
  ]);
});
