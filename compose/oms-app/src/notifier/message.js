// What a customer is told at a change of status. Plain text: nothing of an order can become markup.

import { trackingToken } from '../intake/signatures.js';

const SENTENCES = {
  placed: ['We have your order', 'Thank you. We have your order and will tell you when it is paid.'],
  paid: ['Your payment has arrived', 'Your order is paid and goes to the warehouse.'],
  packed: ['Your order is packed', 'Your order is packed and waits for the carrier.'],
  shipped: ['Your order is on its way', 'Your order has left our warehouse.'],
  delivered: ['Your order has arrived', 'Your order was delivered. If something is wrong with it, you can return it from the page below.'],
  cancelled: ['Your order was cancelled', 'Your order was cancelled. Nothing more will be charged.'],
  returned: ['Your return has arrived', 'We have received what you sent back and will refund it.'],
};

/** The message of a change: {to, subject, text}. `order`: {order_number, status, email, full_name}. */
export function messageOf(order, { shop, trackingKey }) {
  const [subject, sentence] = SENTENCES[order.status];
  const link = `${shop}/track.html?order=${order.order_number}&token=${trackingToken(trackingKey, order.order_number)}`;
  return {
    to: order.email,
    subject: `${subject} (${order.order_number})`,
    text: `Hello ${order.full_name},\n\n${sentence}\n\nOrder ${order.order_number}: ${link}\n`,
  };
}
