import { CONFIG_FILES, casingIn } from '../../../tool/drizzle-config.ts';
import type { OtherText } from '../../other-texts.ts';
import type { Modules } from '../../trail.ts';

/** Whether the configuration of the Drizzle kit that has a file for its schema names columns in snake case. */
export function isSnakeCased(path: string, modules: Modules): boolean {
  return CONFIG_FILES.some((name) =>
    snakeCasedBy(modules.texts(name) ?? []).some((schema) => holds(schema, path)),
  );
}

const known = new WeakMap<readonly OtherText[], readonly string[]>();

/** The schemas of all configurations that name columns so. */
function snakeCasedBy(configs: readonly OtherText[]): readonly string[] {
  const before = known.get(configs);
  if (before) return before;
  const found = configs.flatMap(({ path, text }) => {
    const { isSnake, schemas } = casingIn(path, text);
    return isSnake ? schemas : [];
  });
  known.set(configs, found);
  return found;
}

/** Whether a path is the file, in the folder, or below what stands before the first `*`. */
function holds(schema: string, path: string): boolean {
  const [fixed = '', ...further] = schema.split('*');
  return further.length > 0
    ? path.startsWith(fixed)
    : path === schema || path.startsWith(`${schema}/`) || path.replace(/\.\w+$/, '') === schema;
}
