import type { Repository } from './repository.ts';

/** The contents of the given objects, or their size in bytes where that is above `limit`; missing objects are left out. */
export async function readBlobs(
  repository: Repository,
  ids: readonly string[],
  limit: number,
): Promise<ReadonlyMap<string, Buffer | number>> {
  const wanted = [...new Set(ids)];
  const blobs = new Map<string, Buffer | number>();
  if (wanted.length === 0) return blobs;
  const sizes = await repository.run(
    ['cat-file', '--batch-check=%(objectname) %(objecttype) %(objectsize)'],
    lines(wanted),
  );
  const small: string[] = [];
  for (const line of sizes.toString('latin1').split('\n')) {
    const [id, type, size] = line.split(' ');
    if (!id || type !== 'blob') continue;
    if (Number(size) > limit) blobs.set(id, Number(size));
    else small.push(id);
  }
  if (small.length === 0) return blobs;
  const output = await repository.run(['cat-file', '--batch=%(objectname) %(objectsize)'], lines(small));
  let at = 0;
  while (at < output.length) {
    const end = output.indexOf(10, at);
    const [id, size] = output.toString('latin1', at, end).split(' ');
    const from = end + 1;
    const to = from + Number(size);
    blobs.set(id ?? '', output.subarray(from, to));
    at = to + 1;
  }
  return blobs;
}

function lines(ids: readonly string[]): string {
  return `${ids.join('\n')}\n`;
}
