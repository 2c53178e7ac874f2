import { createRequire } from 'node:module';

type Bindings = typeof import('@duckdb/node-bindings');

/**
 * DuckDB. Its package first asks which C library the system has, with modules that take as long to load as DuckDB itself; the
 * usual one is tried before that.
 */
export const duckdb = load(createRequire(import.meta.url));

function load(require: NodeJS.Require): Bindings {
  const name = '@duckdb/node-bindings';
  const usual = `${name}-${process.platform}-${process.arch}/duckdb.node`;
  try {
    return createRequire(require.resolve(name))(usual) as Bindings; // what the package itself exports
  } catch {
    return require(name) as Bindings;
  }
}
