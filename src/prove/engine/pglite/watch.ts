import { Socket } from 'node:net';
import { MAX_PGLITE_MEMORY } from '../postgres/limits.ts';

/** Milliseconds between two looks. */
const EVERY = 50;

/**
 * Watches the process from a thread of its own, for a statement leaves the first one no turn: it ends with the parent, whose
 * pipe closes, and when it holds too much memory.
 */
export function watch(): void {
  const end = (signal: NodeJS.Signals) => process.kill(process.pid, signal);
  const parent = new Socket({ fd: 0 });
  parent.on('error', () => end('SIGKILL'));
  parent.on('close', () => end('SIGKILL'));
  parent.resume();
  setInterval(() => {
    if (process.memoryUsage.rss() > MAX_PGLITE_MEMORY) end('SIGTERM');
  }, EVERY);
}
