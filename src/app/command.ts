/** What somebody who may write can ask for in a comment. */
export type Command =
  | { readonly name: 'recheck' }
  | { readonly name: 'explain'; readonly rule: string }
  | { readonly name: 'allow'; readonly fingerprint: string; readonly because: string }
  | { readonly name: 'unknown'; readonly trouble: string };

/** Characters of a command's line. */
const LONGEST = 500;

/** The first line of a comment that speaks to the App; quoted lines and code do not. */
export function commandOf(body: string): string | undefined {
  let fence: string | undefined;
  for (const line of body.split(/\r?\n/)) {
    const [, marks] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
    if (marks && (fence === undefined || marks.startsWith(fence)))
      fence = fence === undefined ? marks : undefined;
    else if (fence === undefined && /^ {0,3}\/tablewarden(\s|$)/i.test(line))
      return line.trim().slice(0, LONGEST);
  }
  return undefined;
}

const USAGE = '`recheck`, `explain <rule>`, or `allow <fingerprint> because <reason>`';

/** Reads a command's line. */
export function parseCommand(line: string): Command {
  const [, word = '', rest = ''] = /^\/tablewarden(?:\s+(\S+))?\s*(.*)$/i.exec(line) ?? [];
  switch (word.toLowerCase()) {
    case 'recheck':
      return { name: 'recheck' };
    case 'explain': {
      const [, rule] = /^`?([a-z0-9-]{1,100})`?$/.exec(rest.trim()) ?? [];
      if (rule) return { name: 'explain', rule };
      return {
        name: 'unknown',
        trouble: 'Write `/tablewarden explain <rule>`, with the rule as findings name it.',
      };
    }
    case 'allow': {
      const [, fingerprint, because] = /^`?([0-9a-f]{6,64})`?\s+because\s+(\S.*)$/i.exec(rest.trim()) ?? [];
      if (fingerprint && because)
        return { name: 'allow', fingerprint: fingerprint.toLowerCase(), because: because.trim() };
      return {
        name: 'unknown',
        trouble:
          'Write `/tablewarden allow <fingerprint> because <reason>`: without a reason nothing is allowed.',
      };
    }
    default:
      return { name: 'unknown', trouble: `Tablewarden knows ${USAGE}.` };
  }
}
