import { expect, test } from 'vitest';
import { withParameters } from '../../../src/read/sql/named-parameters.ts';

test.each([
  ['WHERE a = :id AND b::text = :name!', 'WHERE a = $1  AND b::text = $1    '],
  ['WHERE a = $id', 'WHERE a = $1 '],
  ['WHERE a IN ($/ids:csv/) AND b = $<from.to>', 'WHERE a IN ($1        ) AND b = $1        '],
  ['VALUES ($(a), $[b], ${c#})', 'VALUES ($1  , $1  , $1   )'],
  ['VALUES (?, ?)', 'VALUES (0, 0)'],
])('%s has parameters that Postgres takes', (text, expected) => {
  expect(withParameters(text)).toBe(expected);
});

test.each([
  // a name or a text that is put in is no value
  'SELECT * FROM $/table:name/ WHERE ${condition:raw}',
  'SELECT \':a\', "$b" -- :c\n /* ? */ FROM t WHERE a = $1',
  'DO $body$ BEGIN PERFORM :a; END $body$; DO $$ ? $$',
])('%s stays', (text) => {
  expect(withParameters(text)).toBe(text);
});
