// Bundles the command line and the engine child into dist/; native and WebAssembly packages stay outside.
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';

const { version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const external = ['@duckdb/node-bindings', 'libpg-query'];
for (const name of external) if (!dependencies[name]) throw new Error(`${name} is no dependency any more`);

await build({
  entryPoints: { cli: 'src/cli.ts', 'engine-child': 'src/prove/engine-child.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  external,
  loader: { '.sql': 'text', '.md': 'text' },
  define: { 'process.env.TABLEWARDEN_VERSION': JSON.stringify(version) },
  logLevel: 'warning',
});
