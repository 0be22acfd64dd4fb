// How outside systems send their events: each source may say only what is its to say, signed over the very bytes. The
// event's own id makes a repeated call harmless.

import { readEvent } from '../orders/cloud-event.js';
import { Problem } from './problems.js';
import { webhookIsSigned } from './signatures.js';

/** Which event types each source may send. */
export const SOURCES = {
  payments: ['order.paid', 'payment.captured', 'payment.refunded', 'return.refunded', 'order.cancelled'],
  carriers: ['shipment.updated', 'order.delivered'],
  warehouse: ['order.packed', 'order.shipped', 'order.returned', 'return.rejected', 'order.cancelled'],
};

/** Checks one call's bytes; gives the event to publish (as it came) or throws a Problem. */
export function webhookEvent(source, bytes, signature, key, now) {
  if (!webhookIsSigned(key, bytes, signature, now)) throw new Problem('unsigned');
  const { event, reason } = readEvent(bytes);
  if (reason) {
    const field = /`([^`]+)`/.exec(reason)?.[1];
    throw field ? new Problem('invalid', { field, message: reason.replace('malformed: ', '') }) : new Problem('malformed');
  }
  if (!SOURCES[source].includes(event.type)) {
    throw new Problem('invalid', { field: 'type', message: `\`type\` is none that ${source} may send` });
  }
  return { event: JSON.parse(bytes.toString('utf8')), id: event.id, orderNumber: event.orderNumber };
}
