import { EXIT, UserError } from '../errors.ts';
import { ISSUES, VERSION } from './version.ts';

/** Says what went wrong on standard error; the exit code that it deserves. */
export function reportTrouble(error: unknown): number {
  if (error instanceof UserError) {
    process.stderr.write(`${oneLine(error.message)}\n${oneLine(error.remedy)}\n`);
    return EXIT.setup;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `This is a bug in tablewarden ${VERSION} (Node ${process.versions.node}, ${process.platform}).\n` +
      `Please report it with these lines: ${ISSUES}\n\n${stack}\n`,
  );
  return EXIT.bug;
}

/** Names in a message come from files and refs: a line break or a control character must not forge a line of ours. */
export function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
}
