import { afterAll } from 'vitest';
import { removeFolders } from '../../hook/repository.ts';
import { assertContract } from './assertions.ts';
import { type Github, startGithub } from './github.ts';

let github: Github | undefined;

afterAll(async () => {
  await github?.close();
  removeFolders();
});

assertContract('the double', async () => {
  github = await startGithub();
  github.createRepository('octo/tried', { 'README.md': 'x\n' });
  const permissions = {
    checks: 'write',
    contents: 'write',
    issues: 'write',
    pull_requests: 'write',
  } as const;
  const token = github.tokenOf(github.install(github.registerApp('tried', permissions).app, 'octo'));
  return { url: github.url, owner: 'octo', repo: 'tried', token, pause: 0, prefix: 'try' };
});
