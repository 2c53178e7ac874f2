import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const readme = readFileSync('README.md', 'utf8');

describe('the README', () => {
  test('opens with what the demo prints', () => {
    const { HOME: _, ...env } = process.env;
    const demo = spawnSync(process.execPath, ['.github/scripts/demo.mjs'], {
      env: { ...env, NO_COLOR: '1' },
      encoding: 'utf8',
    });
    expect(demo.stderr).toBe('');
    expect(demo.status).toBe(0);
    const [, shown] = /<!-- demo -->\n```text\n([\s\S]*?)```\n<!-- \/demo -->/.exec(readme) ?? [];
    expect(shown, 'renew it: node .github/scripts/demo.mjs --readme').toBe(demo.stdout);
  });

  test('names only files that exist', () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => path!);
    expect(links.length).toBeGreaterThan(3);
    for (const path of links) expect(() => readFileSync(path), path).not.toThrow();
  });
});
