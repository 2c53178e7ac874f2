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

/** What was asked for so far, each thing once, and what was asked for by answers that were found before. */
export interface Asked {
  readonly files: Map<string, string>;
  readonly imports: Map<string, Needs['imports'][number]>;
  readonly texts: Map<string, string>;
  readonly implementers: Map<string, string>;
  readonly before: Set<Asked>;
}

/** Nothing asked for yet. */
export function nothingAsked(): Asked {
  return {
    files: new Map(),
    imports: new Map(),
    texts: new Map(),
    implementers: new Map(),
    before: new Set(),
  };
}

/** What the facts of the file at `path` depend on. */
export function toNeeds(asked: Asked, path: string): Needs {
  const { files, imports, texts, implementers, before } = nothingAsked();
  before.add(asked);
  for (const one of before) {
    for (const [other, id] of one.files) if (other !== path) files.set(other, id);
    for (const [key, answer] of one.imports) imports.set(key, answer);
    for (const [suffix, mark] of one.texts) texts.set(suffix, mark);
    for (const [name, paths] of one.implementers) implementers.set(name, paths);
    for (const further of one.before) before.add(further);
  }
  return {
    files: [...files],
    imports: [...imports.values()],
    texts: [...texts],
    ...(implementers.size > 0 ? { implementers: [...implementers] } : {}),
  };
}
