import type { Scratch } from '../scratch.ts';
import { duckdb } from './bindings.ts';
import { execute, scratchOver } from './duckdb-connection.ts';

/**
 * What no statement can lift: files, the network, extensions, secrets, threads and memory are shut off before the lock. Without a
 * folder for what does not fit into memory none is made where the program runs; a folder of size 0 would be, and filled.
 */
const LOCKED = {
  threads: '1',
  memory_limit: '256MB',
  temp_directory: '',
  enable_external_access: 'false',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
  allow_unsigned_extensions: 'false',
  allow_persistent_secrets: 'false',
  lock_configuration: 'true',
} as const;

/** Opens an empty in-memory DuckDB in this process, locked down but for one folder to write to, where one is given. */
export async function openDuckdb(exportTo?: string): Promise<Scratch> {
  const config = duckdb.create_config();
  const shut = Object.entries(LOCKED);
  if (exportTo === undefined) for (const [name, value] of shut) duckdb.set_config(config, name, value);
  const database = await duckdb.open(':memory:', config);
  const connection = await duckdb.connect(database);
  if (exportTo !== undefined) {
    // a list cannot be given to the configuration of a database that is opened, and not after its files are shut off
    const folder = exportTo.replaceAll("'", "''");
    await execute(connection, `SET allowed_directories = ['${folder}']`);
    for (const [name, value] of shut) await execute(connection, `SET ${name} = '${value}'`);
  }
  return {
    ...scratchOver(connection),
    close: async () => {
      duckdb.disconnect_sync(connection);
      duckdb.close_sync(database);
    },
  };
}
