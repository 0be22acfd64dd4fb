// Which tokens open the hub: shared access signatures, and tokens of Entra ID. It must not take a token for what it does
// not name.

import { createHmac, createVerify, timingSafeEqual } from 'node:crypto';

const CLOCKS_APART = 5 * 60_000;

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

/**
 * Checks a token of Entra ID (a JWT, RS256) against the authority's public `key` and the `audience` that it must name.
 * Returns {expires} (ms), or {refusal}: one sentence.
 */
export function checkJwt(token, { key, audience }, now) {
  const [head, claims, signature, ...rest] = typeof token === 'string' ? token.split('.') : [];
  if (!signature || rest.length > 0) return { refusal: 'the token is no JWT' };
  const read = (part) => {
    try {
      return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) ?? {};
    } catch {
      return {};
    }
  };
  if (read(head).alg !== 'RS256') return { refusal: 'the token is not signed by RS256' };
  const verify = createVerify('RSA-SHA256').update(`${head}.${claims}`);
  if (!verify.verify(key, Buffer.from(signature, 'base64url'))) return { refusal: 'the signature is not right' };
  const { aud, exp, nbf } = read(claims);
  if (!Number.isInteger(exp) || exp * 1000 <= now) return { refusal: 'the token has expired' };
  if (Number.isInteger(nbf) && nbf * 1000 > now + CLOCKS_APART) return { refusal: 'the token is not valid yet' };
  const bare = (address) => String(address).replace(/\/+$/, '');
  if (bare(aud) !== bare(audience)) return { refusal: 'the token is for something else' };
  return { expires: exp * 1000 };
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
