/**
 * What keeps the store's file from being used: another process (`busy`), no room (`full`), no permission (`closed`), its content
 * (`damaged`), a newer version of it (`newer`).
 */
export type Trouble = 'busy' | 'full' | 'closed' | 'damaged' | 'newer';

/** Trouble that Tablewarden itself sees. */
export class StorageTrouble extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble, message: string) {
    super(message);
    this.name = 'StorageTrouble';
    this.trouble = trouble;
  }
}

/** DuckDB's words (1.5) for what its file system and its checksums tell. */
const WORDS: readonly (readonly [RegExp, Trouble])[] = [
  [/Could not set lock on file/i, 'busy'],
  [/No space left on device|ENOSPC|EDQUOT|disk quota|out of disk/i, 'full'],
  [
    /Permission denied|Read-only file system|Is a directory|EISDIR|EACCES|EPERM|EROFS|ENOTDIR|Cannot open file|attached in read-only mode/i,
    'closed',
  ],
  [/version number \d+, but we can only read/i, 'newer'],
  [
    /not a valid DuckDB database file|Corrupt database file|checksum|replaying WAL|Failed to load metadata|SerializationException|Serialization Error/i,
    'damaged',
  ],
];

/** What kind of trouble an error tells of; undefined for one that is ours. */
export function troubleOf(error: unknown): Trouble | undefined {
  if (error instanceof StorageTrouble) return error.trouble;
  const text = error instanceof Error ? `${'code' in error ? error.code : ''} ${error.message}` : '';
  return WORDS.find(([pattern]) => pattern.test(text))?.[1];
}
