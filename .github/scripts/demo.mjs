// npm run demo: a pull request against a small shop, judged by the command as it was built. Exit code 0: it saw what it must.
import { spawnSync } from 'node:child_process';
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
  console.log('$ tablewarden check main..feature\n');
  const run = spawnSync(process.execPath, [command, 'check', 'main..feature'], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, ...(process.stdout.isTTY && !process.env.NO_COLOR && { FORCE_COLOR: '1' }) },
  });
  process.stdout.write(run.stdout);
  process.stderr.write(run.stderr);
  const missing = EXPECTED.filter((rule) => !run.stdout.includes(rule));
  if (run.status === 1 && missing.length === 0) return 0;
  console.error(`\nThe demo expected exit code 1 and findings of ${EXPECTED.join(', ')};`);
  console.error(
    `it got exit code ${run.status}${missing.length > 0 ? ` and none of ${missing.join(', ')}` : ''}.`,
  );
  return 1;
});
