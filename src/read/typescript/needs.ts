/**
 * What a file's facts depend on beside itself: the files that were looked into, where imports led, texts that are no code, and
 * the files whose classes implement a name.
 */
export interface Needs {
  readonly files: readonly (readonly [path: string, id: string])[];
  readonly imports: readonly (readonly [from: string, specifier: string, answer: string])[];
  readonly texts: readonly (readonly [suffix: string, mark: string])[];
  readonly implementers?: readonly (readonly [name: string, paths: string])[];
}

/** What was asked for so far, each thing once. */
export interface Asked {
  readonly files: Map<string, string>;
  readonly imports: Map<string, Needs['imports'][number]>;
  readonly texts: Map<string, string>;
  readonly implementers: Map<string, string>;
}

/** Nothing asked for yet. */
export function nothingAsked(): Asked {
  return { files: new Map(), imports: new Map(), texts: new Map(), implementers: new Map() };
}

/** Adds what another answer asked for. */
export function askAlso(asked: Asked, other: Asked): void {
  for (const [path, id] of other.files) asked.files.set(path, id);
  for (const [key, answer] of other.imports) asked.imports.set(key, answer);
  for (const [suffix, mark] of other.texts) asked.texts.set(suffix, mark);
  for (const [name, paths] of other.implementers) asked.implementers.set(name, paths);
}

/** What the facts of the file at `path` depend on. */
export function toNeeds({ files, imports, texts, implementers }: Asked, path: string): Needs {
  return {
    files: [...files].filter(([one]) => one !== path),
    imports: [...imports.values()],
    texts: [...texts],
    ...(implementers.size > 0 ? { implementers: [...implementers] } : {}),
  };
}
