// Bundles the command line and the engine child into dist/; native and WebAssembly packages stay outside.
import { createHash } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { factsText } from './facts-text.mjs';

const { version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const external = ['@duckdb/node-bindings', 'enhanced-resolve', 'libpg-query', 'oxc-parser', 'sql.js', 'yaml'];
for (const name of external) if (!dependencies[name]) throw new Error(`${name} is no dependency any more`);

/** The rule pages, parsed: what a check needs of them, so that it reads no Markdown. */
async function parsedPages() {
  const bundle = { bundle: true, format: 'esm', platform: 'node', target: 'node20', logLevel: 'warning' };
  const outfile = 'dist/.pages.mjs';
  await build({ ...bundle, entryPoints: ['src/rule/pages.ts'], outfile, plugins: [factsText] });
  const { readPages } = await import(pathToFileURL(outfile).href);
  rmSync(outfile);
  const rules = readPages(pathToFileURL('rules/'));
  return rules.map((rule) => ({ ...rule, flagged: [], accepted: [] }));
}

const rulePages = {
  name: 'rule-pages',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/rule\/pages\.ts$/ }, async () => ({
      contents: `const text = ${JSON.stringify(JSON.stringify(await parsedPages()))};
        export const builtInRules = () => JSON.parse(text);`,
    }));
  },
};

/** Changes with everything that makes a schema out of texts: schemas cached by another reader are not used. */
function readerVersion() {
  const hash = createHash('sha256');
  for (const room of ['src/read', 'src/schema'])
    for (const file of readdirSync(room, { recursive: true }).map(String).sort())
      if (file.endsWith('.ts')) hash.update(file).update(readFileSync(`${room}/${file}`));
  return hash.digest('hex').slice(0, 16);
}

await build({
  entryPoints: { cli: 'src/cli.ts', action: 'src/action.ts', 'engine-child': 'src/prove/engine-child.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  external,
  loader: { '.sql': 'text', '.md': 'text' },
  plugins: [factsText, rulePages],
  define: {
    'process.env.TABLEWARDEN_VERSION': JSON.stringify(version),
    'process.env.TABLEWARDEN_READER': JSON.stringify(readerVersion()),
  },
  logLevel: 'warning',
});

copyFileSync('src/config.schema.json', 'dist/config.schema.json'); // for editors: tablewarden.yml names it
