import type { Repository } from './repository.ts';

/** An object's content, its size in bytes where it is too large to be read, or that it is not there. */
export type Blob = Buffer | number | 'missing';

/** What was read of a repository and may be asked again: both sides of a change share nearly all of their files. */
const kept = new WeakMap<Repository, { readonly blobs: Map<string, Buffer>; bytes: number }>();

/** Bytes kept of a repository, and of one object. */
const KEPT = { all: 4_000_000, one: 100_000 } as const;

/**
 * The contents of the given objects, or their size in bytes where that is above `limit`; `missing` where the repository
 * lacks one. One pass through one process; only when a large one shows up it is ended, and the sizes of the rest are asked
 * first.
 */
export async function readBlobs(
  repository: Repository,
  ids: readonly string[],
  limit: number,
): Promise<ReadonlyMap<string, Blob>> {
  const blobs = new Map<string, Blob>();
  const known = kept.get(repository)?.blobs;
  for (const id of ids) {
    const blob = known?.get(id);
    if (blob && blob.length <= limit) blobs.set(id, blob);
  }
  const wanted = [...new Set(ids)].filter((id) => !blobs.has(id));
  if (wanted.length === 0) return blobs;
  await readPass(repository, wanted, limit, blobs);
  const rest = wanted.filter((id) => !blobs.has(id));
  if (rest.length > 0) {
    for (const [id, size] of await readSizes(repository, rest))
      if (size === 'missing' || size > limit) blobs.set(id, size);
    const small = rest.filter((id) => !blobs.has(id));
    if (small.length > 0) await readPass(repository, small, limit, blobs);
  }
  for (const id of wanted) keep(repository, id, blobs.get(id));
  return blobs;
}

function keep(repository: Repository, id: string, blob: Blob | undefined): void {
  if (!Buffer.isBuffer(blob) || blob.length > KEPT.one) return;
  const store = kept.get(repository) ?? { blobs: new Map<string, Buffer>(), bytes: 0 };
  kept.set(repository, store);
  if (store.bytes + blob.length > KEPT.all) return;
  store.blobs.set(id, blob);
  store.bytes += blob.length;
}

/** Reads until the end, or until the first object above the limit, which is noted. */
async function readPass(
  repository: Repository,
  ids: readonly string[],
  limit: number,
  blobs: Map<string, Blob>,
): Promise<void> {
  let header = '';
  let current: { readonly id: string; readonly body: Buffer; filled: number } | undefined;
  const take = (chunk: Buffer): 'go on' | 'stop' => {
    for (let at = 0; at < chunk.length; ) {
      if (current) {
        const copied = chunk.copy(current.body, current.filled, at);
        current.filled += copied;
        at += copied;
        if (current.filled < current.body.length) return 'go on';
        blobs.set(current.id, current.body.subarray(0, -1));
        current = undefined;
        continue;
      }
      const end = chunk.indexOf(10, at);
      header += chunk.toString('latin1', at, end < 0 ? undefined : end);
      if (end < 0) return 'go on';
      const { id, size } = parseHeader(header);
      header = '';
      at = end + 1;
      if (size === 'missing' || size > limit) {
        blobs.set(id, size);
        if (size === 'missing') continue;
        return 'stop';
      }
      current = { id, body: Buffer.allocUnsafe(size + 1), filled: 0 }; // a line feed follows each content
    }
    return 'go on';
  };
  await repository.run(['cat-file', '--batch', '--buffer'], lines(ids), take);
}

async function readSizes(
  repository: Repository,
  ids: readonly string[],
): Promise<[string, number | 'missing'][]> {
  const output = await repository.run(['cat-file', '--batch-check', '--buffer'], lines(ids));
  return output
    .toString('latin1')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { id, size } = parseHeader(line);
      return [id, size];
    });
}

/** A header of `git cat-file`: `<id> <type> <size>`, or `<id> missing`. */
function parseHeader(line: string): { id: string; size: number | 'missing' } {
  const [id = '', , size] = line.split(' ');
  return { id, size: size === undefined ? 'missing' : Number(size) };
}

function lines(ids: readonly string[]): string {
  return `${ids.join('\n')}\n`;
}
