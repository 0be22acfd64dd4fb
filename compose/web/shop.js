// What the shop's pages share: asking the server, building elements, the basket. Text of others becomes text, never
// markup: nothing here writes HTML.

const BASKET = 'basket';

/** Asks the server; gives the answer, or throws an Error whose message says what to do next. */
export async function ask(path, { method = 'GET', body, key } = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...(key ? { 'idempotency-key': key } : {}) },
      body: body ? JSON.stringify(body) : undefined,
    });
  } catch {
    throw new Error('The shop cannot be reached. Check your connection and try again.');
  }
  const read = await answer.json().catch(() => null);
  if (answer.ok && read) return read;
  const { error } = read ?? {};
  const problem = new Error(error ? advice(error) : 'The shop has a problem. Try again in a minute.');
  problem.code = error?.code;
  throw problem;
}

const ADVICE = {
  busy: 'The shop is busy and nothing was ordered. Wait a moment and press the button again: you will not order twice.',
  price_changed: 'A price has changed. The basket now shows the new one: look at it and place the order again.',
  out_of_stock: 'There is not enough of a product. Lower its quantity or take it out.',
  unknown_sku: 'A product is no longer for sale. Take it out of the basket.',
  not_found: 'No such order, or not with this e-mail address. Check both.',
  conflict: 'The order is not in a state that allows this. Its present status is shown above.',
};

function advice({ code, message, field, hint }) {
  return ADVICE[code] ?? `${field ? `${field}: ` : ''}${message}. ${hint}.`;
}

/** An element with properties and children; children that are text stay text. */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

export const find = (id) => document.getElementById(id);

export function showProblem(error) {
  find('problem').textContent = error ? error.message : '';
}

export const money = (text, currency = 'EUR') => new Intl.NumberFormat('en', { style: 'currency', currency }).format(Number(text));

/** A table from a head and rows of cells; a cell is text or an element. */
export function table(head, rows) {
  const cells = (name, row) => row.map((cell) => element(name, {}, cell));
  return element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...cells('th', head))),
    element('tbody', {}, ...rows.map((row) => element('tr', {}, ...cells('td', row)))),
  );
}

/** The basket: [{sku, name, price, quantity}], kept by the browser, so that any of the servers will do. */
export function basket() {
  try {
    return JSON.parse(localStorage.getItem(BASKET)) ?? [];
  } catch {
    return [];
  }
}

export function keepBasket(lines) {
  localStorage.setItem(BASKET, JSON.stringify(lines));
  showCount();
}

export function showCount() {
  const count = basket().reduce((sum, { quantity }) => sum + quantity, 0);
  find('basket-count').textContent = count > 0 ? `(${count})` : '';
}

showCount();
