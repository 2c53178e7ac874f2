import { expect, test } from 'vitest';
import { treeOfTexts } from '../../../src/change/from-texts.ts';
import { openImportResolver } from '../../../src/read/typescript/resolve.ts';

type Texts = Readonly<Record<string, string>>;

/** Where imports lead: `from specifier` → the path, or what stands for it. */
async function resolved(texts: Texts, ...imports: readonly (readonly [from: string, specifier: string])[]) {
  const resolver = await openImportResolver(treeOfTexts('head', new Map(Object.entries(texts))));
  return imports.map(([from, specifier]) => {
    const found = resolver.resolve(from, specifier);
    return found.kind === 'file' ? found.path : found.kind;
  });
}

test('relative paths: suffixes, folders, and the suffix of what they compile to', async () => {
  const texts = {
    'src/a.ts': '',
    'src/b.tsx': '',
    'src/dir/index.mts': '',
    'src/c.json': '{}',
    'src/d.vue': '',
  };
  expect(
    await resolved(
      texts,
      ['src/a.ts', './b'],
      ['src/a.ts', './b.js'],
      ['src/a.ts', './dir/index.mjs'],
      ['src/a.ts', './c.json'],
      ['src/a.ts', './d.vue'],
      ['src/a.ts', './gone'],
      ['src/a.ts', '../../etc/passwd'],
    ),
  ).toEqual(['src/b.tsx', 'src/b.tsx', 'src/dir/index.mts', 'src/c.json', 'src/d.vue', 'missing', 'missing']);
});

test('paths and baseUrl of the nearest tsconfig, through extends of files and of packages of the tree', async () => {
  const texts = {
    'tsconfig.base.json': '{ "compilerOptions": { "baseUrl": ".", "paths": { "@lib/*": ["libs/*/src"] } } }',
    'libs/db/src/index.ts': '',
    'shared/root.ts': '',
    'apps/web/tsconfig.json': '{ /* ours */ "extends": "../../tsconfig.base.json", }',
    'apps/web/page.ts': '',
    'packages/config/package.json': '{ "name": "@acme/config" }',
    'packages/config/next.json': '{ "compilerOptions": { "paths": { "~/*": ["./src/*"] } } }',
    'apps/next/tsconfig.json':
      '{ "extends": ["@acme/config/next.json"], "compilerOptions": { "paths": { "~/*": ["./app/*"] } } }',
    'apps/next/app/x.ts': '',
  };
  expect(
    await resolved(
      texts,
      ['apps/web/page.ts', '@lib/db'],
      ['apps/web/page.ts', 'shared/root'],
      ['apps/web/page.ts', '@lib/gone'],
      ['apps/next/app/x.ts', '~/x'],
    ),
  ).toEqual(['libs/db/src/index.ts', 'shared/root.ts', 'missing', 'apps/next/app/x.ts']);
});

test('packages of the tree: exports, imports, main, and the source of what is not built', async () => {
  const texts = {
    'packages/db/package.json':
      '{ "name": "@acme/db", "exports": { ".": { "types": "./dist/index.d.ts", "import": "./dist/index.mjs" }, "./schema/*": "./src/schema/*.ts" } }',
    'packages/db/src/index.ts': '',
    'packages/db/src/schema/users.ts': '',
    'packages/ui/package.json':
      '{ "name": "ui", "main": "./lib/main.js", "imports": { "#own": "./src/own.ts" } }',
    'packages/ui/src/main.tsx': '',
    'packages/ui/src/own.ts': '',
    'app.ts': '',
  };
  expect(
    await resolved(
      texts,
      ['app.ts', '@acme/db'],
      ['app.ts', '@acme/db/schema/users'],
      ['app.ts', '@acme/db/private'],
      ['app.ts', 'ui'],
      ['packages/ui/src/main.tsx', '#own'],
      ['app.ts', 'drizzle-orm/pg-core'],
    ),
  ).toEqual([
    'packages/db/src/index.ts',
    'packages/db/src/schema/users.ts',
    'missing',
    'packages/ui/src/main.tsx',
    'packages/ui/src/own.ts',
    'external',
  ]);
});

test('configuration that loops, leads out of the tree or is no JSON costs only itself', async () => {
  const texts = {
    'tsconfig.json': '{ "extends": "./other.json", "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
    'other.json': '{ "extends": "./tsconfig.json" }',
    'src/a.ts': '',
    'out/tsconfig.json':
      '{ "extends": "../../../../etc/tsconfig.json", "compilerOptions": { "baseUrl": "../../.." } }',
    'out/b.ts': '',
    'broken/tsconfig.json': '{ "compilerOptions": ',
    'broken/package.json': '<<<<<<< ours',
    'broken/c.ts': '',
    'broken/d.ts': '',
  };
  expect(
    await resolved(
      texts,
      ['src/a.ts', '@/a'],
      ['out/b.ts', 'src/a'],
      ['out/b.ts', './b'],
      ['broken/c.ts', './d'],
    ),
  ).toEqual(['src/a.ts', 'src/a.ts', 'out/b.ts', 'broken/d.ts']);
});
