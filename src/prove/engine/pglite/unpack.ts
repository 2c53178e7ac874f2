import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A file of an archive. */
interface Packed {
  /** From the archive's root: `share/postgresql/extension/citext.control`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

const BLOCK = 512;

/** The files of a `.tar.gz` as PGlite ships its extensions: plain files with short names. https://www.gnu.org/software/tar/manual/html_node/Standard.html */
export function unpack(archive: string): readonly Packed[] {
  const tar = gunzipSync(readFileSync(archive));
  const files: Packed[] = [];
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const name = textAt(tar, at, 100);
    if (name === '') break;
    const folder = textAt(tar, at + 257, 5) === 'ustar' ? textAt(tar, at + 345, 155) : '';
    const size = Number.parseInt(textAt(tar, at + 124, 12).trim(), 8) || 0;
    const kind = textAt(tar, at + 156, 1);
    const start = at + BLOCK;
    if (kind === '' || kind === '0')
      files.push({ path: folder ? `${folder}/${name}` : name, bytes: tar.subarray(start, start + size) });
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

function textAt(tar: Uint8Array, at: number, length: number): string {
  const bytes = tar.subarray(at, at + length);
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('latin1');
}
