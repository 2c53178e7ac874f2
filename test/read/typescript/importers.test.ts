import { expect, test } from 'vitest';
import { treeOfTexts } from '../../../src/change/from-texts.ts';
import { importersOf } from '../../../src/read/typescript/importers.ts';
import { openImportResolver } from '../../../src/read/typescript/resolve.ts';
import { openShelf } from '../../../src/read/typescript/shelf.ts';

/** The importers of paths in a tree of the given files. */
async function importers(texts: Readonly<Record<string, string>>, ...paths: readonly string[]) {
  const tree = treeOfTexts('head', new Map(Object.entries(texts)));
  return Object.fromEntries(await importersOf(tree, () => openImportResolver(tree), openShelf(), paths));
}

test('imports of every form lead to a file, by its name, its folder or a mapped path', async () => {
  const texts = {
    'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
    'src/orders.ts': 'export const orders = 1;',
    'src/export/index.ts': "export * from '../orders.js';",
    'src/server.ts': "import { orders } from './orders';",
    'src/job.mjs': "const { orders } = await import('./export');",
    'bin/run.cjs': 'const { orders } = require("../src/export/index");',
    'src/page.vue': "<script>\nimport { orders } from '@/orders';\n</script>",
    'test/orders.test.ts': "import { orders } from '../src/orders';",
    'src/other/orders.ts': '',
    'src/other/user.ts': "import './orders';",
    'src/words.ts': "// import { orders } from './orders'",
    'src/broken.ts': "import { orders } from './orders'; const = ;",
  };
  expect(await importers(texts, 'src/orders.ts', 'src/export/index.ts', 'src/server.ts')).toEqual({
    'src/orders.ts': ['src/broken.ts', 'src/export/index.ts', 'src/page.vue', 'src/server.ts'],
    'src/export/index.ts': ['bin/run.cjs', 'src/job.mjs'],
    'src/server.ts': [],
  });
});

test('of many files at once the same is told as of each alone', async () => {
  const names = Array.from({ length: 12 }, (_, index) => `src/part-${index}.ts`);
  const texts = Object.fromEntries(
    names.map((name, index) => [name, index === 0 ? '' : `import './part-${index - 1}';`]),
  );
  const alone = await Promise.all(names.map((name) => importers(texts, name)));
  expect(await importers(texts, ...names)).toEqual(Object.assign({}, ...alone));
  expect(Object.values(alone[3] ?? {})).toEqual([['src/part-4.ts']]);
});
