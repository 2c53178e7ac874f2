import { isMainThread, Worker } from 'node:worker_threads';
import { serve } from './engine/pglite/serve.ts';
import { watch } from './engine/pglite/watch.ts';

/** The process of PGlite: a migration runs in its WebAssembly, and the parent can kill it at any time. */
if (isMainThread) {
  new Worker(new URL(import.meta.url));
  serve();
} else watch();
