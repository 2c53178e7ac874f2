// npm run demo: a pull request against a small shop, judged by the command as it was built. Exit code 0: it saw what it must.
// With --readme the report goes into the README in place of the one that is there.
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
  const run = spawnSync(process.execPath, [command, 'check', 'main..feature'], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, ...(process.stdout.isTTY && !process.env.NO_COLOR && { FORCE_COLOR: '1' }) },
  });
  const shown = `$ tablewarden check main..feature\n\n${run.stdout}`;
  if (process.argv.includes('--readme')) intoReadme(shown);
  else process.stdout.write(shown);
  process.stderr.write(run.stderr);
  const missing = EXPECTED.filter((rule) => !run.stdout.includes(rule));
  if (run.status === 1 && missing.length === 0) return 0;
  console.error(`\nThe demo expected exit code 1 and findings of ${EXPECTED.join(', ')};`);
  console.error(
    `it got exit code ${run.status}${missing.length > 0 ? ` and none of ${missing.join(', ')}` : ''}.`,
  );
  return 1;
});

function intoReadme(shown) {
  const readme = readFileSync('README.md', 'utf8');
  const place = /(<!-- demo -->\n```text\n)[\s\S]*?(```\n<!-- \/demo -->)/;
  writeFileSync(
    'README.md',
    readme.replace(place, (_, before, after) => before + shown + after),
  );
}
