import { expect, test } from 'vitest';
import { takeSettings } from '../../src/app/settings.ts';

const KEY = '-----BEGIN RSA PRIVATE KEY-----\nx\n-----END RSA PRIVATE KEY-----';

test('secrets are taken out of the environment', () => {
  const env = { APP_ID: '7', PRIVATE_KEY: KEY, WEBHOOK_SECRET: 'new', WEBHOOK_SECRET_PREVIOUS: 'old' };
  expect(takeSettings(env, { port: '0' })).toMatchObject({ appId: 7, secrets: ['new', 'old'], port: 0 });
  expect(env).toEqual({ APP_ID: '7' });
});

test.each([
  [{}, 'WEBHOOK_SECRET is not set'],
  [{ WEBHOOK_SECRET: ' ' }, 'WEBHOOK_SECRET is not set'],
  [{ WEBHOOK_SECRET: 's' }, 'APP_ID is not set'],
  [{ WEBHOOK_SECRET: 's', APP_ID: 'x' }, 'APP_ID is no whole number'],
  [{ WEBHOOK_SECRET: 's', APP_ID: '7' }, 'Neither PRIVATE_KEY_PATH nor PRIVATE_KEY is set'],
  [{ WEBHOOK_SECRET: 's', APP_ID: '7', PRIVATE_KEY: 'x' }, 'The private key is no PEM'],
  [{ WEBHOOK_SECRET: 's', APP_ID: '7', PRIVATE_KEY_PATH: '/nowhere.pem' }, '/nowhere.pem cannot be read'],
  [{ WEBHOOK_SECRET: 's', APP_ID: '7', PRIVATE_KEY: KEY, PORT: 'x' }, 'x is no port'],
])('%j: %s', (env, message) => {
  expect(() => takeSettings(env, {})).toThrow(message);
});
