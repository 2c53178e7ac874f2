import { folderOf, joined, type Layout, nameOf, upwards } from './layout.ts';
import { byText, type Draft, type Tool } from './tool.ts';

/**
 * One file that holds the whole schema: Rails' and Ecto's `structure.sql`, a `schema.sql`, a `LATEST.sql` beside the steps that
 * lead to it. It is edited in place. Followed only where no chain stands near, which would say the same again.
 */
export const schemaFile: Tool = {
  name: 'schema-file',
  folders: () => [],
  markers: () => [],
  draft: (layout, path) => {
    const entry = layout.entries.get(path);
    if (!entry || !/\.sql$/i.test(path)) return undefined;
    return {
      migrations: [
        { name: nameOf(path).replace(/\.sql$/i, ''), path, id: entry.id, order: '0', editable: true },
      ],
      leftOut: [],
      prelude: () => '',
      transactional: () => false,
    } satisfies Draft;
  },
};

/** A schema file and the chain near it, if there is one. */
export interface SchemaFile {
  readonly path: string;
  readonly beside?: string;
}

/** The schema files of a tree. A chain is near where it stands below the file's folder or beside it, or in the same package. */
export function schemaFilesOf(layout: Layout, chains: readonly string[]): readonly SchemaFile[] {
  return (layout.marks.get('schema-file') ?? []).map((path) => {
    const folder = folderOf(path);
    const beside = [...chains].sort(byText).find((id) => {
      const chain = id.replace(/#.*$/, '');
      return isNear(folder, chain) || packageOf(layout, folder) === packageOf(layout, chain);
    });
    return beside === undefined ? { path } : { path, beside };
  });
}

function isNear(folder: string, chain: string): boolean {
  const parent = folderOf(chain);
  return isIn(folder, parent) || isIn(chain, folder);
}

function isIn(inner: string, outer: string): boolean {
  return outer === '.' || inner === outer || inner.startsWith(`${outer}/`);
}

const MANIFESTS =
  'package.json go.mod Cargo.toml pyproject.toml Gemfile mix.exs pom.xml build.gradle build.gradle.kts composer.json'.split(
    ' ',
  );

/** The nearest folder that has a manifest of any language. */
function packageOf(layout: Layout, folder: string): string | undefined {
  return upwards(folder).find((above) => MANIFESTS.some((name) => layout.entries.has(joined(above, name))));
}
