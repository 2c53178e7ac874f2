import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** One migration of a history, in the order in which it was written. */
export interface Step {
  /** Its file in the history's folder: `0007_add_index.sql`. */
  readonly file: string;
  /** Where it stands in its repository, so that its tool is recognised. */
  readonly path: string;
  readonly text: string;
}

/** A real or invented past: migrations that were merged one after the other. */
export interface History {
  /** `owner/name`, or what the folder is called. */
  readonly repository: string;
  /** What the repository holds beside its migrations, by path. */
  readonly beside: ReadonlyMap<string, string>;
  readonly steps: readonly Step[];
}

interface Manifest {
  readonly repo: string;
  readonly prefix: string;
  readonly style: string;
  readonly migrations: readonly { readonly file: string; readonly source_path: string }[];
}

const SQLX = ['Cargo.toml', '[dependencies]\nsqlx = { version = "0.8", features = ["postgres"] }\n'] as const;

/** By what a history's tool is recognised, beside its migrations. */
const MARKS: Readonly<Record<string, readonly [file: string, content: string]>> = {
  diesel: ['diesel.toml', ''],
  prisma: ['migration_lock.toml', 'provider = "postgresql"\n'],
  sqlx: SQLX,
  updown: SQLX,
};

/** Reads a folder of SQL files in order of name. Its `manifest.json`, if there is one, tells where they stood. */
export function readHistory(folder: string): History {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort();
  const at = join(folder, 'manifest.json');
  const manifest: Manifest | undefined = existsSync(at) ? JSON.parse(readFileSync(at, 'utf8')) : undefined;
  const paths = new Map(manifest?.migrations.map((one) => [one.file, one.source_path]));
  const [mark, content] = MARKS[manifest?.style ?? ''] ?? [];
  const beside = new Map(
    mark === undefined || content === undefined ? [] : [[`${manifest?.prefix}${mark}`, content]],
  );
  return {
    repository: manifest?.repo ?? basename(folder),
    beside,
    steps: files.map((file) => ({
      file,
      path: paths.get(file) ?? `migrations/${file}`,
      text: readFileSync(join(folder, file), 'utf8'),
    })),
  };
}
