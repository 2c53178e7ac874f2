import { readdirSync, readFileSync } from 'node:fs';

/** One step of the store's own schema. */
export interface StoreMigration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

const FOLDER = new URL('./migrations/', import.meta.url);

/** The steps in their order. The build puts the texts themselves in this module's place. */
export const storeMigrations: readonly StoreMigration[] = readdirSync(FOLDER)
  .sort()
  .map((file) => ({
    version: Number(file.slice(0, 4)),
    name: file.replace(/\.sql$/, ''),
    sql: readFileSync(new URL(file, FOLDER), 'utf8'),
  }));
