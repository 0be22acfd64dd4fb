// What happens next to an order: pure, from what its rows say and the simulator's chances. Payments, warehouses and
// carriers each say their part; a customer may change their mind.

import { chance, fixedUuid, pick } from './choices.js';

const CARRIERS = { PT: 'CTT', ES: 'Correos', DE: 'DHL' };
const DAY = 86_400_000;

/**
 * The next step of an order, or null: {source, event} for a webhook, or {returns} for the customer's own request.
 * `order`: {order_number, status, grand_total, email, lines: [{sku, quantity, warehouse, shipment_id, returned}],
 * parcels: [{tracking_number, status}], failures, returns: [{sku, quantity, status}]}.
 */
export function nextStep(order, seed, now) {
  const { order_number: number } = order;
  const chanceOf = (what) => chance(seed, number, what);
  const make = (source, type, data, name = type) => ({
    source,
    event: {
      specversion: '1.0',
      id: fixedUuid(seed, number, name),
      source: `/oms/simulator/${source}`,
      type,
      subject: number,
      time: new Date(now).toISOString(),
      datacontenttype: 'application/json',
      data,
    },
  });

  if (order.status === 'placed') {
    const method = pick(['card', 'card', 'card', 'paypal', 'bank_transfer'], seed, number, 'method');
    if (order.failures === 0 && chanceOf('declined') < 0.04) {
      const data = { method, status: 'failed', amount: order.grand_total, failure_reason: 'card_declined' };
      return make('payments', 'order.paid', data, 'declined');
    }
    if (order.failures > 0 && chanceOf('gives up') < 0.3) return make('payments', 'order.cancelled', { reason: 'payment_failed' });
    return make('payments', 'order.paid', { method, status: 'captured', amount: order.grand_total });
  }
  if (order.status === 'paid') {
    const warehouse = order.lines.find((line) => line.warehouse)?.warehouse;
    if (chanceOf('cancels') < 0.02) return make('warehouse', 'order.cancelled', { reason: 'customer_request' });
    // A line in back order waits for stock; an order of nothing else waits with it.
    return warehouse ? make('warehouse', 'order.packed', { warehouse }) : null;
  }
  if (order.status === 'packed' || order.status === 'shipped') {
    const line = order.lines.find((one) => one.warehouse && one.shipment_id === null);
    if (line) {
      const { warehouse } = line;
      const parcel = order.lines.filter((one) => one.warehouse === warehouse && one.shipment_id === null);
      const carrier = CARRIERS[order.country] ?? 'DHL';
      const data = {
        warehouse,
        carrier,
        tracking_number: `${carrier}-${number}-${warehouse}`,
        promised_at: new Date(now + 3 * DAY).toISOString(),
        lines: parcel.map(({ sku }) => sku),
      };
      return make('warehouse', 'order.shipped', data, `shipped ${warehouse}`);
    }
    const parcel = order.parcels.find(({ status }) => !['delivered', 'lost'].includes(status));
    if (!parcel) return null;
    const { tracking_number: tracking } = parcel;
    if (parcel.status === 'in_transit') {
      return make('carriers', 'shipment.updated', { tracking_number: tracking, status: 'out_for_delivery' }, `out ${tracking}`);
    }
    return make('carriers', 'order.delivered', { tracking_number: tracking }, `delivered ${tracking}`);
  }
  if (order.status === 'delivered' || order.status === 'returned') {
    const [row] = order.returns;
    if (!row) {
      if (chanceOf('sends back') >= 0.06) return null;
      const reason = pick(['damaged', 'wrong_item', 'not_as_described', 'no_longer_needed'], seed, number, 'reason');
      return { returns: { email: order.email, lines: [{ sku: order.lines[0].sku, quantity: 1, reason }] }, key: fixedUuid(seed, number, 'return') };
    }
    if (row.status === 'requested') return make('warehouse', 'order.returned', { lines: [{ sku: row.sku, quantity: row.quantity }] });
    if (row.status === 'received') return make('payments', 'return.refunded', { lines: [{ sku: row.sku }] });
  }
  return null;
}
