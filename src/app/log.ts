/** What a line of the log may hold beside its message. */
type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Writes one line of JSON about what happened. */
export type Log = (message: string, fields?: Fields) => void;

/** What looks like a secret, wherever it comes from. */
const SECRETS = [
  /\bgh[a-z]_[A-Za-z0-9_]{8,}/g,
  /\bgithub_pat_\w{8,}/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /-----BEGIN[^-]*PRIVATE KEY-----[\s\S]*?(-----END[^-]*PRIVATE KEY-----|$)/g,
  /\b(basic|bearer|token) [A-Za-z0-9+/=._-]{16,}/gi,
  /\bpostgres(ql)?:\/\/\S+/gi,
  /\bsha256=[0-9a-f]{64}/g,
];

/** Characters of a text in the log. */
const LONGEST = 500;

/** A log on a stream. Secrets and line breaks do not get there; payloads are never handed to it. */
export function openLog(write: (line: string) => void): Log {
  return (message, fields = {}) => {
    const told = Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? clean(value) : value,
    ]);
    write(
      `${JSON.stringify({ at: new Date().toISOString(), message: clean(message), ...Object.fromEntries(told) })}\n`,
    );
  };
}

/** An error in a few words, without its stack and without what looks like a secret. */
export function wordsOf(error: unknown): string {
  return clean(error instanceof Error ? error.message : String(error));
}

function clean(text: string): string {
  const hidden = SECRETS.reduce((so, secret) => so.replace(secret, '(hidden)'), text.slice(0, 4 * LONGEST));
  return hidden.length > LONGEST ? `${hidden.slice(0, LONGEST)}…` : hidden;
}
