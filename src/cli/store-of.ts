import { join } from 'node:path';
import type { Repository } from '../git/repository.ts';
import { openStorage, type StorageManager } from '../store/storage-manager.ts';

/** The store of a repository: one file that all its worktrees share. */
export function storeOf({ commonDir }: Repository): StorageManager {
  return openStorage(join(commonDir, 'tablewarden', 'store.duckdb'), {
    note: (message) => process.stderr.write(`tablewarden: ${message}\n`),
  });
}
