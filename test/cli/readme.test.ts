import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const readme = readFileSync('README.md', 'utf8');

const RENEW = 'renew it: node .github/scripts/demo.mjs --readme';

function demo(...options: readonly string[]): string {
  const { HOME: _, ...env } = process.env;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['.github/scripts/demo.mjs', ...options], {
    env: { ...env, NO_COLOR: '1' },
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
}

describe('the README', () => {
  test('opens with what the demo prints, and shows it as a comment does', () => {
    const [, shown] = /<!-- demo -->\n```text\n([\s\S]*?)```\n<!-- \/demo -->/.exec(readme) ?? [];
    expect(shown, RENEW).toBe(demo());
    expect(readFileSync('.github/demo.md', 'utf8'), RENEW).toBe(demo('--markdown'));
  });

  test('names only files that exist', () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => path!);
    expect(links.length).toBeGreaterThan(3);
    for (const path of links) expect(() => readFileSync(path), path).not.toThrow();
  });
});
