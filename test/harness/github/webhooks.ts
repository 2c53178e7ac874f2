import { createHmac, randomUUID } from 'node:crypto';
import type { Event } from './events.ts';
import { conformEvent } from './openapi.ts';
import { type Delivery, newId, now, type RegisteredApp, type State } from './state.ts';

/** GitHub ends a delivery that takes longer, in milliseconds. */
const PATIENCE = 10_000;

/** Waits until the app that is installed there has heard of an event, where it asked for such, and answered. */
export async function tellApp(state: State, event: Event): Promise<Delivery | undefined> {
  const { installation } = event;
  if (!installation || installation.suspended || installation.removed) return undefined;
  return installation.app.events.has(event.name) ? deliver(state, installation.app, event) : undefined;
}

/** Tells an app of an event, once: GitHub does not try again by itself. */
export async function deliver(state: State, app: RegisteredApp, event: Event): Promise<Delivery> {
  const delivery: Delivery = {
    id: newId(state),
    guid: randomUUID(),
    event: event.name,
    action: event.payload.action === undefined ? null : String(event.payload.action),
    payload: JSON.stringify(conformEvent(event.name, event.payload)),
    appId: app.id,
    installationId: event.installation?.id ?? null,
    deliveredAt: now(state),
    redelivery: false,
    statusCode: 0,
    answer: '',
  };
  state.deliveries.push(delivery);
  await send(app, delivery);
  return delivery;
}

/** The same delivery once more, under its own id. */
export async function redeliver(state: State, app: RegisteredApp, former: Delivery): Promise<Delivery> {
  const id = newId(state);
  const delivery = { ...former, id, deliveredAt: now(state), redelivery: true, statusCode: 0, answer: '' };
  state.deliveries.push(delivery);
  await send(app, delivery);
  return delivery;
}

async function send(app: RegisteredApp, delivery: Delivery): Promise<void> {
  if (!app.hook) return;
  try {
    const { status, text } = await post(app.hook, headersOf(app, delivery), delivery.payload);
    delivery.statusCode = status;
    delivery.answer = text;
  } catch {
    delivery.statusCode = 0;
  }
}

/** The headers of a delivery; without a hook it is signed with nothing. */
export function headersOf(
  { id, hook }: RegisteredApp,
  { event, guid, payload }: Pick<Delivery, 'event' | 'guid' | 'payload'>,
): Readonly<Record<string, string>> {
  return {
    accept: '*/*',
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/0000000',
    'x-github-event': event,
    'x-github-delivery': guid,
    'x-github-hook-id': String(id + 1),
    'x-github-hook-installation-target-type': 'integration',
    'x-github-hook-installation-target-id': String(id),
    'x-hub-signature-256': signatureOf(hook?.secret ?? '', payload),
  };
}

/** Sends a body to an app's hook as it is: also what GitHub would never send. */
export async function post(
  { url }: { readonly url: string },
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(PATIENCE) });
  return { status: answer.status, text: await answer.text() };
}

export function signatureOf(secret: string, payload: string | Uint8Array): string {
  return `sha256=${createHmac('sha256', secret).update(payload).digest('hex')}`;
}
