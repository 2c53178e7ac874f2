import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../src/config.ts';
import { UserError } from '../src/errors.ts';

const schema = JSON.parse(readFileSync('src/config.schema.json', 'utf8'));
const ajv = new Ajv({ allowUnionTypes: true });
addFormats.default(ajv);
const validate = ajv.compile(schema);

/** What the reader of the configuration says of a text that it refuses: both lines. */
async function refusal(text: string): Promise<string> {
  try {
    await parseConfig('tablewarden.yml', text);
  } catch (error) {
    if (error instanceof UserError) return `${error.message} ${error.remedy}`;
    throw error;
  }
  throw new Error(`it was accepted: ${text}`);
}

/** Keys of the schema at a path, and a text in which an unknown key stands there. */
const OBJECTS: readonly (readonly [path: string, keys: Record<string, unknown>, text: string])[] = [
  ['the file', schema.properties, 'qqqqqqqqqqqq: 1'],
  ['postgres', schema.properties.postgres.properties, 'postgres: { qqqqqqqqqqqq: 1 }'],
  [
    'an entry of migrations',
    schema.properties.migrations.items.properties,
    'migrations: [{ path: a, qqqqqqqqqqqq: 1 }]',
  ],
  ['an entry of legacy', schema.properties.legacy.items.properties, 'legacy: [{ qqqqqqqqqqqq: 1 }]'],
  ['owners', schema.properties.owners.properties, 'owners: { qqqqqqqqqqqq: 1 }'],
  ['an entry of wrappers', schema.properties.wrappers.items.properties, 'wrappers: [{ qqqqqqqqqqqq: 1 }]'],
  [
    'an entry of profile',
    schema.properties.profile.items.properties,
    'profile: [{ path: a, qqqqqqqqqqqq: 1 }]',
  ],
  ['waivers', schema.properties.waivers.properties, 'waivers: { qqqqqqqqqqqq: 1 }'],
  ['review', schema.properties.review.properties, 'review: { qqqqqqqqqqqq: 1 }'],
  ['hook', schema.properties.hook.properties, 'hook: { qqqqqqqqqqqq: 1 }'],
];

const WORDS: readonly (readonly [path: string, words: readonly string[], text: string])[] = [
  ['review.fixed', schema.properties.review.properties.fixed.enum, 'review: { fixed: qqqqqq }'],
  [
    'tool',
    schema.properties.migrations.items.properties.tool.enum,
    'migrations: [{ path: a, tool: qqqqqq }]',
  ],
  [
    'dialect',
    schema.properties.migrations.items.properties.dialect.enum,
    'migrations: [{ path: a, dialect: qqqqqq }]',
  ],
  [
    'op',
    schema.properties.wrappers.items.properties.op.enum,
    'wrappers: [{ function: a, table: 0, op: qqqqqq }]',
  ],
  ['preset', schema.properties.preset.enum, 'preset: qqqqqq'],
  ['rules', schema.properties.rules.additionalProperties.enum, 'rules: { a: qqqqqq }'],
];

describe('the published schema of the configuration', () => {
  test.each(OBJECTS)('has the keys that are read: %s', async (_, keys, text) => {
    const said = /Its keys are (.*)\./.exec(await refusal(text))?.[1]?.split(', ');
    expect(new Set(said)).toEqual(new Set(Object.keys(keys)));
    expect(validate(parse(text))).toBe(false);
  });

  test.each(WORDS)('has the words that are read: %s', async (_, words, text) => {
    expect(/is one of (.*), not qqqqqq/.exec(await refusal(text))?.[1]?.split(', ')).toEqual(words);
    expect(validate(parse(text))).toBe(false);
    for (const word of words) {
      const good = text.replace('qqqqqq', word);
      await parseConfig('tablewarden.yml', good);
      expect(validate(parse(good)), good).toBe(true);
    }
  });

  test.each([
    '',
    'postgres: { version: 16 }\nhot_tables: events\ndocuments: [docs/schema.md]',
    'legacy:\n  - { table: posts, columns: [body], use: documents, because: merged, since: 2026-01-02, owner: data }',
    'wrappers:\n  - { function: runReport, from: "@acme/db", sql: 0 }\n  - { function: save, table: 0, op: insert }',
    'owners: { connections: src/db.ts, ddl: [migrations/**], tables: { a: b } }\nwaivers: { never: [table-dropped] }\nrules:',
  ])('takes what is taken: %j', async (text) => {
    await parseConfig('tablewarden.yml', text);
    validate(parse(text));
    expect(validate.errors).toBeNull();
  });

  test.each([
    'postgres: { version: 1 }',
    'migrations: [{ tool: prisma }]',
    'legacy: [{ use: a }]',
    'wrappers: [{ sql: 0 }]',
    'legacy: [{ table: a, since: soon }]',
    'hot_tables: { a: 1 }',
    'waivers: { never: a }',
  ])('refuses what is refused: %j', async (text) => {
    await refusal(text);
    expect(validate(parse(text)), text).toBe(false);
  });
});
