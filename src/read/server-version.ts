import type { Tree } from '../change/change-set.ts';

/** The major version of PostgreSQL that a repository runs, and what says so. */
export interface ServerVersion {
  readonly major: number;
  /** `docker-compose.yml` */
  readonly from: string;
}

const COMPOSE = /(^|\/)(docker-)?compose([.-][\w.-]+)?\.ya?ml$/;
const WORKFLOW = /^(\.github\/workflows\/[^/]+|\.gitlab-ci|\.circleci\/config)\.ya?ml$/;

/** `image: postgres:16-alpine`, `pgvector/pgvector:pg16`, `postgis/postgis:16-3.4` */
const IMAGE =
  /^\s*-?\s*image:\s*["']?(?:[\w.-]+\/)*(?:postgres|postgis|pgvector|timescaledb(?:-ha)?):(?:pg)?(\d{1,2})(?![\d])/m;

/** Files looked into at most. */
const MOST = 12;

/** Finds the version in the images of compose files, those nearest to the root first, then of workflows. */
export async function findServerVersion(tree: Tree): Promise<ServerVersion | undefined> {
  const paths = [...(await tree.entries()).keys()];
  const near = (pattern: RegExp) =>
    paths.filter((path) => pattern.test(path)).sort((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1));
  const wanted = [...near(COMPOSE), ...near(WORKFLOW)].slice(0, MOST);
  const texts = await tree.read(wanted);
  for (const from of wanted) {
    const major = Number(IMAGE.exec(texts.get(from)?.text ?? '')?.[1]);
    if (major >= 9) return { major, from };
  }
  return undefined;
}

function depthOf(path: string): number {
  return path.split('/').length;
}
