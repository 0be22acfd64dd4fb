// One event hub behind AMQP 1.0, for machines that cannot have the real one: partitions and offsets stay on disk, filters,
// epochs and tokens are honoured, and what the real one refuses is refused with its conditions.
// It speaks plain TCP, keeps events for ever, and knows one namespace with one rule. It must not be put on a network that
// others reach.

import fs from 'node:fs';
import path from 'node:path';
import { createHash } from 'node:crypto';
import rhea from 'rhea';

import { deliverable, unpack } from './messages.js';
import { PartitionLog } from './partition-log.js';
import { checkJwt, checkToken, covers, pathOf } from './tokens.js';

const { types } = rhea;
const MAX_MESSAGE_SIZE = 1024 * 1024;
// How many deliveries may wait for one receiver's network at a time; the library's buffer holds 2048 a session.
const DELIVERIES_AHEAD = 1024;
const SELECTOR = /^amqp\.annotation\.x-opt-(offset|sequence-number|enqueued-time)\s*(>=?)\s*'([^']*)'$/;

/** A condition of AMQP with a sentence: what a refused link, request or event gets. */
function refusal(condition, description) {
  return { condition, description };
}

export class EventHub {
  /**
   * Opens the hub's partitions under `folder`.
   * `settings`: {name, partitions, consumerGroups, rule: {name, key}}, and where tokens of Entra ID are taken
   * entra: {key, audience}.
   */
  static async open(folder, settings) {
    fs.mkdirSync(folder, { recursive: true });
    const hub = new EventHub();
    Object.assign(hub, { settings, receivers: new Map(), tokens: new Map(), turn: 0, created: Date.now(), servers: [], connections: new Set() });
    hub.partitions = await Promise.all(
      Array.from({ length: settings.partitions }, (_, id) => PartitionLog.open(path.join(folder, `${id}.log`))),
    );
    hub.partitions.forEach((log, id) => {
      log.onAppended = () => hub.#deliverAll(id);
    });
    return hub;
  }

  /** Listens, with `tls` ({key, cert}) as the real one does; resolves with the port. May be called again for another port. */
  listen(port, host, tls) {
    const container = rhea.create_container({ id: 'event-hub-stand-in' });
    container.sasl_server_mechanisms.enable_anonymous();
    container.on('receiver_open', (context) => this.#senderAttached(context.receiver));
    container.on('sender_open', (context) => this.#receiverAttached(context.sender));
    container.on('message', (context) => this.#received(context));
    container.on('sender_close', (context) => this.#forget(context.sender));
    container.on('disconnected', (context) => this.#disconnected(context.connection));
    container.on('connection_close', (context) => this.#disconnected(context.connection));
    // A peer that breaks the protocol loses its connection, and nobody else's.
    for (const event of ['protocol_error', 'error', 'connection_error', 'session_error']) container.on(event, () => {});
    return new Promise((resolve, reject) => {
      const options = { port, host, max_frame_size: 65536, idle_time_out: 60000, receiver_options: RECEIVER };
      const server = container.listen(tls ? { ...options, ...tls, transport: 'tls' } : options);
      this.servers.push(server);
      server.on('connection', (socket) => {
        this.connections.add(socket);
        socket.on('close', () => this.connections.delete(socket));
        socket.on('error', () => {});
      });
      server.on('listening', () => resolve(server.address().port));
      server.on('error', reject);
      // A client that breaks the handshake off loses its connection, and nobody else's.
      server.on('tlsClientError', () => {});
    });
  }

  /** Cuts off events enqueued before `time` (ms); of partition `id` none from sequence number `keep(id)` on. */
  async retain(time, keep = () => Infinity) {
    for (const [id, log] of this.partitions.entries()) await log.cut(time, keep(id));
  }

  async close() {
    this.connections.forEach((socket) => socket.destroy());
    await Promise.all(this.servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
    await Promise.all(this.partitions.map((log) => log.close()));
  }

  // What the address of a link means, or why it means nothing: {partition?, group?} or {refused}.
  #resolve(address) {
    const parts = address.split('/');
    const missing = { refused: refusal('amqp:not-found', `The messaging entity '${address}' could not be found.`) };
    if (parts[0].toLowerCase() !== this.settings.name.toLowerCase()) return missing;
    const found = {};
    let rest = parts.slice(1);
    if (rest[0]?.toLowerCase() === 'consumergroups' && rest.length >= 2) {
      found.group = ['$default', ...this.settings.consumerGroups].find((group) => same(group, rest[1]));
      if (found.group === undefined) return missing;
      rest = rest.slice(2);
    }
    if (rest[0]?.toLowerCase() === 'partitions' && rest.length === 2) {
      if (!/^\d+$/.test(rest[1]) || Number(rest[1]) >= this.partitions.length) return missing;
      found.partition = Number(rest[1]);
      rest = [];
    }
    return rest.length === 0 ? found : missing;
  }

  #authorised(connection, address) {
    const granted = this.tokens.get(connection) ?? [];
    return granted.some(({ path: resource, expires }) => expires > Date.now() && (resource === '' || covers(resource, address)));
  }

  #senderAttached(link) {
    const address = link.target?.address ?? '';
    link.set_target({ address });
    if (link.source) link.set_source({ address: link.source.address });
    link.local.attach.max_message_size = MAX_MESSAGE_SIZE;
    if (address === '$cbs' || address === '$management') return link.add_credit(1000);
    const place = this.#resolve(address);
    const refused = place.refused ?? (this.#authorised(link.connection, address) ? undefined : unauthorised(address));
    if (refused) return link.close(refused);
    link.place = place;
    return link.add_credit(1000);
  }

  #receiverAttached(link) {
    const address = link.source?.address ?? '';
    link.set_source({ address, filter: link.source?.filter });
    if (link.target) link.set_target({ address: link.target.address });
    if (address === '$cbs' || address === '$management') return undefined;
    const place = this.#resolve(address);
    if (place.refused) return link.close(place.refused);
    if (place.group === undefined || place.partition === undefined) {
      return link.close(refusal('amqp:not-found', `'${address}' is no partition of a consumer group.`));
    }
    if (!this.#authorised(link.connection, address)) return link.close(unauthorised(address));
    const start = this.#start(place.partition, link.source.filter);
    if (start.refused) return link.close(start.refused);
    const epoch = toNumber(link.properties?.['com.microsoft:epoch']);
    const taken = this.#take(`${place.group}/${place.partition}`, link, epoch);
    if (taken) return link.close(taken);
    const wanted = [link.remote.attach.desired_capabilities].flat().map(String);
    link.reading = {
      ...place,
      next: start.next,
      epoch,
      metrics: wanted.includes('com.microsoft:enable-receiver-runtime-metric'),
    };
    const deliver = () => this.#deliver(link);
    link.on('sender_flow', deliver);
    link.on('settled', deliver);
    return deliver();
  }

  // Where a receiver starts, from its filter; the beginning where it has none.
  #start(partition, filters) {
    const log = this.partitions[partition];
    const filter = filters?.['apache.org:selector-filter:string'];
    if (filter === undefined) return { next: 0 };
    const text = String(filter?.value ?? filter);
    const match = SELECTOR.exec(text);
    if (!match) return { refused: refusal('amqp:invalid-field', `The filter '${text}' is not understood.`) };
    const [, field, comparison, value] = match;
    const inclusive = comparison === '>=';
    if (field === 'offset' && value === '@latest') return { next: log.count };
    if (!/^-?\d+$/.test(value)) return { refused: refusal('amqp:invalid-field', `The filter's value '${value}' is no number.`) };
    if (field === 'offset') return { next: log.afterOffset(Number(value), inclusive) };
    if (field === 'enqueued-time') return { next: log.afterTime(Number(value), inclusive) };
    return { next: Math.max(0, Math.min(log.count, inclusive ? Number(value) : Number(value) + 1)) };
  }

  // One receiver with an epoch owns its partition in its group; returns why this one may not have it.
  #take(key, link, epoch) {
    const others = this.receivers.get(key) ?? new Set();
    const highest = Math.max(-1, ...[...others].map((other) => other.reading.epoch ?? -1));
    if ((epoch ?? -1) < highest) {
      return refusal('amqp:link:stolen', `A receiver with epoch '${highest}' exists already; this one's is lower.`);
    }
    if (epoch === undefined && others.size >= 5) {
      return refusal('amqp:resource-limit-exceeded', 'At most 5 receivers without an epoch may read a partition.');
    }
    if (epoch !== undefined) {
      for (const other of others) {
        others.delete(other);
        other.close(refusal('amqp:link:stolen', `A receiver with epoch '${epoch}' has taken the partition.`));
      }
    }
    this.receivers.set(key, others.add(link));
    return undefined;
  }

  #forget(link) {
    if (!link.reading) return;
    this.receivers.get(`${link.reading.group}/${link.reading.partition}`)?.delete(link);
  }

  #disconnected(connection) {
    this.tokens.delete(connection);
    for (const links of this.receivers.values()) {
      for (const link of links) if (link.connection === connection) links.delete(link);
    }
  }

  #deliverAll(partition) {
    for (const links of this.receivers.values()) {
      for (const link of links) if (link.reading.partition === partition) this.#deliver(link);
    }
  }

  #deliver(link) {
    const { reading } = link;
    if (reading.delivering || !link.is_open()) return;
    reading.delivering = true;
    const log = this.partitions[reading.partition];
    // The library counts a link's credit down only when it writes, so what waits to be written is counted here.
    const pending = () => link.session.outgoing.next_delivery_id - link.session.outgoing.next_pending_delivery;
    let room = Math.min(link.credit - pending(), DELIVERIES_AHEAD, link.session.outgoing.available());
    while (room > 0) {
      const events = log.read(reading.next, room);
      if (events.length === 0) break;
      const last = reading.metrics ? log.last : undefined;
      for (const event of events) link.send(deliverable(event, last), undefined, 0);
      // The first may be a later one than asked for: what is older than the retention is gone.
      reading.next = events.at(-1).sequence + 1;
      room -= events.length;
    }
    reading.delivering = false;
  }

  #received(context) {
    const { receiver: link, message, delivery } = context;
    const address = link.target?.address;
    link.add_credit(1);
    if (address === '$cbs' || address === '$management') {
      delivery.accept();
      const reply = address === '$cbs' ? this.#putToken(link.connection, message) : this.#manage(message, link.connection);
      return this.#reply(link.connection, address, message, reply);
    }
    return this.#publish(link, message, context.format, delivery);
  }

  async #publish(link, message, format, delivery) {
    try {
      if (!this.#authorised(link.connection, link.target.address)) return delivery.reject(unauthorised(link.target.address));
      if (Buffer.isBuffer(message) && message.length > MAX_MESSAGE_SIZE) {
        return delivery.reject(refusal('amqp:link:message-size-exceeded', `More than ${MAX_MESSAGE_SIZE} bytes.`));
      }
      const events = unpack(message, format);
      const partition = link.place.partition ?? this.#partitionFor(events[0]?.key ?? null);
      await this.partitions[partition].append(events);
      return delivery.accept();
    } catch (error) {
      const condition = error.code ? 'amqp:internal-error' : 'amqp:decode-error';
      return delivery.reject(refusal(condition, `The event was not kept: ${error.message}`));
    }
  }

  #partitionFor(key) {
    if (key === null) return this.turn++ % this.partitions.length;
    return createHash('sha1').update(key).digest().readUInt32BE(0) % this.partitions.length;
  }

  #putToken(connection, message) {
    const { name, type } = message.application_properties ?? {};
    const audience = String(name ?? '');
    const { rule, entra } = this.settings;
    const jwt = entra && type === 'jwt';
    const checked = jwt ? checkJwt(bodyText(message), entra, Date.now()) : checkToken(bodyText(message), audience, rule, Date.now());
    if (checked.refusal) {
      return { code: 401, description: `Unauthorized: ${checked.refusal}.`, condition: 'amqp:unauthorized-access' };
    }
    const granted = this.tokens.get(connection) ?? [];
    this.tokens.set(connection, [...granted, { path: pathOf(audience), expires: checked.expires }]);
    return { code: 202, description: 'Accepted' };
  }

  #manage(message, connection) {
    const { operation, type, name, partition } = message.application_properties ?? {};
    if (!this.#authorised(connection, `${this.settings.name}/$management`)) {
      return { code: 401, description: 'Unauthorized.', condition: 'amqp:unauthorized-access' };
    }
    const unknown = { code: 404, description: `'${name}' could not be found.`, condition: 'amqp:not-found' };
    if (operation !== 'READ' || !same(String(name), this.settings.name)) return unknown;
    if (type === 'com.microsoft:eventhub') {
      const ids = this.partitions.map((_, id) => String(id));
      const body = {
        name: this.settings.name,
        type,
        created_at: types.wrap_timestamp(this.created),
        partition_count: types.wrap_int(ids.length),
        partition_ids: types.wrap_array(ids, 0xa1),
      };
      return { code: 200, description: 'OK', body };
    }
    const log = this.partitions[Number(partition)];
    if (type !== 'com.microsoft:partition' || !/^\d+$/.test(String(partition)) || !log) return unknown;
    const { last } = log;
    const body = {
      name: this.settings.name,
      type,
      partition: String(partition),
      begin_sequence_number: types.wrap_long(log.count === 0 ? -1 : log.first),
      last_enqueued_sequence_number: types.wrap_long(last.sequence),
      last_enqueued_offset: last.offset,
      last_enqueued_time_utc: types.wrap_timestamp(last.enqueued),
      is_partition_empty: log.count === 0,
    };
    return { code: 200, description: 'OK', body };
  }

  // A reply goes to the link of the same connection that the request names: by its target's address, or its name.
  #reply(connection, node, request, reply) {
    const link = connection.find_sender(
      (sender) => sender.source?.address === node && [sender.target?.address, sender.name].includes(request.reply_to),
    );
    if (!link) return;
    const properties = { 'status-code': types.wrap_int(reply.code), 'status-description': reply.description };
    if (reply.condition) properties['error-condition'] = types.wrap_symbol(reply.condition);
    const body = reply.body ?? '';
    link.send({ correlation_id: request.message_id, application_properties: properties, body });
  }
}

const RECEIVER = { credit_window: 0, autoaccept: false };

function unauthorised(address) {
  return refusal('amqp:unauthorized-access', `Unauthorized access to '${address}': no valid token covers it.`);
}

function same(a, b) {
  return a.toLowerCase() === b.toLowerCase();
}

function toNumber(value) {
  return value === undefined || value === null ? undefined : Number(value.valueOf());
}

function bodyText(message) {
  const { body } = message;
  return typeof body === 'string' ? body : String(body?.content ?? body ?? '');
}
