import { posix } from 'node:path';
import type { Modules } from '../../trail.ts';

/** `schema: './src/schema'`, or a list of such. */
const SCHEMA = /\bschema\s*:\s*(\[[^\]]*\]|['"`][^'"`]*['"`])/;

/** Whether the configuration of the Drizzle kit that has a file for its schema names columns in snake case. */
export function isSnakeCased(path: string, modules: Modules): boolean {
  return ['drizzle.config.ts', 'drizzle.config.js'].some((name) =>
    (modules.texts(name) ?? []).some(
      (config) =>
        /\bcasing\s*:\s*['"`]snake_case['"`]/.test(config.text) &&
        schemasOf(config.text).some((schema) => holds(posix.join(posix.dirname(config.path), schema), path)),
    ),
  );
}

function schemasOf(text: string): readonly string[] {
  const [, written = ''] = SCHEMA.exec(text) ?? [];
  return [...written.matchAll(/['"`]([^'"`]*)['"`]/g)].map(([, schema = '']) => schema);
}

/** Whether a path is the file, in the folder, or below what stands before the first `*`. */
function holds(schema: string, path: string): boolean {
  const [fixed = '', ...further] = schema.split('*');
  return further.length > 0
    ? path.startsWith(fixed)
    : path === schema ||
        path.startsWith(`${schema.replace(/\/$/, '')}/`) ||
        path.replace(/\.\w+$/, '') === schema;
}
