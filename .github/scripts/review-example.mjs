// What the demo's pull request gets on GitHub: the check run, the review and the summary, written onto the GitHub of the tests
// and read back from it. Prints a page; with --write it is renewed where it stands, .github/review.md, and one comment of it in
// the README. Needs `npm run build`.
import { readFileSync, writeFileSync } from 'node:fs';
import { loadHarness } from './load-harness.mjs';
import { HISTORY, PULL_REQUEST } from './shop.mjs';

process.env.TABLEWARDEN_VERSION ??= JSON.parse(readFileSync('package.json', 'utf8')).version;

const { startGithub, quickApi, review, removeFolders } = await loadHarness('github', [
  '../harness/github/github.ts',
  '../hook/repository.ts',
  './reviewed.ts',
]);

const github = await startGithub();
try {
  const shop = github.createRepository('octo/shop', HISTORY);
  const installation = github.install(github.registerApp().app, 'octo');
  await github.push(shop, 'feature', PULL_REQUEST);
  const pull = await github.openPull(shop, 'feature');
  const api = quickApi(github, () => github.tokenOf(installation));
  await review(api, shop, pull, { appId: installation.app.id, prove: 'full' });
  const comments = pull.threads.map((comment) => ({
    place: placeOf(comment),
    text: withoutMarker(comment.body),
  }));
  const page = pageOf(shop.checks[0], pull.reviews[0].body, comments);
  if (process.argv.includes('--write')) {
    writeFileSync('.github/review.md', page);
    intoReadme(excerptOf(comments));
  } else process.stdout.write(page);
} finally {
  await github.close();
  removeFolders();
}

function placeOf({ path, startLine, line }) {
  return `\`${path}\`, ${startLine === undefined ? `line ${line}` : `lines ${startLine} to ${line}`}`;
}

function withoutMarker(body) {
  return body.replace(/\n\n<!-- tablewarden:[^\n]*-->$/, '');
}

function pageOf(check, reviewed, comments) {
  const notes = check.annotations.map(
    (one) =>
      `| ${one.annotation_level} | \`${one.path}:${one.start_line}\` | ${one.title} | ${one.message.split('\n')[0]} |`,
  );
  return `<!-- written by .github/scripts/review-example.mjs -->

# What a pull request gets

The pull request of \`npm run demo\`, as GitHub shows it. The summary that stands among its comments, and is edited when it
changes, is [the report itself](demo.md).

## The check run

**${check.name}** ended with \`${check.conclusion}\`: ${check.title}. Its page shows the same report, and beside the lines of the
change these ${check.annotations.length} annotations:

| | where | rule | what happens |
| --- | --- | --- | --- |
${notes.join('\n')}

## The review

> ${reviewed}

${comments.map(({ place, text }) => `### ${place}\n\n${text}`).join('\n\n')}
`;
}

/** The first comment that GitHub shows a button for. */
function excerptOf(comments) {
  const { place, text } = comments.find((one) => one.text.includes('suggestion\n'));
  return `On ${place}:\n\n${text.replace(/^/gm, '> ').replace(/^> $/gm, '>')}\n`;
}

function intoReadme(shown) {
  const place = /(<!-- review -->\n)[\s\S]*?(<!-- \/review -->)/;
  const readme = readFileSync('README.md', 'utf8');
  writeFileSync(
    'README.md',
    readme.replace(place, (_, before, after) => before + shown + after),
  );
}
