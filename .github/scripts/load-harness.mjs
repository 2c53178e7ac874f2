// A harness is TypeScript of the tests: bundled to where its packages are found, so that a script can run it.
import { mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { factsText } from './facts-text.mjs';

/** Files find what lies beside them by their own place. */
const ownPlaces = {
  name: 'own-places',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/(src|test)\/.*\.ts$/ }, ({ path }) => {
      const place = JSON.stringify(pathToFileURL(path).href);
      return { contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', place), loader: 'ts' };
    });
  },
};

/** Imports the given files of a folder of `test/` as one module. */
export async function loadHarness(folder, files) {
  const outdir = resolve('node_modules/.cache/tablewarden');
  mkdirSync(outdir, { recursive: true });
  const outfile = `${outdir}/${folder}.mjs`;
  const contents = files.map((file) => `export * from '${file}';`).join('\n');
  await build({
    stdin: { contents, resolveDir: resolve('test', folder) },
    ...{ bundle: true, platform: 'node', format: 'esm', packages: 'external', outfile, logLevel: 'error' },
    plugins: [factsText, ownPlaces],
  });
  return import(pathToFileURL(outfile).href);
}
