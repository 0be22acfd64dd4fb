// An order's page: by number and e-mail, or by the signed link, with its changes as they happen, and the way back for
// what was delivered.

import { ask, element, find, money, showProblem, table } from './shop.js';

const HAPPENED = {
  'order.placed': 'Order placed',
  'order.paid': 'Payment',
  'payment.captured': 'Payment completed',
  'payment.refunded': 'Payment refunded',
  'order.packed': 'Packed',
  'order.shipped': 'Parcel on its way',
  'shipment.updated': 'News of the parcel',
  'order.delivered': 'Parcel delivered',
  'order.cancelled': 'Cancelled',
  'return.requested': 'Return asked for',
  'order.returned': 'Return received',
  'return.refunded': 'Return refunded',
  'return.rejected': 'Return rejected',
};
const when = (text) => (text ? new Date(text).toLocaleString() : '');

let proof = null;
let number = null;
let stream = null;

function show(order) {
  find('order').hidden = false;
  find('number').textContent = order.order_number;
  find('status').textContent = order.status;
  find('total').textContent = money(order.grand_total, order.currency);
  find('lines').replaceChildren(
    table(['Product', 'Quantity', 'Price'], order.lines.map((line) => [line.name, String(line.quantity), money(line.line_total, order.currency)])),
  );
  if (order.items_total !== undefined) find('lines').append(sums(order));
  find('parcels').replaceChildren(
    ...(order.parcels.length === 0
      ? []
      : [table(['Parcel', 'Status', 'Promised'], order.parcels.map((one) => [`${one.carrier} ${one.tracking_number}`, one.status.replaceAll('_', ' '), when(one.promised_at)]))]),
  );
  find('events').replaceChildren(...order.events.map(({ type, at }) => element('li', {}, `${HAPPENED[type] ?? type} `, element('span', { className: 'quiet' }, when(at)))));
  const left = order.lines.filter((line) => line.returned < line.quantity);
  find('return').hidden = !['delivered', 'returned'].includes(order.status) || left.length === 0;
  const { sku } = find('return');
  const chosen = sku.value;
  sku.replaceChildren(...left.map((line) => element('option', { value: line.sku }, line.name)));
  if (left.some((line) => line.sku === chosen)) sku.value = chosen;
}

function sums({ items_total: goods, shipping_fee: delivery, tax_total: tax, grand_total: all, currency }) {
  const [of, total] = [[goods, delivery, tax].map((text) => money(text, currency)), money(all, currency)];
  return element('p', {}, `Goods ${of[0]}, delivery ${of[1]}, tax ${of[2]}: `, element('strong', {}, total));
}

function follow() {
  stream?.close();
  stream = new EventSource(`/api/orders/${encodeURIComponent(number)}/changes?${new URLSearchParams(proof)}`);
  stream.addEventListener('change', (event) => show(JSON.parse(event.data)));
}

async function open() {
  try {
    show(await ask(`/api/orders/${encodeURIComponent(number)}?${new URLSearchParams(proof)}`));
    showProblem(null);
    follow();
  } catch (error) {
    find('order').hidden = true;
    showProblem(error);
  }
}

find('find').addEventListener('submit', (event) => {
  event.preventDefault();
  number = event.target.order.value.trim().toUpperCase();
  proof = { email: event.target.email.value };
  open();
});

find('return').addEventListener('submit', async (event) => {
  event.preventDefault();
  const { sku, quantity, reason } = event.target;
  const lines = [{ sku: sku.value, quantity: Number(quantity.value), reason: reason.value }];
  const key = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  try {
    await ask(`/api/orders/${encodeURIComponent(number)}/returns`, { method: 'POST', body: { ...proof, lines }, key });
    find('asked').textContent = 'Asked for. Send it back with the label that we mail to you.';
    showProblem(null);
  } catch (error) {
    showProblem(error);
  }
});

const link = new URLSearchParams(location.search);
if (link.has('order') && link.has('token')) {
  number = link.get('order');
  proof = { token: link.get('token') };
  find('find').order.value = number;
  open();
}
