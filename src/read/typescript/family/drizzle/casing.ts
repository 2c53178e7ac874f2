import { posix } from 'node:path';
import { globRegex } from '../../../../change/glob.ts';
import { CONFIG_FILES, readDrizzleConfig, resolved } from '../../../tool/drizzle-config.ts';
import { upwards } from '../../../tool/layout.ts';
import { exportingFiles } from '../../exporting-files.ts';
import type { OtherText } from '../../other-texts.ts';
import type { Modules } from '../../trail.ts';

/** Whether the configuration of the Drizzle kit that has a file for its schema names columns in snake case. */
export function isSnakeCased(path: string, modules: Modules): boolean {
  return CONFIG_FILES.some((name) => {
    const { patterns, files } = snakeCased(modules.texts(name) ?? [], modules);
    return files.has(path) || patterns.some((pattern) => pattern.test(path));
  });
}

interface SnakeCased {
  /** Of files, and of all that is in a folder. */
  readonly patterns: readonly RegExp[];
  /** What the files that are named pass on. */
  readonly files: ReadonlySet<string>;
}

/** The schemas of all configurations that name columns so. */
function snakeCased(configs: readonly OtherText[], modules: Modules): SnakeCased {
  return modules.once(configs, () => {
    const patterns: RegExp[] = [];
    const named: string[] = [];
    for (const { path, text } of configs) {
      const { isSnakeCased: isSnake, schema = [] } = readDrizzleConfig(path, text);
      const folders = upwards(posix.dirname(path));
      for (const one of isSnake ? schema : []) {
        const file = one.includes('*') ? undefined : fileFrom(folders, one, modules);
        if (file !== undefined) named.push(file);
        const place = file ?? resolved(posix.dirname(path), one);
        patterns.push(new RegExp(globRegex(place)));
      }
    }
    return { patterns, files: exportingFiles(named, modules).files };
  });
}

/** The kit is run beside its configuration, or further up. */
function fileFrom(folders: readonly string[], path: string, modules: Modules): string | undefined {
  for (const folder of folders) {
    const target = modules.resolve('drizzle.config.ts', `./${resolved(folder, path)}`);
    if (target.kind === 'file') return target.path;
  }
  return undefined;
}
