import { historyJson } from '../report/history/history-json.ts';
import { historyText } from '../report/history/history-text.ts';
import { paintWith } from '../report/paint.ts';
import type { Request } from './arguments.ts';
import { openHistory } from './open-history.ts';
import { writeResult } from './output.ts';
import { tellHistory } from './tell-history.ts';
import { terminalOf } from './terminal.ts';

/** Writes how a table, or one part of it, came to be what it is. */
export async function historyCommand(request: Request): Promise<number> {
  const [asked = ''] = request.words;
  const told = await tellHistory(await openHistory(request), asked);
  const { color } = terminalOf(process.stdout, request.options.output !== undefined);
  const text = request.options.format === 'json' ? historyJson(told) : historyText(told, paintWith(color));
  await writeResult(request.options, text);
  return 0;
}
