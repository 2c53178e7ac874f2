/** What the process of PGlite is asked, one after the other; a message of Node's own channel, so that bytes stay bytes. */
export type Request =
  /** Makes an empty database; answers with its files. */
  | { readonly call: 'make'; readonly module: string }
  /** Opens a database from its files, held to the role of migrations. */
  | {
      readonly call: 'open';
      readonly module: string;
      readonly bundles: readonly string[];
      readonly files: Uint8Array;
    }
  /** Passes what a client sends; answers with what the server sends. */
  | { readonly call: 'send'; readonly bytes: Uint8Array }
  /** Answers with the files of the database as it is now. */
  | { readonly call: 'save' };

/** Its answer, in the order of the requests. */
export interface Answer {
  readonly bytes?: Uint8Array;
  /** Why there is none. */
  readonly error?: string;
}

/** With this code the process ends itself where a statement returns too much. */
export const TOO_MUCH = 86;
