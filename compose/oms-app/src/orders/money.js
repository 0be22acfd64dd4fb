// Money as whole cents. A price never passes through a floating-point sum.

const DECIMAL = /^(-?)(\d{1,10})(?:\.(\d{1,2}))?$/;

/** The cents of a decimal string, or null where it is none: `"19.90"` -> 1990, `"1.999"` -> null. */
export function parseCents(text) {
  const match = typeof text === 'string' ? DECIMAL.exec(text) : null;
  if (!match) return null;
  const cents = Number(match[2]) * 100 + Number((match[3] ?? '').padEnd(2, '0'));
  return match[1] ? -cents : cents;
}

/** The decimal string of whole cents: 1990 -> `"19.90"`. */
export function formatCents(cents) {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
