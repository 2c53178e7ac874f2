import type { Credential } from '../git/fetch.ts';
import type { Api } from '../github/api.ts';
import type { Queue } from '../queue/queue.ts';
import type { StorageManager } from '../store/storage-manager.ts';
import type { Identity } from './identity.ts';
import type { Log } from './log.ts';
import type { Sandbox } from './sandbox.ts';

/** What every task of the App works with. */
export interface App {
  readonly identity: Identity;
  readonly queue: Queue;
  /** What is kept of the pull requests that were judged; none where several machines judge, of which each would keep a part. */
  readonly storage?: StorageManager;
  readonly log: Log;
  readonly sandbox: Sandbox;
  /** Folder of what is fetched. */
  readonly mirrors: string;
  /** GitHub's API as an installation sees it. */
  readonly apiOf: (installation: number) => Api;
  /** What git proves itself with at a URL; `isOver`: GitHub no longer takes the last one. */
  readonly credentialOf: (installation: number, url: string, isOver: boolean) => Promise<Credential>;
}
