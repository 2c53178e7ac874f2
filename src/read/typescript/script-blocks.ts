/** The code of a file in place: everything that is no code is blank, so that every offset is the file's own. */
export interface Script {
  readonly text: string;
  readonly language: 'ts' | 'tsx' | 'jsx';
  readonly sourceType: 'module' | 'unambiguous';
  /** Where a script block opens that never ends. */
  readonly open?: number;
}

/** The code of a file of any kind: the whole of it, or the script blocks of a Vue or Svelte component. */
export function scriptOf(path: string, text: string): Script {
  const suffix = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  if (suffix === 'vue' || suffix === 'svelte') return scriptBlocks(text);
  if (suffix === 'tsx') return { text, language: 'tsx', sourceType: 'module' };
  if (suffix.endsWith('ts')) return { text, language: 'ts', sourceType: 'module' };
  return { text, language: 'jsx', sourceType: 'unambiguous' };
}

const BLOCK = /<script\b((?:[^>"']|"[^"]*"|'[^']*')*)>([\s\S]*?)<\/script\s*>/gi;

/** At the start of a line: in a text or a comment it may stand for itself. */
const OPENING = /^<script\b/im;

function scriptBlocks(text: string): Script {
  let code = '';
  let typed = false;
  for (const match of text.matchAll(BLOCK)) {
    const [whole, attributes = '', body = ''] = match;
    if (/\btype\s*=\s*["'](?!module|text\/(java|type)script)/i.test(attributes)) continue;
    const start = match.index + whole.indexOf('>', '<script'.length + attributes.length) + 1;
    code += blank(text.slice(code.length, start)) + body;
    typed ||= /\blang\s*=\s*["']?tsx?\b/i.test(attributes);
  }
  const rest = text.slice(code.length);
  const open = OPENING.exec(rest);
  return {
    ...{ text: code + blank(rest), language: typed ? 'tsx' : 'jsx', sourceType: 'module' },
    ...(open ? { open: code.length + open.index } : {}),
  };
}

/** White space with the same line ends. */
function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}
