import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeRepository, removeFolders, type TestRepository } from '../hook/repository.ts';
import { manifest, runComposite } from './composite.ts';
import type { Told } from './runner.ts';

afterAll(removeFolders);

let repository: TestRepository;
let event: Told;

beforeAll(() => {
  repository = makeRepository();
  const base = repository.commit({ 'migrations/1.sql': 'CREATE TABLE customers (id bigint PRIMARY KEY);\n' });
  const head = repository.commit({
    'migrations/2.sql': 'ALTER TABLE customers ADD COLUMN country text NOT NULL;\n',
  });
  event = { name: 'merge_group', payload: { merge_group: { base_sha: base, head_sha: head } } };
});

test('the action: its steps, its outputs, and the alerts uploaded although the check failed', async () => {
  const run = await runComposite(repository.directory, event, { 'upload-sarif': 'true', prove: 'fast' });
  expect(run.code).toBe(1);
  expect(run.outputs).toMatchObject({ conclusion: 'failure', errors: '1', findings: '1' });
  expect(run.used.map(({ action }) => action.split('@')[0])).toEqual([
    'actions/cache',
    'github/codeql-action/upload-sarif',
  ]);
  const [cache, upload] = run.used;
  expect(cache?.with.key).toMatch(/^tablewarden-npm-Linux-X64-[0-9a-f]{64}$/);
  expect(cache?.with.path).toMatch(/\S/);
  expect(existsSync(upload?.with.sarif_file ?? '')).toBe(true);
});

test('uploads nothing unless it is asked to, and nothing where it could not judge', async () => {
  const quiet = await runComposite(repository.directory, event, { 'fail-on': 'never', prove: 'off' });
  expect(quiet).toMatchObject({ code: 0, outputs: { conclusion: 'success', errors: '1' } });
  expect(quiet.used).toHaveLength(1);
  const broken = await runComposite(repository.directory, event, { 'upload-sarif': 'true', prove: 'never' });
  expect(broken).toMatchObject({ code: 2, outputs: { conclusion: 'error', sarif: '' } });
  expect(broken.used).toHaveLength(1);
});

test('other actions are named by commit, and no script holds an expression', () => {
  for (const { uses, run = '' } of manifest().runs.steps) {
    if (uses) expect(uses).toMatch(/^[\w-]+(\/[\w-]+)+@[0-9a-f]{40}$/);
    expect(run).not.toContain('${{');
  }
});
