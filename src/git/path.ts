import { isUtf8 } from 'node:buffer';

/**
 * The paths in a `-z` output. Git's paths are bytes: valid UTF-8 is shown as it is, any other byte as `\xE9`, and a
 * backslash that would look like such an escape as `\x5C`, so that no two paths look alike.
 */
export function splitRecords(output: Buffer): string[] {
  const text = output.toString('utf8');
  if (!text.includes('\ufffd') && !text.includes('\\x')) return text.split('\0').filter(Boolean);
  const records: string[] = [];
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(0, at);
    const to = end < 0 ? output.length : end;
    if (to > at) records.push(toPath(output.subarray(at, to)));
    at = to + 1;
  }
  return records;
}

function toPath(bytes: Buffer): string {
  let path = '';
  for (let at = 0; at < bytes.length; ) {
    const length = lengthOfCharacter(bytes, at);
    if (length === 0 || /^\\x[0-9A-F]{2}/.test(bytes.toString('latin1', at, at + 4))) {
      path += `\\x${bytes.toString('hex', at, at + 1).toUpperCase()}`;
      at += 1;
    } else {
      path += bytes.toString('utf8', at, at + length);
      at += length;
    }
  }
  return path;
}

/** 0 where no UTF-8 character starts. */
function lengthOfCharacter(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++)
    if (isUtf8(bytes.subarray(at, at + length))) return length;
  return 0;
}

/** The name on the disk of a path that {@link splitRecords} made: bytes only where a string cannot say it. */
export function toFileName(path: string): string | Buffer {
  if (!/\\x[0-9A-F]{2}/.test(path)) return path;
  const parts = path.split(/\\x([0-9A-F]{2})/);
  return Buffer.concat(parts.map((part, i) => Buffer.from(part, i % 2 === 1 ? 'hex' : 'utf8')));
}
