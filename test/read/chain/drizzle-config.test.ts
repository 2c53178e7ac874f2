import { beforeAll, describe, expect, test } from 'vitest';
import { configsOf, readDrizzleConfig } from '../../../src/read/tool/drizzle-config.ts';
import { loadCodeParser } from '../../../src/read/typescript/parse.ts';

beforeAll(loadCodeParser);

const read = (text: string, path = 'db/drizzle.config.ts') => readDrizzleConfig(path, text);

describe('a configuration of the kit', () => {
  test('is read in every form that is written', () => {
    const said = { schema: ['./a.ts'], out: './sql', dialect: 'postgresql' };
    for (const text of [
      `export default defineConfig({ schema: './a.ts', out: './sql', dialect: 'postgresql' });`,
      `export default { schema: './a.ts', out: './sql', dialect: 'postgresql' } satisfies Config;`,
      `const base = { out: './sql', dialect: 'postgresql' } as const;
       const config: Config = { ...base, schema: './a.ts' };
       export default config;`,
      `module.exports = { schema: './a.ts', out: './sql', dialect: 'postgresql' };`,
    ])
      expect(read(text), text).toMatchObject(said);
    const json = `{ "schema": ["./a.ts"], "out": "./sql", "dialect": "postgresql", "casing": "snake_case" }`;
    expect(read(json, 'db/drizzle.config.json')).toMatchObject({ ...said, isSnakeCased: true });
  });

  test.each([
    [`['./a.ts', './b/*.ts']`, ['./a.ts', './b/*.ts']],
    ["`./${'src'}/a.ts`", ['./src/a.ts']],
    ['`${ROOT}/a.ts`', ['./src/a.ts']],
    [`ROOT + '/{a,b}.ts'`, ['./src/a.ts', './src/b.ts']],
    [`process.env.SCHEMA ?? './a.ts'`, ['./a.ts']],
    [`isTest ? './test.ts' : './a.ts'`, ['./test.ts', './a.ts']],
    [`path.join(__dirname, 'a.ts')`, ['/db/a.ts']],
    [`resolve(import.meta.dirname, '../a.ts')`, ['/a.ts']],
    [`relative(process.cwd(), fileURLToPath(new URL('./a.ts', import.meta.url)))`, ['/db/a.ts']],
    [`join(process.cwd(), 'src', 'a.ts')`, ['src/a.ts']],
  ])('tells its models by %s', (schema, expected) => {
    expect(read(`const ROOT = './src';\nexport default { schema: ${schema} };`).schema).toEqual(expected);
  });

  test.each([
    'process.env.SCHEMA',
    'schemaOf(stage)',
    `[...shared, './a.ts']`,
    '`./${stage}.ts`',
    'imported',
  ])('does not tell them by %s, which only running it would', (schema) => {
    const text = `import { imported } from './other';\nexport default { schema: ${schema}, out: stage };`;
    expect(read(text)).toMatchObject({ schema: undefined, out: undefined });
  });

  test('without a folder of migrations has the usual one, unless something unknown may name one', () => {
    expect(read('export default {};').out).toBe('./drizzle');
    expect(read('export default { ...shared };').out).toBeUndefined();
    expect(read('export default {').out).toBeUndefined();
  });

  test('is the one of a folder where it is run beside itself, or else further up', () => {
    const app = read(`export default { out: 'drizzle' };`, 'app/server/db/drizzle.config.ts');
    const near = read(`export default { out: './drizzle' };`, 'app/drizzle.config.ts');
    const of = (folder: string) => configsOf([app, near], folder).map(({ config }) => config.path);
    expect(of('app/drizzle')).toEqual(['app/drizzle.config.ts', 'app/server/db/drizzle.config.ts']);
    expect(of('app/server/db/drizzle')).toEqual(['app/server/db/drizzle.config.ts']);
    expect(of('other/drizzle')).toEqual([]);
  });
});
