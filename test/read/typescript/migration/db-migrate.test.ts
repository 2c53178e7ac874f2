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
