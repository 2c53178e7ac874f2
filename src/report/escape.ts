/** Escape sequences of terminals: CSI and OSC as a whole, and two-character ones. */
const SEQUENCE =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?|\u009b[0-?]*[ -/]*[@-~]?/g;

/** Characters that alter how their neighbours are shown: controls, bidirectional overrides, invisible ones. */
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Text of a repository or an engine as it may be shown anywhere: what it looks like is what it says. Keeps line ends. */
export function plainLines(text: string): string {
  return text
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(SEQUENCE, '')
    .replace(UNSEEN, '')
    .replace(LONE_SURROGATE, '\ufffd');
}

/** The same on one line: line ends, tabs and runs of spaces become one space. */
export function plain(text: string): string {
  return plainLines(text).replace(/\s+/g, ' ').trim();
}

/** At most `length` UTF-16 code units of a text; a longer one ends in an ellipsis. */
export function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** A path as part of a URI, each of its segments encoded. */
export function uriPath(path: string): string {
  const encoded = path.replace(LONE_SURROGATE, '\ufffd').split('/').map(encodeURIComponent).join('/');
  return encoded.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
