// npm run demo: a pull request against a small shop, judged by the command as it was built. Exit code 0: it saw what it must.
// With --markdown as a comment shows it. With --readme both reports are renewed where they stand: in the README and in demo.md.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { withShop } from './shop.mjs';

const EXPECTED = [
  'table-without-primary-key',
  'foreign-key-without-index',
  'legacy-table-used',
  'not-null-without-default',
  'migration-does-not-apply',
];

const command = resolve('dist/cli.js');

process.exitCode = await withShop((directory) => {
  const isMarkdown = process.argv.includes('--markdown');
  const run = judge(directory, isMarkdown ? ['--format', 'markdown'] : []);
  const shown = isMarkdown ? run.stdout : `$ tablewarden check main..feature\n\n${run.stdout}`;
  if (process.argv.includes('--readme')) {
    intoReadme(shown);
    writeFileSync('.github/demo.md', judge(directory, ['--format', 'markdown']).stdout);
  } else process.stdout.write(shown);
  process.stderr.write(run.stderr);
  const missing = EXPECTED.filter((rule) => !run.stdout.includes(rule));
  if (run.status === 1 && missing.length === 0) return 0;
  console.error(`\nThe demo expected exit code 1 and findings of ${EXPECTED.join(', ')};`);
  console.error(
    `it got exit code ${run.status}${missing.length > 0 ? ` and none of ${missing.join(', ')}` : ''}.`,
  );
  return 1;
});

function judge(directory, options) {
  return spawnSync(process.execPath, [command, 'check', 'main..feature', ...options], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, ...(process.stdout.isTTY && !process.env.NO_COLOR && { FORCE_COLOR: '1' }) },
  });
}

function intoReadme(shown) {
  const readme = readFileSync('README.md', 'utf8');
  const place = /(<!-- demo -->\n```text\n)[\s\S]*?(```\n<!-- \/demo -->)/;
  writeFileSync(
    'README.md',
    readme.replace(place, (_, before, after) => before + shown + after),
  );
}
