// The basket and the checkout. One key belongs to one order until it is accepted, so pressing twice orders once.

import { ask, basket, element, find, keepBasket, money, showProblem, table } from './shop.js';

const form = find('order');
// The key changes with the order that it stands for: what was sent under it must be sent again unchanged.
let attempt = { content: null, key: null };
let terms = null;

function show() {
  const lines = basket();
  find('checkout').hidden = lines.length === 0;
  if (lines.length === 0) {
    find('lines').replaceChildren(element('p', {}, 'The basket is empty. ', element('a', { href: '/' }, 'Look at the products')));
    return;
  }
  const rows = lines.map((line) => {
    const quantity = element('input', { type: 'number', min: 0, max: 999, value: line.quantity });
    quantity.setAttribute('aria-label', `Quantity of ${line.name}`);
    quantity.addEventListener('change', () => {
      line.quantity = Math.max(0, Math.min(999, Math.trunc(Number(quantity.value)) || 0));
      keepBasket(lines.filter((one) => one.quantity > 0));
      show();
    });
    const out = element('button', { type: 'button', className: 'plain' }, 'Take out');
    out.setAttribute('aria-label', `Take out ${line.name}`);
    out.addEventListener('click', () => {
      keepBasket(lines.filter((one) => one !== line));
      show();
    });
    return [line.name, money(line.price), quantity, out];
  });
  const sum = lines.reduce((cents, { price, quantity }) => cents + Math.round(Number(price) * 100) * quantity, 0);
  find('lines').replaceChildren(table(['Product', 'Price', 'Quantity', ''], rows), toPay(sum));
}

// What the order will come to, by the shop's terms; the shop reckons it again when the order is placed.
function toPay(goods) {
  const shown = (cents) => money(cents / 100);
  if (!terms) return element('p', {}, 'Goods: ', element('strong', {}, shown(goods)), ' (delivery and tax are added)');
  const cents = (text) => Math.round(Number(text) * 100);
  const delivery = goods >= cents(terms.free_shipping_from) ? 0 : cents(terms.shipping_fee);
  const tax = Math.round(((goods + delivery) * terms.tax_percent) / 100);
  return element('p', {}, `Goods ${shown(goods)}, delivery ${shown(delivery)}, tax ${shown(tax)}: `, element('strong', {}, shown(goods + delivery + tax)));
}

// Prices as they are now; a product that is gone is told of when the order is placed.
async function refresh() {
  terms = await ask('/api/terms').catch(() => null);
  const lines = await Promise.all(
    basket().map((line) => ask(`/api/products/${encodeURIComponent(line.sku)}`).then(({ price, name }) => ({ ...line, price, name }), () => line)),
  );
  keepBasket(lines);
  show();
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { full_name, email, phone, city, country } = Object.fromEntries(new FormData(form));
  const body = {
    channel: 'web',
    customer: { full_name, email, phone: phone || null, city, country },
    lines: basket().map(({ sku, quantity, price }) => ({ sku, quantity, unit_price: price })),
  };
  const content = JSON.stringify(body);
  if (attempt.content !== content) attempt = { content, key: newKey() };
  find('place').disabled = true;
  try {
    const order = await ask('/api/orders', { method: 'POST', body, key: attempt.key });
    keepBasket([]);
    show();
    showProblem(null);
    // An empty basket is no news now.
    find('lines').replaceChildren();
    find('number').textContent = order.order_number;
    find('total').textContent = money(order.grand_total, order.currency);
    find('follow').href = order.tracking;
    find('confirmation').hidden = false;
    find('follow').focus();
  } catch (error) {
    showProblem(error);
    if (error.code === 'price_changed') await refresh();
  } finally {
    find('place').disabled = false;
  }
});

function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

show();
refresh();
