import { expect, test } from 'vitest';
import { type FingerprintParts, fingerprints } from '../../src/finding/fingerprint.ts';
import { parsePage } from '../../src/rule/page.ts';
import { findingsOf } from '../rule/judge.ts';

const USE = {
  rule: 'legacy-table-used',
  subject: ['migrations', 'posts'],
  path: 'q.sql',
  line: 'FROM posts',
};

const one = (parts: Partial<FingerprintParts>) => fingerprints([{ ...USE, ...parts }])[0];

test('white space around and within the line does not count, everything else does', () => {
  expect(one({ line: '\tFROM   posts ' })).toBe(one({}));
  const others = [
    one({ rule: 'other' }),
    one({ subject: ['migrations', 'drafts'] }),
    one({ subject: ['migrations', 'posts', 'title'] }),
    one({ path: 'other.sql' }),
    one({ line: 'FROM posts p' }),
    one({ line: 'from posts' }),
  ];
  expect(new Set([one({}), ...others]).size).toBe(7);
});

test('parts cannot run into one another', () => {
  expect(one({ subject: ['a', 'b'] })).not.toBe(one({ subject: ['a","b'] }));
  expect(one({ subject: ['a', undefined] })).not.toBe(one({ subject: ['a'] }));
});

test('equal findings are told apart by their order', () => {
  const three = fingerprints([USE, USE, { ...USE, path: 'other.sql' }]);
  expect(new Set(three).size).toBe(3);
  expect(fingerprints([USE, { ...USE, path: 'another.sql' }, USE, USE]).slice(0, 3)).toEqual([
    three[0],
    one({ path: 'another.sql' }),
    three[1],
  ]);
});

test('is twenty hexadecimal digits', () => {
  expect(one({})).toMatch(/^[0-9a-f]{20}$/);
});

test('of a check survives a rebase: lines that are added above, and other tables before it', async () => {
  const page = `---\nreads: state\n---\n# Uses\n\nWhat happens.\n\n## Message\n\n{table} is used.\n\n## Query\n\n\`\`\`sql
SELECT path, line, col, table_id, table_name AS "table" FROM table_uses WHERE table_name = 'log'\n\`\`\`\n`;
  const rules = [parsePage('rules/uses.md', page, false)];
  const base = { 'migrations/1.sql': 'CREATE TABLE log (id bigint);\n' };
  const query = 'SELECT id FROM log;\nSELECT id FROM log;\n';
  const before = await findingsOf(rules, { base, head: { ...base, 'q.sql': query } });
  const rebased = { 'migrations/1.sql': `CREATE TABLE first (id bigint);\n${base['migrations/1.sql']}` };
  const after = await findingsOf(rules, {
    base: rebased,
    head: { ...rebased, 'q.sql': `-- Newest first.\n\n${query}` },
  });
  expect(before.map(({ line }) => line)).toEqual([1, 2]);
  expect(after.map(({ line }) => line)).toEqual([3, 4]);
  expect(after.map(({ fingerprint }) => fingerprint)).toEqual(before.map(({ fingerprint }) => fingerprint));
  expect(new Set(before.map(({ fingerprint }) => fingerprint)).size).toBe(2);
});
