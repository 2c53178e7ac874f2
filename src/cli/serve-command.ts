import type { Request } from './arguments.ts';

/** Runs the GitHub App until it is told to stop. */
export async function serveCommand({ options }: Request): Promise<number> {
  const { serve } = await import('../app.ts');
  const { port, host, data, jobs } = options;
  return serve(process.env, { port, host, data, jobs });
}
