import { createSign } from 'node:crypto';

/** What an app says of itself to GitHub, signed by its key, by a clock that leads; claims may be put in the place of the right ones. */
export function makeJwt(
  { id, privateKey }: { readonly id: number; readonly privateKey: string },
  claims: Readonly<Record<string, unknown>> = {},
  lead = 0,
): string {
  const now = Math.floor((Date.now() + lead) / 1000);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const said = part({ iat: now - 30, exp: now + 300, iss: id, ...claims });
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${said}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
}
