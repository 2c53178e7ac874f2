#!/usr/bin/env node
// Nothing is imported outside the promise: where even loading fails (an old Node, a broken installation), the hook must still
// let the push pass, and Node's own exit code for that is 1, which would stop it.
import('./cli/run.ts')
  .then(({ run }) => run(process.argv.slice(2)))
  .catch((error: unknown) => {
    if (process.argv[2] !== 'hook' || process.argv[3] !== 'run') throw error;
    console.error(
      `tablewarden could not start, so the push goes on unjudged: ${String(error).split('\n')[0]}`,
    );
    process.exit(0);
  });
