// What a batch of events comes to: which are applied, which are repeats, which wait for an earlier one, and which are
// dead letters. Pure: it gets a loaded world and the time, and leaves its decisions for the store to write in one
// transaction.

import { applyEvent, unknownOrder } from './order.js';

/**
 * A batch's place of work. `world` holds what store.js loaded:
 * orders, customers, products, inventory, warehouses, trackingNumbers; `applied`: ids of events that were applied;
 * `dead`: order number -> set of ids that were dead-lettered; `deadPlaces`: places that have a dead letter;
 * `waiting`: order number -> arrivals that wait. A place is `partition/offset`.
 */
export class Batch {
  constructor(world, { now, gapMilliseconds }) {
    Object.assign(this, { world, now, gapMilliseconds });
    this.appliedEvents = [];
    this.deadLetters = [];
    this.newlyWaiting = [];
    this.noLongerWaiting = [];
    this.revived = [];
    this.statusChanges = [];
    this.repeats = 0;
  }

  /**
   * Decides on one arrival: {place, partition, offset, body, read}, `read` being what readEvent gave. Whatever waited
   * for it follows at once.
   */
  take(arrival) {
    const { event, reason } = arrival.read;
    if (this.world.deadPlaces.has(arrival.place)) {
      this.repeats += 1;
    } else if (reason !== undefined) {
      this.#bury(arrival, reason);
    } else if (this.world.applied.has(event.id) || this.#waits(event)) {
      this.repeats += 1;
    } else if (event.claim !== null && event.claim > this.#come(event.orderNumber) + 1) {
      this.#wait(arrival);
    } else {
      this.#attempt(arrival, (cause) => cause);
      this.#followers(event.orderNumber);
    }
  }

  /** Ends the waiting of what has waited for long enough: applied if that is possible, else dead-lettered. */
  expire() {
    const since = this.now - this.gapMilliseconds;
    const expired = [...this.world.waiting.values()].flat().filter((arrival) => arrival.since <= since);
    expired.sort((a, b) => a.read.event.claim - b.read.event.claim);
    for (const arrival of expired) {
      const { orderNumber } = arrival.read.event;
      // An earlier one may have taken it along.
      if (!this.world.waiting.get(orderNumber)?.includes(arrival)) continue;
      const missing = this.#come(orderNumber) + 1;
      this.#release(arrival);
      this.#attempt(arrival, () => `version ${missing} missing`);
      this.#followers(orderNumber);
    }
  }

  #order(number) {
    let order = this.world.orders.get(number);
    if (!order) {
      order = unknownOrder(number);
      this.world.orders.set(number, order);
    }
    return order;
  }

  // How many of an order's events have come: applied or dead-lettered.
  #come(number) {
    return this.#order(number).version + (this.world.dead.get(number)?.size ?? 0);
  }

  #waits(event) {
    return (this.world.waiting.get(event.orderNumber) ?? []).some((other) => other.read.event.id === event.id);
  }

  #wait(arrival) {
    const { orderNumber } = arrival.read.event;
    arrival.since = this.now;
    this.world.waiting.set(orderNumber, [...(this.world.waiting.get(orderNumber) ?? []), arrival]);
    this.newlyWaiting.push(arrival);
  }

  #release(arrival) {
    const { orderNumber } = arrival.read.event;
    const rest = this.world.waiting.get(orderNumber).filter((other) => other !== arrival);
    this.world.waiting.set(orderNumber, rest);
    const index = this.newlyWaiting.indexOf(arrival);
    if (index >= 0) this.newlyWaiting.splice(index, 1);
    else this.noLongerWaiting.push(arrival);
  }

  #followers(number) {
    for (;;) {
      const ready = (this.world.waiting.get(number) ?? [])
        .filter(({ read }) => read.event.claim <= this.#come(number) + 1)
        .sort((a, b) => a.read.event.claim - b.read.event.claim)[0];
      if (!ready) return;
      this.#release(ready);
      this.#attempt(ready, (cause) => cause);
    }
  }

  #attempt(arrival, reasonFor) {
    const { event } = arrival.read;
    const order = this.#order(event.orderNumber);
    const { status } = order;
    const cause = applyEvent(this.world, order, event);
    if (cause !== null) {
      this.#bury(arrival, reasonFor(cause));
      return;
    }
    this.world.applied.add(event.id);
    // A dead letter that was sent again and could be applied is counted once.
    if (this.world.dead.get(event.orderNumber)?.delete(event.id)) this.revived.push(event);
    this.appliedEvents.push({ arrival, event, version: order.version });
    if (order.status !== status) this.statusChanges.push({ event, status: order.status });
  }

  #bury(arrival, reason) {
    this.world.deadPlaces.add(arrival.place);
    const id = arrival.read.event?.id ?? arrival.read.id;
    const number = arrival.read.event?.orderNumber ?? arrival.read.orderNumber;
    if (id !== undefined && number !== undefined) {
      if (!this.world.dead.has(number)) this.world.dead.set(number, new Set());
      this.world.dead.get(number).add(id);
    }
    this.deadLetters.push({ arrival, reason, id, number });
  }
}
