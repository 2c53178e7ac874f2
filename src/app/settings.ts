import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../errors.ts';

/** What `serve` is told: secrets by the environment, the rest by it or by options. */
export interface Settings {
  readonly appId: number;
  readonly privateKey: string;
  /** The present webhook secret, and the one before it while it is replaced. */
  readonly secrets: readonly string[];
  readonly host: string;
  readonly port: number;
  /** Folder of what is fetched, and of the queue's journal where no database holds the queue. */
  readonly data: string;
  /** `postgres://…` of the queue that several machines share. */
  readonly queueUrl?: string;
  readonly apiUrl: string;
  /** Pull requests that are judged at a time. */
  readonly jobs: number;
  /** Milliseconds that GitHub's limits are counted in; less than 1,000 only where GitHub is no real one. */
  readonly second: number;
}

export interface SettingOptions {
  readonly port?: string;
  readonly host?: string;
  readonly data?: string;
  readonly jobs?: string;
}

const SECRETS = ['PRIVATE_KEY', 'WEBHOOK_SECRET', 'WEBHOOK_SECRET_PREVIOUS', 'QUEUE_DATABASE_URL'];

/** Reads the settings; secrets are taken out of the environment, so that no process that is started later holds them. */
export function takeSettings(env: NodeJS.ProcessEnv, options: SettingOptions): Settings {
  const text = (name: string): string | undefined => env[name]?.trim() || undefined;
  const secret = text('WEBHOOK_SECRET');
  if (secret === undefined)
    throw new UserError(
      'WEBHOOK_SECRET is not set: anybody could send events.',
      'Set it to the secret that the settings of the GitHub App hold under Webhook.',
    );
  const previous = text('WEBHOOK_SECRET_PREVIOUS');
  const appId = wholeNumber(
    'APP_ID',
    text('APP_ID'),
    'It is the number on the settings page of the GitHub App.',
  );
  const queueUrl = queueUrlOf(text('QUEUE_DATABASE_URL'));
  const settings = {
    appId,
    privateKey: privateKeyOf(text('PRIVATE_KEY'), text('PRIVATE_KEY_PATH')),
    secrets: previous === undefined ? [secret] : [secret, previous],
    host: options.host ?? text('HOST') ?? '0.0.0.0',
    port: portOf(options.port ?? text('PORT') ?? '3000'),
    data: resolve(options.data ?? text('TABLEWARDEN_DATA') ?? 'tablewarden-data'),
    ...(queueUrl === undefined ? {} : { queueUrl }),
    apiUrl: (text('GITHUB_API_URL') ?? 'https://api.github.com').replace(/\/+$/, ''),
    jobs: wholeNumber('--jobs', options.jobs ?? '2', 'It is how many pull requests are judged at a time.'),
    second: wholeNumber('GITHUB_SECOND', text('GITHUB_SECOND') ?? '1000', 'It is a number of milliseconds.'),
  };
  for (const name of SECRETS) delete env[name];
  return settings;
}

/** Its text holds a password and is not repeated. */
function queueUrlOf(text: string | undefined): string | undefined {
  if (text === undefined || /^postgres(ql)?:\/\//.test(text)) return text;
  throw new UserError(
    'QUEUE_DATABASE_URL is no URL of a PostgreSQL database.',
    'Write it as postgres://user:password@host:5432/database.',
  );
}

function privateKeyOf(key: string | undefined, path: string | undefined): string {
  const remedy =
    'Set PRIVATE_KEY_PATH to the .pem file that GitHub gave you for the App, or PRIVATE_KEY to its text.';
  if (key === undefined && path === undefined)
    throw new UserError('Neither PRIVATE_KEY_PATH nor PRIVATE_KEY is set.', remedy);
  const text = key === undefined ? readKey(path ?? '', remedy) : key;
  const pem = text.includes('-----BEGIN') ? text : Buffer.from(text, 'base64').toString('utf8');
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) return pem.replaceAll('\\n', '\n');
  throw new UserError('The private key is no PEM.', remedy);
}

function readKey(path: string, remedy: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${(error as Error).message}.`, remedy); // what fs throws
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new UserError(`${text} is no port.`, 'Name one from 1 to 65535, or 0 for any that is free.');
}

function wholeNumber(name: string, text: string | undefined, remedy: string): number {
  const value = Number(text);
  if (text !== undefined && Number.isSafeInteger(value) && value > 0) return value;
  throw new UserError(
    text === undefined ? `${name} is not set.` : `${name} is no whole number: ${text}.`,
    remedy,
  );
}
