import type { ChangedFile, ChangeSet, FileText } from '../change/change-set.ts';
import { findMarkers, type Marker } from '../change/markers.ts';

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
export async function scanFiles(changeSet: ChangeSet, files: readonly ChangedFile[]): Promise<Scanned> {
  const markers: Marker[] = [];
  const addressed = new Map<string, string>();
  const sql: ChangedText[] = [];
  const unreadable: Unreadable[] = [];
  const readable = files.filter((file) => file.kind === 'file');
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
        if (isSql || content.reason === 'too large')
          unreadable.push({ path: file.path, reason: reasonOf(content) });
        continue;
      }
      markers.push(...findMarkers(file.path, content.text));
      if (content.text.includes('tablewarden:')) addressed.set(file.path, content.text);
    }
  }
  return { markers, addressed, sql, unreadable };
}

function hasBaseSql(file: ChangedFile): boolean {
  return file.status !== 'added' && /\.sql$/i.test(file.path);
}

function reasonOf(content: FileText & { readonly text: undefined }): string {
  if (content.reason === 'too large') return `too large: ${Math.round(content.bytes / 1_000_000)} MB`;
  return content.reason === 'binary' ? 'binary: it holds NUL bytes' : 'a symbolic link';
}
