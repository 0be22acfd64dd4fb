// The first page: products by category and words, and the way into the basket.

import { ask, basket, element, find, keepBasket, money, showProblem } from './shop.js';

const form = find('search');
let page = 1;

function put(product, button) {
  const lines = basket();
  const line = lines.find(({ sku }) => sku === product.sku);
  if (line) line.quantity += 1;
  else lines.push({ sku: product.sku, name: product.name, price: product.price, quantity: 1 });
  keepBasket(lines);
  button.textContent = 'In the basket: one more?';
}

function card(product) {
  const button = element('button', { type: 'button', disabled: product.available < 1 }, product.available < 1 ? 'Out of stock' : 'Into the basket');
  button.setAttribute('aria-label', `${button.textContent}: ${product.name}`);
  button.dataset.sku = product.sku;
  button.addEventListener('click', () => put(product, button));
  return element(
    'li',
    {},
    element('h2', {}, product.name),
    element('p', { className: 'quiet' }, `${product.brand} · ${product.category}`),
    element('p', { className: 'price' }, money(product.price)),
    button,
  );
}

async function show(more) {
  page = more ? page + 1 : 1;
  const wish = new URLSearchParams({ q: form.q.value, category: form.category.value, page });
  try {
    const found = await ask(`/api/products?${wish}`);
    if (!more) find('products').replaceChildren();
    find('products').append(...found.products.map(card));
    find('count').textContent = found.total === 0 ? 'Nothing found. Try fewer words or another category.' : `${found.total} products`;
    find('more').hidden = page * found.size >= found.total;
    showProblem(null);
  } catch (error) {
    showProblem(error);
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  show(false);
});
form.category.addEventListener('change', () => show(false));
find('more').addEventListener('click', () => show(true));

ask('/api/categories')
  .then(({ categories }) => form.category.append(...categories.map((name) => element('option', {}, name))))
  .catch(showProblem);
show(false);
