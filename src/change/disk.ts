import { createHash, type Hash } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  type Stats,
} from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { toFileName } from '../git/path.ts';
import type { FileText, TreeEntry } from './change-set.ts';
import { decode, MAX_FILE_BYTES } from './decode.ts';

/** Reads files below one folder. Nothing is reached through a symbolic link, neither the file's nor a folder's on the way. */
export interface Disk {
  /** What lies at a path, or undefined for nothing, a folder, a pipe or a device. `asLf`: the id with line ends as git keeps them. */
  look(
    path: string,
  ): { readonly kind: 'file' | 'symlink'; readonly id: string; readonly asLf?: string } | undefined;
  /** Undefined for what has vanished. */
  read(path: string): FileText | undefined;
}

type Algorithm = 'sha1' | 'sha256';

const PIECE = 1_000_000;

/** A folder to read from; ids are those that git gives to the same content. */
export function openDisk(folder: string, algorithm: Algorithm = 'sha1'): Disk {
  const folders = new Map<string, boolean>([['', true]]);
  const isFolder = (path: string): boolean => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const parent = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
    const is = name !== '..' && isFolder(parent) && statOf(nameOf(folder, path))?.isDirectory() === true;
    folders.set(path, is);
    return is;
  };
  const find = (path: string) => {
    if (!isFolder(path.slice(0, Math.max(path.lastIndexOf('/'), 0)))) return undefined;
    const name = nameOf(folder, path);
    const stats = statOf(name);
    return stats && { name, stats };
  };
  return {
    look: (path) => {
      const found = find(path);
      if (found?.stats.isSymbolicLink())
        return {
          kind: 'symlink',
          id: contentId(readlinkSync(found.name, { encoding: 'buffer' }), algorithm),
        };
      return found?.stats.isFile() ? lookInto(found.name, path, algorithm) : undefined;
    },
    read: (path) => {
      const found = find(path);
      if (found?.stats.isSymbolicLink())
        return { text: undefined, reason: 'symlink', bytes: found.stats.size };
      return found?.stats.isFile() ? withFile(found.name, path, readText) : undefined;
    },
  };
}

/** The id that git gives to a blob of these bytes. */
export function contentId(bytes: Uint8Array, algorithm: Algorithm = 'sha1'): string {
  return hashOf(bytes.length, algorithm).update(bytes).digest('hex');
}

function hashOf(size: number, algorithm: Algorithm): Hash {
  return createHash(algorithm).update(`blob ${size}\0`);
}

function lookInto(name: string | Buffer, path: string, algorithm: Algorithm) {
  return withFile(name, path, (file, size) => {
    if (size > MAX_FILE_BYTES) return { kind: 'file' as const, id: idInPieces(file, size, algorithm) };
    const bytes = readWhole(file, size);
    const id = contentId(bytes, algorithm);
    if (!bytes.includes('\r\n')) return { kind: 'file' as const, id };
    const lf = Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
    return { kind: 'file' as const, id, asLf: contentId(lf, algorithm) };
  });
}

function readText(file: number, size: number): FileText {
  if (size > MAX_FILE_BYTES) return { text: undefined, reason: 'too large', bytes: size };
  return decode(readWhole(file, size));
}

/** Opens a file without following a link and without waiting for a pipe that took its place. */
function withFile<T>(
  name: string | Buffer,
  path: string,
  use: (file: number, size: number) => T,
): T | undefined {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  let file: number | undefined;
  try {
    file = openSync(name, flags);
    const stats = fstatSync(file);
    return stats.isFile() ? use(file, stats.size) : undefined;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ELOOP' || code === 'ENOTDIR') return undefined;
    throw new UserError(
      `${path} cannot be read: ${code ?? String(error)}.`,
      'Make it readable, or ignore it in git.',
    );
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function readWhole(file: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let filled = 0;
  while (filled < size) {
    const got = readSync(file, bytes, filled, size - filled, filled);
    if (got === 0) break;
    filled += got;
  }
  return bytes.subarray(0, filled);
}

function idInPieces(file: number, size: number, algorithm: Algorithm): string {
  const hash = hashOf(size, algorithm);
  const piece = Buffer.allocUnsafe(PIECE);
  for (let at = 0; at < size; ) {
    const got = readSync(file, piece, 0, Math.min(PIECE, size - at), at);
    if (got === 0) break;
    hash.update(piece.subarray(0, got));
    at += got;
  }
  return hash.digest('hex');
}

function nameOf(folder: string, path: string): string | Buffer {
  const name = toFileName(path);
  return typeof name === 'string' ? join(folder, name) : Buffer.concat([Buffer.from(`${folder}/`), name]);
}

function statOf(name: string | Buffer): Stats | undefined {
  try {
    return lstatSync(name, { throwIfNoEntry: false });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOTDIR' || code === 'ELOOP' || code === 'ENAMETOOLONG' || code === 'EACCES')
      return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/** The entries of paths on a disk; what is not there is left out. */
export function entriesOnDisk(disk: Disk, paths: Iterable<string>): TreeEntry[] {
  return [...paths].flatMap((path) => {
    const found = disk.look(path);
    return found ? [{ path, kind: found.kind, id: found.id }] : [];
  });
}

/** The contents of paths on a disk; what is not there is left out. */
export function textsOnDisk(disk: Disk, paths: Iterable<string>): Map<string, FileText> {
  const texts = new Map<string, FileText>();
  for (const path of paths) {
    const text = disk.read(path);
    if (text) texts.set(path, text);
  }
  return texts;
}
