import { writeFile } from 'node:fs/promises';
import { EXIT, UserError } from '../errors.ts';
import type { Result } from './results.ts';

/** Writes to standard output; the exit code of having done so. */
export async function write(text: string): Promise<number> {
  await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
  return 0;
}

/** Writes a command's result where `--output` says, else to standard output. */
export async function writeResult({ output: file }: Pick<Result, 'output'>, text: string): Promise<void> {
  if (file === undefined) {
    await write(text);
    return;
  }
  await writeFile(file, text).catch((error: Error) => {
    throw new UserError(`${file} cannot be written: ${error.message}.`, 'Name another file with --output.');
  });
}

/** Ends the process once both streams have taken what was written; open handles of a library cannot hold it back. */
export async function leave(code: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr])
    if (stream.writableLength > 0) await new Promise<void>((resolve) => stream.write('', () => resolve()));
  process.exit(code);
}

/**
 * A reader that went away (`| head`) is no trouble: what it does not want is not written, and the exit code stays what was
 * found. Any other failure to write (a full disk) is the set-up's, as with `--output`.
 */
export function watchStreams(): void {
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    const why = `Standard output cannot be written: ${error.message}.\n`;
    process.stderr.write(`${why}Name a file with --output, or make room.\n`, () => process.exit(EXIT.setup));
  });
}

/** Leaves through `process.exit`, so that whoever started an engine ends it; 128 + the signal, as shells count. */
export function stopOnSignals(): void {
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  process.once('SIGHUP', () => process.exit(129));
}
