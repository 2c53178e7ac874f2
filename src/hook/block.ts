const BEGIN = '# >>> tablewarden: added by `tablewarden hook install`; delete these lines to take it out';
const END = '# <<< tablewarden';

/**
 * The lines of shell that a plain hook holds. They stand first: a hook that was there before may read all of standard
 * input, or exit. They keep what git wrote for it, stop the push only at exit code 1, and let it pass, in one line, when
 * tablewarden or node is not there. `places` are paths from the top of the working tree, the likeliest first.
 */
export function hookBlock(places: readonly string[]): string {
  const found = places.map(
    (place, index) => `${index ? 'elif' : 'if'} [ -x ${quote(place)} ]; then ${quote(place)} hook run "$@"`,
  );
  return `${BEGIN}
tablewarden_hook() {
  ${found.join('\n  ')}
  elif command -v tablewarden >/dev/null 2>&1; then tablewarden hook run "$@"
  elif npx --no-install tablewarden --version >/dev/null 2>&1; then npx --no-install tablewarden hook run "$@"
  else echo 'tablewarden is not installed here: the push goes on unjudged.' >&2
  fi
}
tablewarden_refs=$(cat)
tablewarden_status=0
printf '%s\\n' "$tablewarden_refs" | tablewarden_hook "$@" || tablewarden_status=$?
if [ "$tablewarden_status" -eq 1 ]; then exit 1; fi
if [ "$tablewarden_status" -ne 0 ]; then
  echo "tablewarden could not run (exit code $tablewarden_status): the push goes on unjudged." >&2
fi
if [ -n "$tablewarden_refs" ]; then exec <<TABLEWARDEN_REFS
$tablewarden_refs
TABLEWARDEN_REFS
else exec </dev/null
fi
${END}
`;
}

function quote(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** What becomes of a hook file: the new text, or why it stays as it is. */
export type HookEdit =
  | { readonly kind: 'created' | 'added' | 'renewed' | 'unchanged'; readonly text: string }
  | { readonly kind: 'not-a-shell-script'; readonly interpreter: string };

/** Puts the block into a hook's text (undefined: there is no file), and changes nothing else of it. */
export function addBlock(existing: string | undefined, block: string): HookEdit {
  if (existing === undefined || existing.trim() === '')
    return { kind: 'created', text: `#!/bin/sh\n${block}` };
  const ours = findBlock(existing);
  if (ours) {
    const text = existing.slice(0, ours.from) + block + existing.slice(ours.to);
    return { kind: text === existing ? 'unchanged' : 'renewed', text };
  }
  const interpreter = /^#!\s*(.*)/.exec(existing)?.[1]?.trim() ?? 'sh';
  if (!/(^|[/\s])(sh|bash|dash|ksh|zsh|ash)(\s|$)/.test(interpreter))
    return { kind: 'not-a-shell-script', interpreter };
  const from = existing.startsWith('#!') ? endOfLine(existing, 0) : 0;
  const before = existing.slice(0, from);
  return { kind: 'added', text: `${before}${block}${existing.slice(from)}` };
}

function findBlock(text: string): { from: number; to: number } | undefined {
  const from = text.indexOf(BEGIN);
  const end = from < 0 ? -1 : text.indexOf(END, from);
  return end < 0 ? undefined : { from, to: endOfLine(text, end) };
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline < 0 ? text.length : newline + 1;
}
