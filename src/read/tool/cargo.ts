import { dialectOf } from './dialect.ts';
import type { Draft, Texts } from './tool.ts';

const BACKENDS = /"(postgres|mysql|sqlite|postgresql|bundled-sqlite)(?:_backend)?"/g;

/** The database that the features of a crate's dependency name, in the nearest manifest that names exactly one; the crate's own is the first. */
export function backendOf(manifests: readonly string[], crate: string, texts: Texts): Draft['dialect'] {
  for (const path of manifests) {
    const backends = new Set<string>();
    for (const entry of entriesOf(texts.get(path) ?? '', crate))
      for (const [, name = ''] of entry.matchAll(BACKENDS)) backends.add(name.replace('bundled-', ''));
    const [only, ...more] = backends;
    const word = only === undefined || more.length > 0 ? undefined : dialectOf(only);
    const shared = path === manifests[0] ? {} : { shared: true as const };
    if (word) return { word, reason: `${path}: ${crate} with the feature "${only}"`, ...shared };
  }
  return undefined;
}

/** Whether a manifest names the crate among its dependencies. */
export function dependsOn(manifest: string, crate: string): boolean {
  return entriesOf(manifest, crate).length > 0;
}

/** What a manifest says of a crate: `crate = { … }`, `crate.workspace = true`, `[dependencies.crate]` to the next section. */
function entriesOf(manifest: string, crate: string): readonly string[] {
  const entries: string[] = [];
  const inline = new RegExp(`^[ \\t]*"?${crate}"?(?:\\.\\w+)?[ \\t]*=[ \\t]*(\\{[^{}]*\\}|[^\\n]*)`, 'gm');
  for (const [, entry = ''] of manifest.matchAll(inline)) entries.push(entry);
  for (const section of manifest.split(/^(?=\[)/m)) {
    const [header = ''] = section.split('\n', 1);
    if (header.trim().endsWith(`dependencies.${crate}]`)) entries.push(section);
  }
  return entries;
}
