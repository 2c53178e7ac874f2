import { isUtf8 } from 'node:buffer';
import type { FileText } from './change-set.ts';

/** Files above this many bytes are not loaded: a migration of that size is a data dump, and its text would fill the memory. */
export const MAX_FILE_BYTES = 32_000_000;

/** The text of a file's bytes. A byte order mark is left out: it stands in no column. */
export function decode(bytes: Buffer): FileText {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return decodeBytes(bytes.subarray(3));
  if (a === 0xff && b === 0xfe) return decodeUtf16(bytes.subarray(2), bytes.length);
  if (a === 0xfe && b === 0xff) return decodeUtf16(swapped(bytes.subarray(2)), bytes.length);
  return decodeBytes(bytes);
}

function decodeBytes(bytes: Buffer): FileText {
  if (bytes.includes(0)) return decodeWithoutMark(bytes);
  if (isUtf8(bytes)) return { text: bytes.toString('utf8'), encoding: 'utf-8' };
  return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'windows-1252' };
}

/** A NUL character is in no text, whatever its encoding. */
function decodeUtf16(bytes: Buffer, size: number): FileText {
  const text = new TextDecoder('utf-16le', { ignoreBOM: true }).decode(bytes);
  return text.includes('\0') ? binary(size) : { text, encoding: 'utf-16' };
}

/** UTF-16 without a mark is told by its zero bytes: many, on one side of the pairs only, and no control characters then. */
function decodeWithoutMark(bytes: Buffer): FileText {
  const sample = bytes.subarray(0, 4096);
  let even = 0;
  let odd = 0;
  for (let i = 0; i < sample.length; i++) if (sample[i] === 0) i % 2 === 0 ? even++ : odd++;
  const many = sample.length / 6;
  if (bytes.length % 2 !== 0 || Math.min(even, odd) > 0 || Math.max(even, odd) < many)
    return binary(bytes.length);
  const found = decodeUtf16(odd > 0 ? bytes : swapped(bytes), bytes.length);
  return found.text === undefined || /[\x01-\x08\x0e-\x1f\ufffd\uffff]/.test(found.text)
    ? binary(bytes.length)
    : found;
}

function binary(size: number): FileText {
  return { text: undefined, reason: 'binary', bytes: size };
}

function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16();
}
