// Writes rules/README.md from the pages; with --check it only tells whether that is what stands there (exit code 1: stale).
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { factsText } from './facts-text.mjs';

const CATALOGUE = 'rules/README.md';
const PEERS = '.github/peers.json';
const DIALECTS = 4;
const HEADINGS = { error: 'Errors', warning: 'Warnings', note: 'Notes', off: 'Off until they are asked for' };
const READS = { state: 'schema and uses', change: 'what the change does', run: 'the check itself' };

const text = catalogueOf(await readPages(), JSON.parse(readFileSync(PEERS, 'utf8')));
if (!process.argv.includes('--check')) writeFileSync(CATALOGUE, text);
else if (!existsSync(CATALOGUE) || readFileSync(CATALOGUE, 'utf8') !== text) {
  console.error(`${CATALOGUE} is not what the pages say. Run: npm run catalogue`);
  process.exitCode = 1;
}

/** The pages as the command line reads them, by id. */
async function readPages() {
  const bundle = await build({
    entryPoints: ['src/rule/page.ts'],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    plugins: [factsText],
  });
  const { parsePage } = await import(
    `data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].text).toString('base64')}`
  );
  return readdirSync('rules')
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .sort()
    .map((file) => parsePage(`rules/${file}`, readFileSync(`rules/${file}`, 'utf8'), false));
}

function catalogueOf(rules, peers) {
  const sections = Object.entries(HEADINGS).flatMap(([severity, heading]) => {
    const own = rules.filter((rule) => rule.severity === severity);
    return own.length > 0 ? [`## ${heading}\n\n${tableOf(own)}`] : [];
  });
  const intro = `# The rules

<!-- Written by \`npm run catalogue\` from the pages beside it. -->

Each page is what a user reads, the query that runs, and the pull requests that keep both honest. A page may lower the severity
of single findings, and says why. Another severity, or \`off\`, is set in \`tablewarden.yml\`; pages of your own stand in
\`.tablewarden/rules\` and are written in the same way.`;
  return `${[intro, ...sections, coverageOf(rules, peers)].join('\n\n')}\n`;
}

/** What other tools look for, and which pages do, or why none does. */
function coverageOf(rules, peers) {
  const known = new Set(rules.map(({ id }) => id));
  const tables = Object.entries(peers).map(([peer, { url, rules: theirs }]) => {
    const rows = Object.entries(theirs).map(([name, ours]) => {
      const missing = Array.isArray(ours) ? ours.filter((id) => !known.has(id)) : [];
      if (missing.length > 0) throw new Error(`${PEERS}: ${name} names pages that do not exist: ${missing}`);
      return `| ${name} | ${Array.isArray(ours) ? ours.map((id) => `[\`${id}\`](${id}.md)`).join(', ') : `not told: ${ours}`} |`;
    });
    return [`### [${peer}](${url})\n`, '| Its rule | Here |', '|---|---|', ...rows].join('\n');
  });
  return `## What other tools look for\n\n${tables.join('\n\n')}`;
}

function tableOf(rules) {
  const rows = rules.map(
    ({ id, title, reads, dialects }) =>
      `| [\`${id}\`](${id}.md) | ${title.replaceAll('|', '\\|')} | ${READS[reads]} | ${dialectsText(dialects)} |`,
  );
  return ['| Rule | What it finds | Reads | Dialects |', '|---|---|---|---|', ...rows].join('\n');
}

function dialectsText(dialects) {
  return dialects.length === 0 || dialects.length === DIALECTS ? 'all' : dialects.join(', ');
}
