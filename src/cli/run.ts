import { setFlagsFromString } from 'node:v8';
import { parseArguments, type Request } from './arguments.ts';
import { leave, stopOnSignals, watchStreams, write } from './output.ts';

/** Answers one command line and ends the process with its exit code. */
export async function run(argv: readonly string[]): Promise<never> {
  setFlags(argv[0]);
  watchStreams();
  stopOnSignals();
  const code = await answer(argv).catch(async (error: unknown) => {
    const { reportTrouble } = await import('./trouble.ts');
    return reportTrouble(error);
  });
  return leave(code);
}

/**
 * A hook is over before code that V8 optimises early has paid for that, one part in fifteen of its work, and so are a thousand
 * migrations; a long run waits eighteen times as long for it and does not notice. Nor does a hook live to see its memory marked
 * bit by bit: one part in twenty-five. These flags are V8's own, so that only a version on which they were measured gets them.
 * What WebAssembly is set to for the parser of SQL (src/read/sql/read-sql.ts) is set here too: code that was kept is taken
 * under the same flags only.
 */
function setFlags(command: string | undefined): void {
  setFlagsFromString('--liftoff-only');
  if (!process.versions.node.startsWith('20.')) return;
  setFlagsFromString('--interrupt-budget=1200000');
  if (command === 'hook') setFlagsFromString('--no-incremental-marking');
}

async function answer(argv: readonly string[]): Promise<number> {
  const request = parseArguments(argv);
  if (request.switches.has('version')) {
    const { VERSION } = await import('./version.ts');
    return write(`${VERSION}\n`);
  }
  if (request.switches.has('help') || !request.command) {
    const { helpText } = await import('./help.ts');
    return write(helpText(request.command));
  }
  return obey(request);
}

/** Each command's own rooms are loaded only when it is the one that was asked for. */
async function obey(request: Request): Promise<number> {
  switch (request.command) {
    case 'prove':
    case 'check': {
      const { checkCommand } = await import('./check-command.ts');
      return checkCommand(request);
    }
    case 'facts': {
      const { factsCommand } = await import('./facts-command.ts');
      return factsCommand(request);
    }
    case 'init': {
      const { initCommand } = await import('./init-command.ts');
      return initCommand(request);
    }
    case 'schema': {
      const { schemaCommand } = await import('./schema-command.ts');
      return schemaCommand(request);
    }
    case 'history': {
      const { historyCommand } = await import('./history-command.ts');
      return historyCommand(request);
    }
    case 'blame': {
      const { blameCommand } = await import('./blame-command.ts');
      return blameCommand(request);
    }
    case 'diff': {
      const { diffCommand } = await import('./diff-command.ts');
      return diffCommand(request);
    }
    case 'runs': {
      const { runsCommand } = await import('./runs-command.ts');
      return runsCommand(request);
    }
    case 'replay': {
      const { replayCommand } = await import('./runs-command.ts');
      return replayCommand(request);
    }
    case 'conflicts': {
      const { conflictsCommand } = await import('./conflicts-command.ts');
      return conflictsCommand(request);
    }
    case 'store update':
    case 'store rebuild': {
      const { updateStore } = await import('./store-command.ts');
      return updateStore(request);
    }
    case 'store at': {
      const { storeAt } = await import('./store-command.ts');
      return storeAt(request);
    }
    case 'legacy': {
      const { legacyCommand } = await import('./legacy-command.ts');
      return legacyCommand(request);
    }
    case 'rules': {
      const { rulesCommand } = await import('./rules-command.ts');
      return rulesCommand(request);
    }
    case 'explain': {
      const { explainCommand } = await import('./rules-command.ts');
      return explainCommand(request);
    }
    case 'serve': {
      const { serveCommand } = await import('./serve-command.ts');
      return serveCommand(request);
    }
    case 'hook install': {
      const { installHook } = await import('../hook/install.ts');
      const { prepareDatabases } = await import('../hook/prepare-databases.ts');
      const directory = request.options.repo ?? '.';
      await write(await installHook(directory));
      return write(await prepareDatabases(directory));
    }
    default: {
      const { hook } = await import('../hook.ts');
      return hook(request);
    }
  }
}
