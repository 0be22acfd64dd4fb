// Signatures of webhooks and of tracking links. Comparisons take the same time whatever differs.

import { createHmac, timingSafeEqual } from 'node:crypto';

const OLDEST_MILLISECONDS = 5 * 60_000;

function digest(key, content) {
  return createHmac('sha256', key).update(content).digest();
}

function equal(a, b) {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The header that signs `body` (text or bytes) at `now` (ms): `t=<seconds>,v1=<hex>`. */
export function signWebhook(key, body, now) {
  const seconds = Math.floor(now / 1000);
  return `t=${seconds},v1=${digest(key, Buffer.concat([Buffer.from(`${seconds}.`), Buffer.from(body)])).toString('hex')}`;
}

/** Whether `header` signs exactly these bytes, and not longer ago (or further ahead) than five minutes. */
export function webhookIsSigned(key, body, header, now) {
  const match = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header ?? '');
  if (!match || Math.abs(now - Number(match[1]) * 1000) > OLDEST_MILLISECONDS) return false;
  const expected = digest(key, Buffer.concat([Buffer.from(`${match[1]}.`), Buffer.from(body)]));
  return equal(expected, Buffer.from(match[2], 'hex'));
}

/** The token of an order's tracking link: who has it may see the order's status. */
export function trackingToken(key, orderNumber) {
  return digest(key, `track:${orderNumber}`).toString('base64url').slice(0, 32);
}

/** Whether `token` is the order's. */
export function trackingIsSigned(key, orderNumber, token) {
  return typeof token === 'string' && equal(Buffer.from(trackingToken(key, orderNumber)), Buffer.from(token));
}
