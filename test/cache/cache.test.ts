import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openCache } from '../../src/cache/cache.ts';
import { fileOf, keyOf } from '../../src/cache/entry.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tablewarden-cache-'));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

const inside = () => readdirSync(folder).sort();

/** A cache that keeps what it says. */
function noted(path = folder, limit?: number) {
  const notes: string[] = [];
  const cache = openCache(path, { limit, note: (message) => notes.push(message) });
  return { cache, notes };
}

describe('a text', () => {
  test.each(['schema/ab12', 'a b', 'ü/é', '../../etc/passwd', '.hidden', 'a*b', 'x'.repeat(300)])(
    'is found again under %s, by another process too, and stays in the folder',
    async (key) => {
      const text = 'Ärger\n\n\0 and more';
      await openCache(folder).put(key, text);
      expect(await openCache(folder).get(key)).toBe(text);
      expect(inside()).toEqual([fileOf(key)]);
      expect(readdirSync(join(folder, '..')).filter((name) => name.includes('passwd'))).toEqual([]);
    },
  );

  test('that was not put is not found, in a folder that is not there either', async () => {
    const { cache, notes } = noted(join(folder, 'not', 'there'));
    expect(await cache.get('a')).toBeUndefined();
    expect(await cache.keys('')).toEqual([]);
    expect(notes).toEqual([]);
    await cache.put('a', 'one');
    expect(await cache.get('a')).toBe('one');
  });

  test('takes the place of the former one', async () => {
    const cache = openCache(folder);
    await cache.put('a', 'one');
    await cache.put('a', 'two');
    expect(await cache.get('a')).toBe('two');
    expect(inside()).toHaveLength(1);
  });

  test('is listed by the beginning of its key', async () => {
    const cache = openCache(folder);
    for (const key of ['schema/1', 'schema/2', 'blob/1']) await cache.put(key, key);
    writeFileSync(join(folder, 'notes.txt'), 'not ours');
    expect([...(await cache.keys('schema/'))].sort()).toEqual(['schema/1', 'schema/2']);
  });

  test('is for nobody but its owner to read', async () => {
    await openCache(folder).put('a', 'one');
    expect(statSync(join(folder, fileOf('a'))).mode & 0o077).toBe(0);
  });
});

describe('a file that is not what its name says', () => {
  test.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, -1)],
    ['empty', () => Buffer.alloc(0)],
    ['altered', (bytes: Buffer) => Buffer.from(bytes.toString().replace('one', 'two'))],
    ['of binary', () => Buffer.from([0xff, 0xfe, 0x00])],
  ])('is ignored and written anew: %s', async (_, damaged) => {
    const { cache, notes } = noted();
    await cache.put('a', 'one of many');
    const path = join(folder, fileOf('a'));
    writeFileSync(path, damaged(readFileSync(path)));
    expect(await cache.get('a')).toBeUndefined();
    await cache.put('a', 'one');
    expect(await cache.get('a')).toBe('one');
    expect(notes).toEqual([]);
  });

  test('as one that was copied to another key’s', async () => {
    const cache = openCache(folder);
    await cache.put('a', 'one');
    writeFileSync(join(folder, fileOf('b')), readFileSync(join(folder, fileOf('a'))));
    expect(await cache.get('b')).toBeUndefined();
  });

  test('as a folder of that name, is told once and worked without', async () => {
    mkdirSync(join(folder, fileOf('a')));
    const { cache, notes } = noted();
    expect(await cache.get('a')).toBeUndefined();
    await cache.put('b', 'one');
    expect(notes).toHaveLength(1);
  });
});

describe('the limit', () => {
  const KB = 'x'.repeat(1024);

  /** Sets when a text was last used, in hours before now. */
  const used = (key: string, hours: number) => {
    const then = Date.now() / 1000 - hours * 3600;
    utimesSync(join(folder, fileOf(key)), then, then);
  };

  test('lets the texts go that were used longest ago, down to three quarters of it', async () => {
    for (const [index, key] of ['a', 'b', 'c', 'd'].entries()) {
      await openCache(folder).put(key, KB);
      used(key, 10 - index);
    }
    const cache = openCache(folder, { limit: 5 * 1024 });
    await cache.put('e', KB);
    expect(inside()).toEqual(['c', 'd', 'e'].map(fileOf));
  });

  test('counts reading as use', async () => {
    for (const [index, key] of ['a', 'b', 'c', 'd'].entries()) {
      await openCache(folder).put(key, KB);
      used(key, 10 - index);
    }
    const cache = openCache(folder, { limit: 5 * 1024 });
    expect(await cache.get('a')).toBe(KB);
    await cache.put('e', KB);
    expect(inside()).toEqual(['a', 'd', 'e'].map(fileOf));
  });

  test('is kept while texts are put, not only when a cache is opened', async () => {
    const cache = openCache(folder, { limit: 8 * 1024 });
    for (let n = 0; n < 40; n++) await cache.put(`k/${n}`, KB);
    const bytes = inside().reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(bytes).toBeLessThanOrEqual(8 * 1024);
    expect(bytes).toBeGreaterThan(0);
  });

  test('keeps out a text that would fill a quarter of it', async () => {
    const cache = openCache(folder, { limit: 2 * 1024 });
    await cache.put('a', KB);
    expect(inside()).toEqual([]);
  });

  test('spares files that are not the cache’s, and sweeps what a process that died left behind', async () => {
    writeFileSync(join(folder, 'notes.txt'), KB.repeat(20));
    writeFileSync(join(folder, '.0123456789abcdef.tmp'), KB);
    writeFileSync(join(folder, '.fedcba9876543210.tmp'), KB);
    const then = Date.now() / 1000 - 2 * 3600;
    utimesSync(join(folder, '.0123456789abcdef.tmp'), then, then);
    await openCache(folder, { limit: 8 * 1024 }).put('a', 'one');
    expect(inside()).toEqual(['.fedcba9876543210.tmp', fileOf('a'), 'notes.txt'].sort());
  });
});

/** Does something without the rights of the superuser, who may write everywhere; the folder is that user's own. */
async function asNobody(work: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return work();
  for (const path of [folder, ...inside().map((name) => join(folder, name))]) chownSync(path, NOBODY, NOBODY);
  process.seteuid?.(NOBODY);
  try {
    await work();
  } finally {
    process.seteuid?.(0);
  }
}

const NOBODY = 65_534;

describe('a folder that cannot be used', () => {
  test('because a file stands in its place, is told once, in words', async () => {
    const path = join(folder, 'file');
    writeFileSync(path, '');
    const { cache, notes } = noted(path);
    await cache.put('a', 'one');
    await cache.put('b', 'two');
    expect(await cache.get('a')).toBeUndefined();
    expect(await cache.keys('')).toEqual([]);
    expect(notes).toEqual([
      `the cache in ${path} cannot be used (it is no folder); everything is worked out anew`,
    ]);
  });

  test('to write, is still read, and told of once', async () => {
    await openCache(folder).put('a', 'one');
    const { cache, notes } = noted();
    await asNobody(async () => {
      chmodSync(folder, 0o500);
      expect(await cache.get('a')).toBe('one');
      await cache.put('b', 'two');
      await cache.put('c', 'three');
      expect(await cache.get('a')).toBe('one');
      expect([...(await cache.keys(''))]).toEqual(['a']);
    });
    expect(notes).toEqual([
      `the cache in ${folder} cannot be used (no permission); everything is worked out anew`,
    ]);
  });

  test('because there is none, forgets everything', async () => {
    const cache = openCache(undefined);
    await cache.put('a', 'one');
    expect(await cache.get('a')).toBeUndefined();
    expect(await cache.keys('')).toEqual([]);
  });
});

test('two processes that put and read at once never meet half a text', async () => {
  const script = join(folder, 'both.mjs');
  await build({
    stdin: {
      contents: `
        import { openCache } from './src/cache/cache.ts';
        const [folder, own] = process.argv.slice(2);
        const cache = openCache(folder, { limit: 400_000, note: (message) => { throw new Error(message); } });
        const text = (n, by) => (by + n).repeat(2000);
        for (let n = 0; n < 150; n++) {
          await cache.put('k/' + (n % 12), text(n % 12, own));
          const found = await cache.get('k/' + ((n * 7) % 12));
          const fine = found === undefined || ['a', 'b'].some((by) => found === text((n * 7) % 12, by));
          if (!fine) throw new Error('half a text');
        }
        console.log('done');`,
      resolveDir: process.cwd(),
      loader: 'ts',
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile: script,
  });
  const shared = join(folder, 'shared');
  const run = (own: string) =>
    new Promise<string>((resolve) => {
      const child = spawn(process.execPath, [script, shared, own]);
      let out = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (out += data));
      child.on('close', () => resolve(out.trim()));
    });
  expect(await Promise.all([run('a'), run('b')])).toEqual(['done', 'done']);
  const left = readdirSync(shared);
  expect(left.filter((name) => keyOf(name) === undefined)).toEqual([]);
  expect(left.length).toBeGreaterThan(0);
  expect(existsSync(join(shared, fileOf('k/1')))).toBe(true);
});
