// What each event does to its order: pure rules over values, no database and no clock. Each rule checks everything
// first and changes something only when nothing stands against it, so a refused event leaves no trace.
//
// An order here is {number, status, customer, items, payments, shipments, returns, ...} as store.js loads it; rows that
// are new or changed carry `isNew` or `dirty`, which is all that the store must know to write them.

import { formatCents } from './money.js';

const MOST_TOTAL = 9_999_999_999_99;

class Refused extends Error {}

function refuse(reason) {
  throw new Refused(reason);
}

function mustBe(order, statuses, type) {
  if (!statuses.includes(order.status)) {
    refuse(`impossible transition: ${type} of an order that is ${order.status ?? 'not known'}`);
  }
}

function itemOf(order, sku) {
  return order.items.find((item) => item.sku === sku) ?? refuse(`the order has no line \`${sku}\``);
}

function parcelOf(order, trackingNumber) {
  return (
    order.shipments.find((parcel) => parcel.trackingNumber === trackingNumber) ??
    refuse(`the order has no parcel \`${trackingNumber}\``)
  );
}

function warehouseOf(world, code) {
  return world.warehouses.get(code) ?? refuse(`unknown warehouse \`${code}\``);
}

function stockAt(world, productId, warehouseId) {
  return (world.inventory.get(productId) ?? []).find((stock) => stock.warehouseId === warehouseId);
}

function changeStock(stock, { onHand = 0, reserved = 0 }, time) {
  stock.onHand += onHand;
  stock.reserved += reserved;
  stock.updatedAt = time;
  stock.dirty = true;
}

// The warehouse with most available that has enough for the whole line, the lower id where two have the same.
function roomiest(world, productId, quantity) {
  let best;
  for (const stock of world.inventory.get(productId) ?? []) {
    const available = stock.onHand - stock.reserved;
    if (available >= quantity && (!best || available > best.onHand - best.reserved)) best = stock;
  }
  return best;
}

function setStatus(order, status) {
  order.status = status;
}

// Delivered when every line has left and every parcel that is not lost has arrived, at least one of them.
function arrived(order) {
  const parcels = order.shipments.filter(({ status }) => status !== 'lost');
  return (
    parcels.length > 0 &&
    parcels.every(({ status }) => status === 'delivered') &&
    order.items.every((item) => item.shipment)
  );
}

const RULES = {
  'order.placed'(world, order, { data, time }) {
    if (order.status !== null) refuse('impossible transition: order.placed of an order that is there already');
    const lines = data.lines.map((line) => {
      const product = world.products.get(line.sku) ?? refuse(`unknown sku \`${line.sku}\``);
      const gross = line.quantity * line.unit_price;
      if (line.discount > gross) refuse(`sums disagree: the discount of \`${line.sku}\` is more than the line`);
      return { ...line, product, total: gross - line.discount };
    });
    const itemsTotal = lines.reduce((sum, { total }) => sum + total, 0);
    const grandTotal = itemsTotal + data.shipping_fee + data.tax_total;
    if (grandTotal > MOST_TOTAL) refuse('sums disagree: the total is more than an order can hold');
    for (const [name, claimed, computed] of [
      ['items_total', data.items_total, itemsTotal],
      ['grand_total', data.grand_total, grandTotal],
    ]) {
      if (claimed !== null && claimed !== computed) {
        refuse(`sums disagree: ${name} is ${formatCents(claimed)}, its parts make ${formatCents(computed)}`);
      }
    }

    let customer = world.customers.get(data.customer.email);
    if (!customer) {
      customer = { ...data.customer, createdAt: time, isNew: true };
      world.customers.set(customer.email, customer);
    }
    Object.assign(order, {
      isNew: true,
      customer,
      channel: data.channel,
      currency: data.currency,
      itemsTotal,
      shippingFee: data.shipping_fee,
      taxTotal: data.tax_total,
      grandTotal,
      city: data.ship_to.city,
      country: data.ship_to.country,
      placedAt: time,
      updatedAt: time,
      cancelReason: null,
    });
    order.items = lines.map((line) => {
      const stock = roomiest(world, line.product.id, line.quantity);
      if (stock) changeStock(stock, { reserved: line.quantity }, time);
      return {
        isNew: true,
        sku: line.sku,
        productId: line.product.id,
        quantity: line.quantity,
        unitPrice: line.unit_price,
        unitCost: line.product.cost,
        discount: line.discount,
        lineTotal: line.total,
        warehouseId: stock?.warehouseId ?? null,
        shipment: null,
      };
    });
    setStatus(order, 'placed');
  },

  'order.paid'(world, order, { type, data, time }) {
    mustBe(order, ['placed', 'paid', 'packed', 'shipped', 'delivered', 'returned'], type);
    if (data.amount !== order.grandTotal) {
      refuse(`sums disagree: paid ${formatCents(data.amount)} of ${formatCents(order.grandTotal)}`);
    }
    order.payments.push({
      isNew: true,
      method: data.method,
      status: data.status,
      amount: data.amount,
      failureReason: data.failure_reason,
      attemptedAt: time,
    });
    if (order.status === 'placed' && data.status !== 'failed') setStatus(order, 'paid');
  },

  'payment.captured': changePayment('authorized', 'captured'),
  'payment.refunded': changePayment('captured', 'refunded'),

  'order.packed'(world, order, { type, data }) {
    mustBe(order, ['paid'], type);
    warehouseOf(world, data.warehouse);
    setStatus(order, 'packed');
  },

  'order.shipped'(world, order, { type, data, time }) {
    mustBe(order, ['packed', 'shipped'], type);
    const warehouseId = warehouseOf(world, data.warehouse);
    if (world.trackingNumbers.has(data.tracking_number)) {
      refuse(`the tracking number \`${data.tracking_number}\` is taken`);
    }
    const lines = data.lines.map((sku) => {
      const item = itemOf(order, sku);
      if (item.shipment && item.shipment.status !== 'lost') refuse(`the line \`${sku}\` has left already`);
      const stock = stockAt(world, item.productId, warehouseId);
      // What is reserved for this very line may leave; where nothing is, only what nobody else was promised.
      const reservedHere = !item.shipment && item.warehouseId === warehouseId;
      const free = stock ? stock.onHand - stock.reserved : 0;
      if (!stock || (!reservedHere && free < item.quantity)) {
        refuse(`warehouse \`${data.warehouse}\` has no ${item.quantity} of \`${sku}\` to ship`);
      }
      return { item, stock, reservedHere };
    });

    const shipment = {
      isNew: true,
      warehouseId,
      carrier: data.carrier,
      trackingNumber: data.tracking_number,
      status: 'in_transit',
      shippedAt: time,
      promisedAt: data.promised_at,
      deliveredAt: null,
    };
    order.shipments.push(shipment);
    world.trackingNumbers.add(data.tracking_number);
    for (const { item, stock, reservedHere } of lines) {
      if (!reservedHere && !item.shipment && item.warehouseId !== null) {
        changeStock(stockAt(world, item.productId, item.warehouseId), { reserved: -item.quantity }, time);
      }
      changeStock(stock, { onHand: -item.quantity, reserved: reservedHere ? -item.quantity : 0 }, time);
      item.warehouseId = warehouseId;
      item.shipment = shipment;
      item.dirty = true;
    }
    setStatus(order, 'shipped');
  },

  'shipment.updated'(world, order, { data }) {
    const parcel = parcelOf(order, data.tracking_number);
    if (parcel.status === 'delivered') refuse('impossible transition: shipment.updated of a parcel that is delivered');
    parcel.status = data.status;
    parcel.dirty = true;
    if (order.status === 'shipped' && arrived(order)) setStatus(order, 'delivered');
  },

  'order.delivered'(world, order, { data, time }) {
    const parcel = parcelOf(order, data.tracking_number);
    if (parcel.status === 'delivered') refuse('impossible transition: order.delivered of a parcel that is delivered');
    parcel.status = 'delivered';
    parcel.deliveredAt = time;
    parcel.dirty = true;
    if (order.status === 'shipped' && arrived(order)) setStatus(order, 'delivered');
  },

  'order.cancelled'(world, order, { type, data, time }) {
    mustBe(order, ['placed', 'paid', 'packed'], type);
    for (const item of order.items) {
      const stock = item.warehouseId === null ? undefined : stockAt(world, item.productId, item.warehouseId);
      if (stock) changeStock(stock, { reserved: -item.quantity }, time);
    }
    order.cancelReason = data.reason;
    setStatus(order, 'cancelled');
  },

  'return.requested'(world, order, { type, data, time }) {
    mustBe(order, ['delivered', 'returned'], type);
    const rows = data.lines.map((line) => {
      const item = itemOf(order, line.sku);
      if (item.shipment?.status !== 'delivered') refuse(`the line \`${line.sku}\` was not delivered`);
      const earlier = order.returns.filter((row) => row.item === item && row.status !== 'rejected');
      const units = earlier.reduce((sum, { quantity }) => sum + quantity, line.quantity);
      const refunds = earlier.reduce((sum, { refundAmount }) => sum + refundAmount, line.refund_amount);
      if (units > item.quantity) refuse(`sums disagree: ${units} of \`${line.sku}\` returned, ${item.quantity} bought`);
      if (refunds > item.lineTotal) {
        refuse(`sums disagree: ${formatCents(refunds)} back for \`${line.sku}\`, ${formatCents(item.lineTotal)} paid`);
      }
      return { item, line };
    });
    for (const { item, line } of rows) {
      order.returns.push({
        isNew: true,
        item,
        quantity: line.quantity,
        reason: line.reason,
        status: 'requested',
        refundAmount: line.refund_amount,
        requestedAt: time,
      });
    }
  },

  'order.returned'(world, order, { type, data, time }) {
    mustBe(order, ['delivered', 'returned'], type);
    const rows = data.lines.map((line) => {
      const row = returnOf(order, line.sku, ['requested']);
      if (row.quantity !== line.quantity) {
        refuse(`sums disagree: ${line.quantity} of \`${line.sku}\` came back, ${row.quantity} were announced`);
      }
      return row;
    });
    for (const row of rows) {
      row.status = 'received';
      row.dirty = true;
      const stock = stockAt(world, row.item.productId, row.item.warehouseId);
      if (stock) changeStock(stock, { onHand: row.quantity }, time);
    }
    setStatus(order, 'returned');
  },

  'return.refunded': changeReturns(['received'], 'refunded'),
  'return.rejected': changeReturns(['requested', 'received'], 'rejected'),
};

// The oldest return of a line that stands in one of `statuses`.
function returnOf(order, sku, statuses) {
  const item = itemOf(order, sku);
  return (
    order.returns.find((row) => row.item === item && statuses.includes(row.status)) ??
    refuse(`impossible transition: \`${sku}\` has no return that is ${statuses.join(' or ')}`)
  );
}

function changeReturns(from, to) {
  return (world, order, { data }) => {
    const rows = data.lines.map(({ sku }) => returnOf(order, sku, from));
    for (const row of rows) {
      row.status = to;
      row.dirty = true;
    }
  };
}

// The oldest payment of that method that stands at `from` becomes `to`; its amount must be the same.
function changePayment(from, to) {
  return (world, order, { type, data }) => {
    const candidates = order.payments.filter(({ method, status }) => method === data.method && status === from);
    if (candidates.length === 0) refuse(`impossible transition: ${type} without a ${from} ${data.method} payment`);
    const payment = candidates.find(({ amount }) => amount === data.amount);
    if (!payment) {
      refuse(`sums disagree: ${formatCents(data.amount)} of a payment of ${formatCents(candidates[0].amount)}`);
    }
    payment.status = to;
    payment.dirty = true;
  };
}

/** An order of which nothing is known yet. */
export function unknownOrder(number) {
  return { number, status: null, version: 0, items: [], payments: [], shipments: [], returns: [] };
}

/**
 * Applies one event to its order and what the order touches in `world`.
 * Returns null when it was applied, or the reason why it never can be; then nothing has changed.
 */
export function applyEvent(world, order, event) {
  if (order.status === null && event.type !== 'order.placed') {
    return `impossible transition: ${event.type} of an order that is not known`;
  }
  try {
    RULES[event.type](world, order, event);
  } catch (error) {
    if (error instanceof Refused) return error.message.slice(0, 500);
    throw error;
  }
  order.dirty = true;
  if (event.time > order.updatedAt) order.updatedAt = event.time;
  order.version += 1;
  return null;
}
