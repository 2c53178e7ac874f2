import type { FileText } from './change-set.ts';

/** Files above this many bytes are not loaded: a migration of that size is a data dump, and its text would fill the memory. */
export const MAX_FILE_BYTES = 32_000_000;

/** The text of a file's bytes. A byte order mark is left out: it stands in no column. */
export function decode(bytes: Uint8Array): FileText {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return decodeUtf8(bytes.subarray(3));
  if (a === 0xff && b === 0xfe)
    return { text: new TextDecoder('utf-16le').decode(bytes.subarray(2)), encoding: 'utf-16' };
  if (a === 0xfe && b === 0xff) return { text: swapped(bytes.subarray(2)), encoding: 'utf-16' };
  if (bytes.indexOf(0) >= 0) return decodeWithNul(bytes);
  return decodeUtf8(bytes);
}

/** UTF-16 without a mark is told by its zero bytes: nearly every second one, on one side only. */
function decodeWithNul(bytes: Uint8Array): FileText {
  const sample = bytes.subarray(0, 1024);
  let even = 0;
  let odd = 0;
  for (let i = 0; i < sample.length; i++) if (sample[i] === 0) i % 2 === 0 ? even++ : odd++;
  const half = sample.length / 2;
  if (even === 0 && odd > half * 0.7)
    return { text: new TextDecoder('utf-16le').decode(bytes), encoding: 'utf-16' };
  if (odd === 0 && even > half * 0.7) return { text: swapped(bytes), encoding: 'utf-16' };
  return { text: undefined, reason: 'binary', bytes: bytes.length };
}

function swapped(bytes: Uint8Array): string {
  const copy = Buffer.from(bytes.subarray(0, bytes.length & ~1));
  return new TextDecoder('utf-16le').decode(copy.swap16());
}

function decodeUtf8(bytes: Uint8Array): FileText {
  try {
    return {
      text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
      encoding: 'utf-8',
    };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'windows-1252' };
  }
}
