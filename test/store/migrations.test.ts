import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { tablewarden } from '../cli/tablewarden.ts';
import { removeFolders, temporaryFolder } from '../hook/repository.ts';

afterAll(removeFolders);

test('the store is what Tablewarden asks of others: its migrations apply, and there is nothing to say of them', () => {
  const folder = temporaryFolder();
  for (const path of ['src/store/migrations', 'tablewarden.yml'])
    cpSync(path, join(folder, path), { recursive: true });
  for (const more of [['--all'], ['--from', temporaryFolder()]]) {
    const { code, out } = tablewarden(process.cwd(), [
      'check',
      '--to',
      folder,
      ...more,
      '--prove',
      'full',
      '--format',
      'json',
    ]);
    const report = JSON.parse(out);
    expect({ code, findings: report.findings }).toEqual({ code: 0, findings: [] });
    const verdicts = report.proof.flatMap(
      ({ migrations }: { migrations: { verdict: string }[] }) => migrations,
    );
    expect(verdicts.length).toBeGreaterThan(0);
    expect(new Set(verdicts.map(({ verdict }: { verdict: string }) => verdict))).toEqual(new Set(['proved']));
  }
});
