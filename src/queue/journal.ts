import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Plain } from './queue.ts';

/** A file to whose end records are written, each whole or not at all. */
export interface Journal {
  /** How many records it holds. */
  readonly length: number;
  /** Resolves once the record is on the disk; those that come meanwhile go there together. */
  append(record: Plain): Promise<void>;
  /**
   * Puts other records in the place of all that it holds, at once. They are asked for when nothing is being written and
   * whoever waited for an earlier record has gone on.
   */
  replace(records: () => readonly Plain[]): Promise<void>;
  close(): Promise<void>;
}

interface Waiting {
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Opens a journal and reads what it holds. A record that was torn when the machine stopped was never acknowledged: it is cut
 * off with what follows.
 */
export async function openJournal(
  path: string,
): Promise<{ readonly journal: Journal; readonly records: readonly Plain[] }> {
  let file = await open(path, 'a+', 0o600);
  const { records, size: held } = parse(await file.readFile());
  await file.truncate(held);
  await syncFolder(path);
  let size = held;
  let length = records.length;
  let waiting: Waiting[] = [];
  /** Whether a part of a record may stand at the end, which would hide what comes behind it. */
  let torn = false;
  let last: Promise<unknown> = Promise.resolve();

  /** One thing at a time is done to the file. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
  const writeWaiting = async () => {
    const batch = waiting;
    waiting = [];
    const bytes = Buffer.from(batch.map(({ line }) => line).join(''));
    try {
      if (torn) await file.truncate(size);
      torn = true;
      await file.appendFile(bytes);
      await file.datasync();
      size += bytes.length;
      length += batch.length;
      torn = false;
      for (const one of batch) one.resolve();
    } catch (error) {
      await file.truncate(size).then(
        () => {
          torn = false;
        },
        () => {}, // tried again before the next record
      );
      for (const one of batch) one.reject(error);
    }
  };

  const journal: Journal = {
    get length() {
      return length;
    },
    append: (record) =>
      new Promise((resolve, reject) => {
        waiting.push({ line: toLine(record), resolve, reject });
        if (waiting.length === 1) void inTurn(writeWaiting);
      }),
    replace: (records) =>
      inTurn(async () => {
        await new Promise(setImmediate);
        const all = records();
        const bytes = Buffer.from(all.map(toLine).join(''));
        const fresh = await writeFresh(`${path}.new`, bytes);
        await rename(`${path}.new`, path);
        const old = file;
        file = fresh; // from here on, whatever fails below: what is written to the old one would be lost
        size = bytes.length;
        length = all.length;
        torn = false;
        await old.close().catch(() => {});
        await syncFolder(path);
      }),
    close: () => inTurn(() => file.close()),
  };
  return { journal, records };
}

async function writeFresh(path: string, bytes: Buffer): Promise<FileHandle> {
  const file = await open(path, 'w', 0o600);
  await file.writeFile(bytes);
  await file.sync();
  await file.close();
  return open(path, 'a+', 0o600);
}

/** A name is on the disk once its folder is. Windows knows no such thing. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(dirname(path), 'r');
  await folder.sync().finally(() => folder.close());
}

function toLine(record: Plain): string {
  const text = JSON.stringify(record);
  return `${crc32(text).toString(16).padStart(8, '0')} ${text}\n`;
}

/** The records up to the first that is not whole, and how many bytes they take. */
function parse(bytes: Buffer): { readonly records: readonly Plain[]; readonly size: number } {
  const records: Plain[] = [];
  let size = 0;
  for (;;) {
    const end = bytes.indexOf(10, size);
    if (end < 0) return { records, size };
    const line = bytes.toString('utf8', size, end);
    const text = line.slice(9);
    if (line.slice(0, 8) !== crc32(text).toString(16).padStart(8, '0')) return { records, size };
    records.push(JSON.parse(text) as Plain); // its checksum says that it is as it was written
    size = end + 1;
  }
}
