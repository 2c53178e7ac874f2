/** What a comment of ours remembers, where no reader sees it. */
export type Memory =
  | {
      readonly kind: 'finding';
      readonly fingerprint: string;
      /** The head that was judged when it was written: GitHub's own `commit_id` moves with force pushes. */
      readonly head: string;
      /** What the comment said, so that an edit by somebody else is seen and an equal text is not sent again. */
      readonly digest: string;
      readonly isFixed: boolean;
    }
  | {
      readonly kind: 'summary';
      readonly digest: string;
      /** Fingerprints of comments that stand on lines, or stood there until somebody deleted them. */
      readonly said: readonly string[];
    }
  /** An answer to somebody's comment. */
  | { readonly kind: 'reply'; readonly to: number };

const OPEN = '<!-- tablewarden:1 ';

/** A line that GitHub does not show, for the end of a comment. It holds letters and digits only. */
export function marker(memory: Memory): string {
  return `${OPEN}${Buffer.from(JSON.stringify(memory)).toString('base64url')} -->`;
}

/** What a comment's last line remembers. A marker anywhere else is somebody's text. */
export function memoryOf(body: string): Memory | undefined {
  const last = body.trimEnd().split(/\r?\n/).at(-1) ?? '';
  const found = /^<!-- tablewarden:1 ([A-Za-z0-9_-]+) -->$/.exec(last);
  if (!found) return undefined;
  try {
    return toMemory(JSON.parse(Buffer.from(found[1]!, 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
}

/** The same comment without what it remembers. */
export function withoutMarker(body: string): string {
  const at = body.lastIndexOf(OPEN);
  return (at < 0 ? body : body.slice(0, at)).trimEnd();
}

function toMemory(said: unknown): Memory | undefined {
  if (typeof said !== 'object' || said === null) return undefined;
  const {
    kind,
    fingerprint,
    head,
    digest,
    isFixed,
    said: list,
    to,
  } = said as Readonly<Record<string, unknown>>;
  if (kind === 'reply') return typeof to === 'number' ? { kind, to } : undefined;
  if (typeof digest !== 'string') return undefined;
  if (kind === 'finding' && typeof fingerprint === 'string' && typeof head === 'string')
    return { kind, fingerprint, head, digest, isFixed: isFixed === true };
  if (kind === 'summary' && Array.isArray(list))
    return { kind, digest, said: list.filter((one) => typeof one === 'string') };
  return undefined;
}
