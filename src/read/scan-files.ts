import type { ChangedFile, ChangeSet, FileText } from '../change/change-set.ts';
import { findMarkers, type Marker } from '../change/markers.ts';

/** A changed file and what is written in it. */
export type ReadFile = ChangedFile & { readonly language: 'sql' | 'code' | 'other' };

/** Both texts of a changed SQL file. */
export interface ChangedText {
  readonly path: string;
  readonly oldPath?: string;
  readonly base?: string;
  readonly head?: string;
}

/** A changed file that is no text, and why. */
export interface Unreadable {
  readonly path: string;
  readonly reason: string;
  /** SQL and code, whose effect is unknown then; of any other file only conflict markers stay unseen. */
  readonly matters: boolean;
}

export interface Scanned {
  readonly markers: readonly Marker[];
  readonly addressed: ReadonlyMap<string, string>;
  readonly sql: readonly ChangedText[];
  readonly unreadable: readonly Unreadable[];
}

/** Files whose texts are held at once. */
const BATCH = 200;

/** Looks once into every changed file, a batch at a time: conflict markers, comments to Tablewarden, and SQL, which is kept. */
export async function scanFiles(changeSet: ChangeSet, files: readonly ReadFile[]): Promise<Scanned> {
  const markers: Marker[] = [];
  const addressed = new Map<string, string>();
  const sql: ChangedText[] = [];
  const unreadable: Unreadable[] = [];
  const readable = files.filter((file) => file.kind === 'file' || isLinkToSql(file));
  for (let at = 0; at < readable.length; at += BATCH) {
    const batch = readable.slice(at, at + BATCH);
    const heads = await changeSet.head.read(
      batch.flatMap((file) => (file.status === 'deleted' ? [] : file.path)),
    );
    const bases = await changeSet.base.read(
      batch.filter(hasBaseSql).map((file) => file.oldPath ?? file.path),
    );
    for (const file of batch) {
      const content = heads.get(file.path);
      const isSql = /\.sql$/i.test(file.path);
      const base = isSql ? bases.get(file.oldPath ?? file.path)?.text : undefined;
      if (isSql) sql.push({ path: file.path, oldPath: file.oldPath, base, head: content?.text });
      if (!content) continue;
      if (content.text === undefined) {
        const matters = file.language !== 'other';
        if (matters || content.reason !== 'binary')
          unreadable.push({ path: file.path, reason: whyUnread(content), matters });
        continue;
      }
      markers.push(...findMarkers(file.path, content.text));
      if (content.text.includes('tablewarden:')) addressed.set(file.path, content.text);
    }
  }
  return { markers, addressed, sql, unreadable };
}

/** Of other links nobody expects that they are followed. */
function isLinkToSql({ kind, language }: ReadFile): boolean {
  return kind === 'symlink' && language === 'sql';
}

function hasBaseSql(file: ChangedFile): boolean {
  return file.status !== 'added' && /\.sql$/i.test(file.path);
}

/** Why a file has no text, in words for a report. */
export function whyUnread(content: FileText & { readonly text: undefined }): string {
  switch (content.reason) {
    case 'too large':
      return `it is too large: ${Math.round(content.bytes / 1_000_000)} MB`;
    case 'binary':
      return 'it is binary: it holds NUL bytes';
    case 'symlink':
      return 'it is a symbolic link, which is not followed';
    case 'missing':
      return 'this clone lacks its content (a partial clone: `git fetch --refetch --no-filter` brings it)';
  }
}
