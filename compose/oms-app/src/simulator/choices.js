// The simulator's chances: every choice follows from the seed and a name, so that a run can be repeated and a step that
// is sent twice is the same event.

import { createHash } from 'node:crypto';

const digest = (...parts) => createHash('sha256').update(parts.join('\u0000')).digest();

/** A number from 0 up to 1, fixed for these parts. */
export const chance = (...parts) => digest(...parts).readUInt32BE(0) / 2 ** 32;

/** One of a list, fixed for these parts. */
export const pick = (list, ...parts) => list[Math.floor(chance(...parts) * list.length)];

/** A UUID (version 8: made by a rule of our own), fixed for these parts. */
export function fixedUuid(...parts) {
  const bytes = digest(...parts).subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
