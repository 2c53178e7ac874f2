import { expect, test } from 'vitest';
import { changeOfTexts } from '../../src/change/from-texts.ts';
import { findServerVersion } from '../../src/read/server-version.ts';

test.each([
  ['an image', { 'docker-compose.yml': 'services:\n  db:\n    image: postgres:16-alpine\n' }, 16],
  [
    'an image of another maker',
    { 'compose.yaml': 'db: {}\n  image: "docker.io/pgvector/pgvector:pg17"\n' },
    17,
  ],
  [
    'a service of CI',
    { '.github/workflows/test.yml': '      postgres:\n        image: postgres:15.4\n' },
    15,
  ],
  [
    'compose before CI, the root before a folder',
    {
      '.github/workflows/a.yml': 'image: postgres:12',
      'apps/db/docker-compose.yml': 'image: postgres:13',
      'docker-compose.dev.yml': '  image: postgres:14',
    },
    14,
  ],
  ['no number', { 'docker-compose.yml': 'image: postgres:latest\nimage: postgresish:16\n' }, undefined],
] as const)('%s names the version', async (_, texts, major) => {
  const { head } = await changeOfTexts(new Map(), new Map(Object.entries<string>(texts)), new Map());
  expect((await findServerVersion(head))?.major).toBe(major);
});
