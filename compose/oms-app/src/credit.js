// Bounds what a reader of the hub takes ahead of its work.
//
// The client library grants the hub credit for `prefetchCount` events at every read, beside the credit that is still
// out: an hour without orders would leave room for a million of them in this process's memory, however slow the database
// is (Azure/azure-sdk-for-js, issue 39452, open with 6.0.4). Here a grant tops up what is out instead of adding to it.

import { Receiver } from 'rhea-promise';

const BOUNDED = Symbol.for('oms.credit.bounded');

/** The credit to add so that `wanted` is out in all, of which `out` is already: never less than nothing. */
export const topUp = (wanted, out) => Math.max(0, wanted - out);

/** From now on no receiver of this process has more credit out than was last asked for. May be called again. */
export function boundCredit() {
  const { addCredit } = Receiver.prototype;
  if (addCredit[BOUNDED]) return;
  Receiver.prototype.addCredit = function addBoundedCredit(wanted) {
    const more = topUp(wanted, this.credit);
    if (more > 0) addCredit.call(this, more);
  };
  Receiver.prototype.addCredit[BOUNDED] = true;
}
