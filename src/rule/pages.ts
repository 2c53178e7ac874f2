import { readdirSync, readFileSync } from 'node:fs';
import { parsePage } from './page.ts';
import type { Rule } from './rule.ts';

/** Where the pages lie, seen from the sources. */
const FOLDER = new URL('../../rules/', import.meta.url);

/** Tablewarden's own rules, sorted by id. The build puts the parsed pages, without their examples, in this module's place. */
export function builtInRules(): readonly Rule[] {
  return readPages(FOLDER);
}

/** Every page of a folder, parsed; `README.md` is the catalogue and no page. */
export function readPages(folder: URL): readonly Rule[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .sort()
    .map((name) => parsePage(`rules/${name}`, readFileSync(new URL(name, folder), 'utf8'), false));
}
