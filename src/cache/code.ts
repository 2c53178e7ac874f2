import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Script } from 'node:vm';
import { fileOf, PACKED, pack, unpack } from './entry.ts';

/** What loads the parts of the built program, with what it compiled of them; sources that are run as they are have none. */
declare const loadPart:
  | undefined
  | {
      /** Changes with the text of any part. */
      readonly build: string;
      compiled: ReadonlyMap<string, Buffer> | undefined;
      readonly scripts: ReadonlyMap<string, Script>;
    };

/**
 * From now on parts of this program are taken as V8 compiled them in an earlier run; what is returned keeps the code of this
 * run for later ones. V8 takes code only under the flags that it was made under, so none may be set in between.
 */
export function openCode(folder: string): () => void {
  if (typeof loadPart === 'undefined') return () => {};
  const { scripts, build } = loadPart;
  const key = `code/${build}-${process.version}-${process.arch}`;
  const path = join(folder, fileOf(key));
  const compiled = readCode(key, path);
  loadPart.compiled = compiled;
  return () => {
    if ([...scripts].some(([name, script]) => !compiled.has(name) || script.cachedDataRejected))
      writeCode(key, path, new Map([...compiled, ...madeOf(scripts)]));
  };
}

/** V8 trusts what it is given, so that a file that was altered must not reach it. */
function readCode(key: string, path: string): ReadonlyMap<string, Buffer> {
  const compiled = new Map<string, Buffer>();
  try {
    const bytes = unpack(key, readFileSync(path));
    const end = bytes?.indexOf('\n') ?? 0;
    let at = end + 1;
    for (const [name, length] of indexOf(bytes?.toString('latin1', 0, end) ?? '[]')) {
      if (bytes) compiled.set(name, bytes.subarray(at, at + length));
      at += length + gapAfter(length);
    }
  } catch {
    // none is kept
  }
  return compiled;
}

function indexOf(text: string) {
  return JSON.parse(text) as readonly (readonly [name: string, bytes: number])[]; // as writeCode wrote it
}

/** V8 copies what does not begin at a multiple of eight. */
function gapAfter(length: number): number {
  return -length & 7;
}

function madeOf(scripts: ReadonlyMap<string, Script>): readonly (readonly [string, Buffer])[] {
  return [...scripts].map(([name, script]) => [name, script.createCachedData()]);
}

/** Written whole under another name and renamed, for several hooks may end at once. Losing it costs time only. */
function writeCode(key: string, path: string, parts: ReadonlyMap<string, Buffer>): void {
  const index = `${JSON.stringify([...parts].map(([name, { length }]) => [name, length]))}\n`;
  const body = [...parts.values()].flatMap((code) => [code, Buffer.alloc(gapAfter(code.length))]);
  const first = ' '.repeat(gapAfter(PACKED + index.length));
  const temporary = join(dirname(path), `.${randomBytes(8).toString('hex')}.tmp`);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, pack(key, Buffer.concat([Buffer.from(first + index, 'latin1'), ...body])), {
      flag: 'wx',
      mode: 0o600,
    });
    renameSync(temporary, path);
  } catch {
    rmSync(temporary, { force: true });
  }
}
