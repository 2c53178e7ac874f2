import { createHash } from 'node:crypto';
import type { Finding } from '../finding/finding.ts';
import { plain } from '../report/escape.ts';
import { evidenceText } from '../report/evidence.ts';
import { code, codeBlock, inline } from '../report/markdown/escape.ts';

/** The text of a review comment: consequence, safe way, evidence. A suggestion stands only where it can be taken as it is. */
export function commentText(
  finding: Finding,
  suggests: boolean,
  ruleLink: (rule: string) => string | undefined,
  takesCommands = false,
): string {
  const { rule, severity, instead, edit, evidence, fingerprint } = finding;
  const link = ruleLink(rule);
  const name = link === undefined ? code(rule) : `[${code(rule)}](${link})`;
  const parts = [
    `**${severity}** ${name}`,
    inline(finding.message),
    ...(suggests && edit
      ? [suggestion(edit.text)]
      : instead
        ? [`The safe way:\n\n${codeBlock(instead.text, instead.language)}`]
        : []),
    ...(plain(evidence.text) ? [`<sub>${inline(evidenceText(finding))}</sub>`] : []),
    ...(takesCommands
      ? [
          `<sub>If it is meant: \`/tablewarden allow ${fingerprint.slice(0, 10)} because …\` as a comment</sub>`,
        ]
      : []),
  ];
  return parts.join('\n\n');
}

/** GitHub puts these lines in the place of the comment's own, character by character. */
function suggestion(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}suggestion\n${text}\n${fence}`;
}

/** Whether a text can be a suggestion at all: it must not hold what leaves the block or hides in it. */
export function isSuggestible(text: string): boolean {
  return !/<!--|-->|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/.test(
    text,
  );
}

/** Tells two texts apart without keeping them. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
