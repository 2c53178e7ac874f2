import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { factsText } from '../../.github/scripts/facts-text.mjs';
import { UserError } from '../../src/errors.ts';
import { openStorage } from '../../src/store/storage-manager.ts';
import { removeFolders, temporaryFolder } from '../hook/repository.ts';

afterAll(removeFolders);

/** 200 for a whole run by hand. */
const KILLS = Number(process.env.TABLEWARDEN_KILLS ?? 4);

const SHA = (digit: string) => `'${digit.repeat(40)}'`;
const ref = (name: string) => `INSERT INTO git_refs VALUES ('${name}', now(), ${SHA('a')}, 'update')`;
const newPath = () => join(temporaryFolder(), 'store.duckdb');
const names = (path: string) =>
  openStorage(path).read(async ({ query }) =>
    (await query('SELECT ref_name FROM git_refs ORDER BY ref_name')).map(({ ref_name: name }) => name),
  );

test('a transaction is there as a whole, or not at all', async () => {
  const path = newPath();
  const storage = openStorage(path);
  await storage.write(({ run }) => run(ref('a')));
  await expect(
    storage.write(async ({ run }) => {
      await run(ref('b'));
      await run('SELECT * FROM nowhere');
    }),
  ).rejects.toThrow('nowhere');
  await storage.write(({ run }) => run(ref('c')));
  expect(await names(path)).toEqual(['a', 'c']);
});

test('writers of one process take turns', async () => {
  const path = newPath();
  const storage = openStorage(path);
  await Promise.all(['a', 'b', 'c', 'd'].map((name) => storage.write(({ run }) => run(ref(name)))));
  expect(await names(path)).toEqual(['a', 'b', 'c', 'd']);
});

/** A program that writes one row after another, each its own transaction, and says which is on the disk. */
const WRITER = `
  import { openStorage } from './src/store/storage-manager.ts';
  const [path, name, hold] = process.argv.slice(2);
  const storage = openStorage(path, { wait: 60_000 });
  (async () => {
    for (let at = 0; ; at++) {
      const row = name + String(at).padStart(5, '0');
      await storage.write(async ({ run }) => {
        await run("INSERT INTO git_refs VALUES ('" + row + "', now(), '" + 'a'.repeat(40) + "', 'update')");
        if (hold) process.stdout.write('holds\\n');
        if (hold) await new Promise((resolve) => setTimeout(resolve, 600_000));
      });
      process.stdout.write(row + '\\n');
    }
  })();`;

let program: string;

beforeAll(async () => {
  program = join(temporaryFolder(), 'writer.cjs');
  await build({
    stdin: { contents: WRITER, resolveDir: process.cwd(), loader: 'ts' },
    ...{ outfile: program, bundle: true, format: 'cjs', platform: 'node', target: 'node20' },
    ...{ external: ['@duckdb/node-bindings'], plugins: [factsText], logLevel: 'error' },
    define: { 'import.meta.url': 'ownUrl' },
    banner: { js: 'const ownUrl = require("node:url").pathToFileURL(__filename).href;' },
  });
});

function startWriter(path: string, name: string, ...more: readonly string[]) {
  const child = spawn(process.execPath, [program, path, name, ...more], {
    env: { ...process.env, NODE_PATH: resolve('node_modules') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => {
    out += text;
  });
  child.stderr.on('data', (text) => {
    err += text;
  });
  const lines = () => out.split('\n').slice(0, -1);
  return {
    lines,
    until: async (count: number) => {
      while (lines().length < count) {
        if (child.exitCode !== null) throw new Error(err);
        await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
      }
    },
    kill: async () => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

test('what a process said it wrote is there after it was killed, whenever that was, with others at work', async () => {
  const path = newPath();
  const said: string[] = [];
  for (let round = 0; round < KILLS; round++) {
    const writers = ['a', 'b'].map((name) => startWriter(path, `${name}${String(round).padStart(3, '0')}-`));
    await writers[0]?.until(1 + (round % 3));
    for (const writer of writers) {
      await writer.kill();
      said.push(...writer.lines());
    }
  }
  const kept = new Set(await names(path));
  expect(said.filter((name) => !kept.has(name))).toEqual([]);
  expect(readdirSync(dirname(path)).filter((name) => /damaged|newer/.test(name))).toEqual([]);
}, 600_000);

test('another process that has the file is waited for, to a limit', async () => {
  const path = newPath();
  const other = startWriter(path, 'x', 'hold');
  await other.until(1);
  const refused = openStorage(path, { wait: 100 }).write(({ run }) => run(ref('a')));
  await expect(refused).rejects.toThrow('another process had it open for 0.1 seconds');
  await expect(openStorage(path, { wait: 0 }).read(({ query }) => query('SELECT 1'))).rejects.toThrow(
    'is in use',
  );
  const waiting = openStorage(path, { wait: 60_000 }).write(({ run }) => run(ref('a')));
  await other.kill();
  await waiting;
  expect(await names(path)).toEqual(['a']);
});

describe('a file that cannot be used', () => {
  const notes: string[] = [];
  const note = (message: string) => notes.push(message.replaceAll(/\/\S*\//g, ''));

  test.each([
    ['no database at all', (path: string) => writeFileSync(path, 'no database'.repeat(2000)), 'damaged'],
    ['a block that was altered', (path: string) => damage(path), 'damaged'],
    ['a newer version', (path: string) => makeNewer(path), 'newer'],
  ] as const)('%s is set aside with a word about it, and a new one is begun', async (_, spoil, word) => {
    const path = newPath();
    await openStorage(path).write(({ run }) => run(ref('old')));
    await spoil(path);
    notes.length = 0;
    await openStorage(path, { note }).write(({ run }) => run(ref('new')));
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain(word === 'newer' ? 'was made by a newer Tablewarden' : 'is damaged');
    expect(await names(path)).toEqual(['new']);
    expect(readdirSync(dirname(path)).some((name) => name.startsWith(`store.duckdb.${word}-`))).toBe(true);
  });

  test('a folder that is no folder is one clear line', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const failed = openStorage(join(file, 'store.duckdb')).write(({ run }) => run(ref('a')));
    await expect(failed).rejects.toThrow(UserError);
  });
});

/** Writes nonsense into the first block behind the headers. */
function damage(path: string): void {
  const bytes = readFileSync(path);
  bytes.fill(7, 3 * 4096, 3 * 4096 + 2000);
  writeFileSync(path, bytes);
}

async function makeNewer(path: string): Promise<void> {
  await openStorage(path).write(({ run }) =>
    run("INSERT INTO store_migrations VALUES (999, 'later', now())"),
  );
}

describe('bad rows are refused by the schema itself', () => {
  test.each([
    [
      'a malformed commit id',
      "INSERT INTO git_commits VALUES (1, 'abc', 'a', now(), now(), 's', NULL, true, today())",
    ],
    ['a ref to a malformed commit id', "INSERT INTO git_refs VALUES ('HEAD', now(), 'abc', 'update')"],
    ['a place of a commit that is not there', "INSERT INTO git_lines VALUES ('main', 0, 77, now())"],
    ['an unknown change type', `INSERT INTO git_path_changes VALUES (1, 'a', 'R', ${SHA('b')})`],
    ['content of what is gone', `INSERT INTO git_path_changes VALUES (1, 'a', 'deleted', ${SHA('b')})`],
  ])('%s', async (_, sql) => {
    const storage = openStorage(newPath());
    const commit = `INSERT INTO git_commits VALUES (1, ${SHA('c')}, 'a', now(), now(), 's', NULL, true, today())`;
    await storage.write(({ run }) => run(commit));
    await expect(storage.write(({ run }) => run(sql))).rejects.toThrow(/Constraint Error/);
  });
});
