import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const readme = readFileSync('README.md', 'utf8');

const RENEW = 'renew it: node .github/scripts/demo.mjs --readme';

const demo = (...options: readonly string[]) => run('demo.mjs', ...options);

function run(script: string, ...options: readonly string[]): string {
  const { HOME: _, ...env } = process.env;
  const { stdout, stderr, status } = spawnSync(process.execPath, [`.github/scripts/${script}`, ...options], {
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

  test('shows what a pull request gets as the GitHub of the tests got it', () => {
    const [, shown = ''] = /<!-- review -->\n([\s\S]*?)<!-- \/review -->/.exec(readme) ?? [];
    const page = run('review-example.mjs');
    expect(
      readFileSync('.github/review.md', 'utf8'),
      'renew it: node .github/scripts/review-example.mjs --write',
    ).toBe(page);
    const [, place = '', text = ''] = /^On (.*):\n\n([\s\S]*)\n$/.exec(shown) ?? [];
    expect(page).toContain(`### ${place}\n\n${text.replace(/^> ?/gm, '')}\n`);
  });

  test('names only files that exist', () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => path!);
    expect(links.length).toBeGreaterThan(3);
    for (const path of links) expect(() => readFileSync(path), path).not.toThrow();
  });
});
