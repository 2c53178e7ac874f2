import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** A SCRAM-SHA-256 exchange under way. https://www.rfc-editor.org/rfc/rfc5802 */
export interface Scram {
  /** The client's first message. */
  readonly first: string;
  readonly nonce: string;
}

/** Begins an exchange. */
export function openScram(): Scram {
  const nonce = randomBytes(18).toString('base64');
  return { first: `n,,n=,r=${nonce}`, nonce };
}

/** The client's final message, in answer to the server's first. */
export function answerScram({ first, nonce }: Scram, password: string, told: string): string {
  const fields = new Map(told.split(',').map((field) => [field[0], field.slice(2)]));
  const full = fields.get('r') ?? '';
  if (!full.startsWith(nonce)) throw new Error('the server answered with another nonce');
  const salt = Buffer.from(fields.get('s') ?? '', 'base64');
  const salted = pbkdf2Sync(password, salt, Number(fields.get('i')), 32, 'sha256');
  const clientKey = hmac(salted, 'Client Key');
  const bare = `c=biws,r=${full}`;
  const signature = hmac(
    createHash('sha256').update(clientKey).digest(),
    `${first.slice(3)},${told},${bare}`,
  );
  const proof = clientKey.map((byte, i) => byte ^ (signature[i] ?? 0));
  return `${bare},p=${Buffer.from(proof).toString('base64')}`;
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
