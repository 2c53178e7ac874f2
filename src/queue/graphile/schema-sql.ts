import { readdirSync, readFileSync } from 'node:fs';

/** SQL of the queue's own schema. */
interface QueueSchema {
  /** Steps of the schema, in their order. */
  readonly migrations: readonly string[];
  /** What each process makes anew when it starts. */
  readonly functions: string;
}

const FOLDER = new URL('./migrations/', import.meta.url);

/** The build puts the texts themselves in this module's place. */
export const queueSchema: QueueSchema = {
  migrations: readdirSync(FOLDER)
    .sort()
    .map((file) => readFileSync(new URL(file, FOLDER), 'utf8')),
  functions: readFileSync(new URL('./functions.sql', import.meta.url), 'utf8'),
};
