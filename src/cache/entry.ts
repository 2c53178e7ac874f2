import { createHash } from 'node:crypto';

/** File names are keys made safe, `schema/ab12` as `schema%2Fab12`, with this suffix. */
const SUFFIX = '.tw1';

/** The longest file name that every file system takes, in bytes. */
const LONGEST = 255;

/** The file name of a key. A key too long for a name is kept under its hash, and {@link keyOf} does not list it. */
export function fileOf(key: string): string {
  const name = `${encodeURIComponent(key).replace(/\*/g, '%2A')}${SUFFIX}`;
  const safe = name.length <= LONGEST && !/^\./.test(name);
  return safe ? name : `~${createHash('sha256').update(key).digest('hex')}${SUFFIX}`;
}

/** The key of a file name; undefined for a file that is not the cache's own. */
export function keyOf(name: string): string | undefined {
  if (!name.endsWith(SUFFIX)) return undefined;
  try {
    const key = decodeURIComponent(name.slice(0, -SUFFIX.length));
    return fileOf(key) === name ? key : name;
  } catch {
    return undefined;
  }
}

/** Bytes that {@link pack} puts before a content. */
export const PACKED = 65;

/** A first line with the hash of key and content, then the content. */
export function pack(key: string, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${hashOf(key, bytes)}\n`), bytes]);
}

/** The content of a file that holds what its key says, else undefined: cut short, altered or foreign. */
export function unpack(key: string, bytes: Buffer): Buffer | undefined {
  const end = bytes.indexOf('\n');
  const content = bytes.subarray(end + 1);
  return end === PACKED - 1 && bytes.toString('latin1', 0, end) === hashOf(key, content)
    ? content
    : undefined;
}

function hashOf(key: string, content: Buffer): string {
  return createHash('sha256').update(key).update('\0').update(content).digest('hex');
}
