import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Milliseconds after which a mirror that nobody used is removed; it is fetched again when it is needed. */
const UNUSED = 30 * 86_400_000;

/** Removes the mirrors of repositories that were quiet for long, or are gone. */
export async function sweepMirrors(folder: string, now: number): Promise<void> {
  for (const owner of await readdir(folder).catch(() => []))
    for (const name of await readdir(join(folder, owner)).catch(() => [])) {
      const mirror = join(folder, owner, name);
      const used = await stat(mirror).catch(() => undefined);
      if (used && used.mtimeMs < now - UNUSED)
        await rm(mirror, { recursive: true, force: true }).catch(() => {});
    }
}
