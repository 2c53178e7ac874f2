import { assertContract } from '../harness/github/assertions.ts';

/**
 * The double's assertions against the real GitHub: part of a run only where somebody names a repository that may be written
 * into (it needs one commit) and a token. An app's installation token shows the check runs too.
 */
assertContract('the real GitHub', async () => {
  const { TABLEWARDEN_LIVE_REPOSITORY = '', TABLEWARDEN_LIVE_TOKEN = '', GITHUB_API_URL } = process.env;
  const [owner = '', repo = ''] = TABLEWARDEN_LIVE_REPOSITORY.split('/');
  return {
    url: GITHUB_API_URL ?? 'https://api.github.com',
    owner,
    repo,
    token: TABLEWARDEN_LIVE_TOKEN,
    pause: 1000,
    prefix: `tablewarden-${Date.now()}`,
  };
});
