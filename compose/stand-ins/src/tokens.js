// Shared access signatures: which tokens open the hub. It must not take a token for what it does not name.

import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Checks a shared access signature against the rule's name and key for `audience`.
 * Returns {expires} (ms), or {refusal}: one sentence.
 */
export function checkToken(token, audience, rule, now) {
  if (typeof token !== 'string' || !token.startsWith('SharedAccessSignature ')) {
    return { refusal: 'the token is no shared access signature' };
  }
  const fields = new URLSearchParams(token.slice('SharedAccessSignature '.length).replaceAll('+', '%2B'));
  const [resource, signature, expiry, name] = ['sr', 'sig', 'se', 'skn'].map((field) => fields.get(field));
  if (!resource || !signature || !/^\d+$/.test(expiry ?? '')) return { refusal: 'the token lacks a field' };
  if (name !== rule.name) return { refusal: 'the token names an unknown rule' };
  const signed = createHmac('sha256', rule.key).update(`${encodeURIComponent(resource)}\n${expiry}`).digest();
  const given = Buffer.from(signature, 'base64');
  if (given.length !== signed.length || !timingSafeEqual(given, signed)) return { refusal: 'the signature is not right' };
  const expires = Number(expiry) * 1000;
  if (expires <= now) return { refusal: 'the token has expired' };
  if (!covers(resource, audience)) return { refusal: 'the token is for something else' };
  return { expires };
}

/** Whether a token for `resource` covers `audience`: itself or something below it. */
export function covers(resource, audience) {
  const [outer, inner] = [resource, audience].map((address) => address.toLowerCase().replace(/\/+$/, ''));
  return inner === outer || inner.startsWith(`${outer}/`);
}

/** The path of an audience: `sb://host/orders/x` -> `orders/x`. */
export function pathOf(audience) {
  return audience.replace(/^[a-z]+:\/\/[^/]*\/?/i, '').replace(/\/+$/, '');
}
