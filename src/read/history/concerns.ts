import type { Chain } from '../chain.ts';
import { folderOf } from '../tool/layout.ts';

/** Files by which migrations, their order or their tool are told, wherever they lie. */
const TELLING =
  /\.(sql|prisma|fizz)$|migrat|(^|\/)(_journal\.json|atlas\.(sum|hcl)|sqitch\.(plan|conf)|diesel\.toml|[^/]*drizzle[^/]*config[^/]*|[^/]*change-?log[^/]*\.(xml|ya?ml|json))$/i;

/** Files that tell a chain's dialect. */
const MANIFEST = /(^|\/)(package\.json|Cargo\.toml|go\.mod|pyproject\.toml|config\.toml)$/;

/** Whether a commit that changes a path may make, change or end one of the chains, or begin one. */
export function concernOf(chains: readonly Chain[]): (path: string) => boolean {
  const folders = new Set(
    chains.flatMap(({ id, migrations, leftOut }) => [
      id.replace(/#\w+$/, ''),
      ...[...migrations, ...leftOut].map(({ path }) => folderOf(path)),
    ]),
  );
  return (path) => tellsOfMigrations(path) || folders.has(folderOf(path));
}

/** Whether a path is that of a migration, or of what tells their order or their tool. */
function tellsOfMigrations(path: string): boolean {
  return TELLING.test(path);
}

/** Whether a path is likely to be read when chains are looked for; Drizzle's snapshots are large and never are. */
export function isLikelyRead(path: string): boolean {
  return (tellsOfMigrations(path) && !path.endsWith('snapshot.json')) || MANIFEST.test(path);
}
