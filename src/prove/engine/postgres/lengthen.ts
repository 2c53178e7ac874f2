import { open } from 'node:fs/promises';
import { join } from 'node:path';

/** A table's or index's file as the server names it: numbers alone, so that no name leads anywhere else. */
const FILE = /^base\/\d+\/\d+$/;

/** Lengthens a file of a cluster without writing to it; false where it is none. */
export async function lengthenFile(data: string, path: string, bytes: number): Promise<boolean> {
  if (!FILE.test(path)) return false;
  const file = await open(join(data, path), 'r+').catch(() => undefined);
  if (!file) return false;
  try {
    const { size } = await file.stat();
    if (size < bytes) await file.truncate(bytes);
    return true;
  } finally {
    await file.close();
  }
}
