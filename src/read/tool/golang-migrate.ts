import type { Layout } from './layout.ts';
import { orderedFiles } from './ordered-files.ts';
import { byNumber, byText, type Tool } from './tool.ts';

/**
 * `<version>_<title>.up.sql` and its `.down.sql`, by the version, in a repository whose go.mod names the tool.
 * https://github.com/golang-migrate/migrate/blob/master/source/parse.go
 */
export const golangMigrate: Tool = {
  name: 'golang-migrate',
  folders: (layout) =>
    modules(layout).length === 0
      ? []
      : [...layout.sql].flatMap(([folder, names]) => (names.some((name) => UP.test(name)) ? [folder] : [])),
  markers: (layout) => modules(layout),
  draft(layout, folder, texts, named) {
    const uses = modules(layout).some((path) => /\bgolang-migrate\/migrate\b/.test(texts.get(path) ?? ''));
    if (!uses && !named) return undefined;
    return {
      ...orderedFiles(layout, folder, {
        pattern: UP,
        otherwise: 'not run: golang-migrate runs only files named <version>_<title>.up.sql',
        compare: (a, b) => byNumber(a.order, b.order) || byText(a.name, b.name),
        name: (file) => file.replace(/\.up\..*$/, ''),
        down: /^([0-9]+)_.*\.down\..*$/,
      }),
      prelude: () =>
        'CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL);',
      // A file goes to the server as one text: in Postgres several statements are one implicit transaction, one is none.
      transactional: (dialect) => dialect === 'sqlite',
    };
  },
};

const UP = /^([0-9]+)_.*\.up\..*$/;

function modules(layout: Layout): readonly string[] {
  return (layout.marks.get('go.mod') ?? []).slice(0, 20);
}
