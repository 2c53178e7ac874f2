import { ScratchError } from '../../scratch.ts';
import { STATEMENT_TIME } from './limits.ts';
import type { Runner } from './run.ts';
import type { Session } from './session.ts';

/** A runner that stops a statement which takes too long. */
export interface TimedRunner extends Runner {
  /** Milliseconds for each statement from now on. */
  limit(milliseconds: number): void;
  /** Ends what is running, for a reason. */
  stop(error: ScratchError): void;
  close(): Promise<void>;
}

/** What runs migrations over one session. */
export interface Seat extends Pick<Runner, 'afresh' | 'makeRole' | 'trouble' | 'lengthen'> {
  readonly session: Session;
  /** Ends the process that serves the session, whatever that is doing. */
  terminate(): void;
}

/** Opens a runner over a session: the time limit is kept from outside, where no statement reaches it. */
export function openRunner({ session, terminate, ...seat }: Seat): TimedRunner {
  let milliseconds: number = STATEMENT_TIME.attempt;
  let stopped: ScratchError | undefined;
  const stop = (error: ScratchError) => {
    stopped = error;
    terminate();
  };
  return {
    ...seat,
    session,
    doubtful: false,
    spoilt: false,
    stop,
    limit: (given) => {
      milliseconds = given;
    },
    send: async (text, options) => {
      const timer = setTimeout(
        () => stop(new ScratchError('time', `it ran for ${milliseconds / 1_000} s and was stopped`)),
        milliseconds,
      );
      try {
        return await session.send(text, options);
      } catch (error) {
        throw stopped ?? error;
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => session.close(),
  };
}
