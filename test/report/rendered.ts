import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

/** Markdown as GitHub renders it, tags included. */
export function render(text: string): string {
  return micromark(text, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
}

/** GitHub looks for mentions, references and addresses in what is rendered, except in code. */
export function textOutsideCode(html: string): string {
  return html
    .replace(/<pre[\s\S]*?<\/pre>|<code[\s\S]*?<\/code>/g, '')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

/** What a reader sees of a text: on one line, without what is not seen. */
export function shownOf(text: string): string {
  return text
    .replace(/\u001b\]8;;[^\u0007]*\u0007/g, '')
    .replace(/[\u0000\u202e]/g, '')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/\s+/g, ' ');
}

/** Tags that nothing closes, and ends of none. */
export function openTags(html: string): readonly string[] {
  const open: string[] = [];
  for (const [, end, tag = ''] of html.matchAll(/<(\/?)([a-z0-9]+)[^>]*>/gi)) {
    if (tag === 'br') continue;
    if (end && open.at(-1) === tag) open.pop();
    else open.push(end + tag);
  }
  return open;
}
