/** What the reader of standard output can show. */
export interface Terminal {
  readonly color: boolean;
  readonly width: number | undefined;
}

/** Colours only on a terminal that wants them (https://no-color.org); `FORCE_COLOR` for those that only look like none. */
export function terminalOf(stream: NodeJS.WriteStream, toFile: boolean): Terminal {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0';
  const wanted = forced || (stream.isTTY === true && TERM !== 'dumb' && FORCE_COLOR !== '0');
  return { color: wanted && !NO_COLOR && !toFile, width: stream.columns };
}

/** Work shorter than this needs no word about it, in seconds. */
const LONG = 1.5;

/** One line on standard error that says what is being done: only on a terminal, and only once the work is long. */
export interface Progress {
  say(text: string): void;
  /** Takes the line away. */
  end(): void;
}

/** Starts counting; nothing is shown where nobody looks, or `quiet` was asked for. */
export function startProgress(quiet: boolean): Progress {
  if (quiet || !process.stderr.isTTY) return { say: () => {}, end: () => {} };
  const start = process.uptime();
  let shown = false;
  return {
    say: (text) => {
      if (process.uptime() - start < LONG) return;
      shown = true;
      process.stderr.write(`\r\u001b[K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
    },
    end: () => {
      if (shown) process.stderr.write('\r\u001b[K');
    },
  };
}
