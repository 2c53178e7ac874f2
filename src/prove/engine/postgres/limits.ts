/** Bytes of answers, notices included, that one statement may cause. */
export const MAX_REPLY = 8_000_000;

/** Kilobytes of address space of each server process, set before it starts. */
export const MAX_MEMORY_KB = 1_048_576;

/** Seconds of processor time of each server process. */
export const MAX_CPU_SECONDS = 120;

/** Milliseconds that one statement of a new migration may take, and one of an old one while a database is made: less than the parent waits. */
export const STATEMENT_TIME = { attempt: 8_000, build: 60_000 } as const;

/** Bytes that the process of PGlite may hold: it takes some 450 million with an empty database. */
export const MAX_PGLITE_MEMORY = 1_500_000_000;
