// Bundles the command line and the engine child into dist/; native and WebAssembly packages stay outside.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, transform } from 'esbuild';
import { factsText } from './facts-text.mjs';
import { partLoader } from './load-part.mjs';

const { version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const needed = ['@duckdb/node-bindings', 'enhanced-resolve', 'libpg-query', 'oxc-parser', 'sql.js', 'yaml'];
for (const name of needed) if (!dependencies[name]) throw new Error(`${name} is no dependency any more`);
const external = [...needed, 'graphile-worker', 'probot'];

/** The rule pages as a check needs them, so that it reads no Markdown and no SQL of theirs. */
async function packedPages() {
  const bundle = {
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    external,
  };
  const outfile = 'dist/.pages.mjs';
  const contents = `export { readPages } from './src/rule/pages.ts';
    export { packPages } from './src/rule/packed-pages.ts';
    export { openDuckdb } from './src/prove/engine/duckdb.ts';`;
  await build({ ...bundle, stdin: { contents, resolveDir: '.' }, outfile, plugins: [factsText] });
  const { readPages, packPages, openDuckdb } = await import(pathToFileURL(outfile).href);
  rmSync(outfile);
  const text = await packPages(readPages(pathToFileURL('rules/')), await openDuckdb());
  return text.replace(/[^\0-\x7f]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`); // read byte by byte
}

/** Beside the program: as part of one they would be scanned whenever it starts, and kept with its code. */
const PAGES = 'pages.txt';

const rulePages = {
  name: 'rule-pages',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/rule\/pages\.ts$/ }, ({ path }) => ({
      resolveDir: dirname(path),
      contents: `import { readFileSync } from 'node:fs';
        import { unpackPages } from './packed-pages.ts';
        let rules;
        const read = () => readFileSync(new URL(${JSON.stringify(PAGES)}, import.meta.url), 'latin1');
        export const builtInRules = () => (rules ??= unpackPages(read()));`,
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

/** Node starts CommonJS with less work than modules, of which esbuild alone makes parts that are loaded when needed. */
async function toCommonJs(text, isProgram, build) {
  const define = { 'import.meta.url': 'import_meta_url' };
  const { code } = await transform(text, { format: 'cjs', platform: 'node', target: 'node20', define });
  const own = loadedWhenUsed(
    code.replace(
      /\bimport\("(\.\/[\w.-]+|libpg-query|yaml)"\)/g,
      'Promise.resolve().then(() => require("$1"))',
    ),
  )
    .replace(/\brequire\("\.\/([\w.-]+)"\)/g, 'loadPart("$1")')
    .replace(/\bimport\("/g, isProgram ? '$&' : 'importPackage("');
  const loader = isProgram ? `const loadPart = (${partLoader})(require, __dirname, "${build}");\n` : '';
  const url = own.includes('import_meta_url')
    ? 'const import_meta_url = require("node:url").pathToFileURL(__filename).href;\n'
    : '';
  return own.replace(/^(#!.*\n)?/, (line) => line + url + loader);
}

/**
 * Each part and each module of Node's own is loaded at the first use of something in it: most of what is imported is for
 * other changes than the one at hand. Ours does nothing but declare when it is loaded, so that the order is of no account.
 */
function loadedWhenUsed(code) {
  const names = new Set();
  const declared = code.replace(/^var (import_\w+) = require\("([^"]+)"\);$/gm, (_, name, from) => {
    names.add(name);
    return `var ${name}_;\nfunction ${name}() { return ${name}_ ??= require("${from}"); }`;
  });
  return declared.replace(/\b(import_\w+)\./g, (use, name) => (names.has(name) ? `(${name}()).` : use));
}

const programs = {
  cli: 'src/cli.ts',
  action: 'src/action.ts',
  'judge-child': 'src/app/judge-child.ts',
  'engine-child': 'src/prove/engine-child.ts',
  'pglite-child': 'src/prove/pglite-child.ts',
};
const { outputFiles } = await build({
  entryPoints: programs,
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  write: false,
  external,
  loader: { '.sql': 'text', '.md': 'text' },
  plugins: [factsText, rulePages],
  define: {
    'process.env.TABLEWARDEN_VERSION': JSON.stringify(version),
    'process.env.TABLEWARDEN_READER': JSON.stringify(readerVersion()),
  },
  logLevel: 'warning',
});

const pages = await packedPages();
rmSync('dist', { recursive: true, force: true });
mkdirSync('dist');
writeFileSync(`dist/${PAGES}`, pages);
writeFileSync('dist/package.json', '{ "type": "commonjs" }\n');
const texts = outputFiles.map(({ text }) => text).join('');
const own = readFileSync('.github/scripts/build.mjs');
const id = createHash('sha256')
  .update(texts)
  .update(own)
  .update(String(partLoader))
  .digest('hex')
  .slice(0, 16);
for (const { path, text } of outputFiles)
  writeFileSync(path, await toCommonJs(text, basename(path, '.js') in programs, id));
copyFileSync('src/config.schema.json', 'dist/config.schema.json'); // for editors: tablewarden.yml names it
