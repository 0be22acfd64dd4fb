// AMQP messages as bytes: what the hub must know of them, and no more. A body is never decoded: what a sender wrote is
// what a receiver gets.

import rhea from 'rhea';

const { types, message } = rhea;

/** The message format of a batch: an envelope whose data sections are encoded messages. */
export const BATCH_FORMAT = 0x80013700;

const MESSAGE_ANNOTATIONS = 0x72;
const DATA = 0x75;
const PARTITION_KEY = 'x-opt-partition-key';
// Sections that belong to a transfer and not to the message: a header, and annotations of the way.
const OF_THE_WAY = new Set([0x70, 0x71, MESSAGE_ANNOTATIONS]);

/** The sections of an encoded message: [{code, start, end, value}]; throws where it is none. */
export function sections(bytes) {
  const found = [];
  const reader = new types.Reader(bytes);
  while (reader.remaining() > 0) {
    const start = reader.position;
    const value = reader.read();
    const code = value?.descriptor === undefined ? undefined : Number(value.descriptor.value ?? value.descriptor);
    if (code === undefined) throw new Error('a section without descriptor');
    found.push({ code, start, end: reader.position, value: types.unwrap(value) });
  }
  return found;
}

function partitionKey(parts) {
  const annotations = parts.find(({ code }) => code === MESSAGE_ANNOTATIONS);
  const key = annotations?.value?.[PARTITION_KEY];
  return typeof key === 'string' ? key : null;
}

function bare(bytes, parts) {
  const kept = parts.filter(({ code }) => !OF_THE_WAY.has(code)).map(({ start, end }) => bytes.subarray(start, end));
  return Buffer.concat(kept);
}

/** The events of one transfer: [{key, message}], whatever its format. Throws where the bytes are no messages. */
export function unpack(transferred, format) {
  const bytes = Buffer.isBuffer(transferred) ? transferred : message.encode(transferred);
  const envelope = sections(bytes);
  const envelopeKey = partitionKey(envelope);
  if (format !== BATCH_FORMAT) return [{ key: envelopeKey, message: bare(bytes, envelope) }];
  return envelope
    .filter(({ code }) => code === DATA)
    .map(({ value }) => {
      const parts = sections(value);
      return { key: partitionKey(parts) ?? envelopeKey, message: bare(value, parts) };
    });
}

/** The body of a kept message: the bytes of its data section, or null where it has another kind of body. */
export function bodyOf(kept) {
  return sections(kept).find(({ code }) => code === DATA)?.value ?? null;
}

/** The bytes that a receiver gets: the kept message behind annotations that say where it stands in its partition. */
export function deliverable(event, last) {
  const annotations = {
    'x-opt-sequence-number': types.wrap_long(event.sequence),
    'x-opt-offset': event.offset,
    'x-opt-enqueued-time': types.wrap_timestamp(event.enqueued),
  };
  if (event.key !== null) annotations[PARTITION_KEY] = event.key;
  const head = { message_annotations: annotations };
  if (last) {
    head.delivery_annotations = {
      last_enqueued_sequence_number: types.wrap_long(last.sequence),
      last_enqueued_offset: last.offset,
      last_enqueued_time_utc: types.wrap_timestamp(last.enqueued),
      runtime_info_retrieval_time_utc: types.wrap_timestamp(Date.now()),
    };
  }
  return Buffer.concat([headOf(head), event.message]);
}

// The library encodes whole messages, body always included: only its first sections are taken.
function headOf(head) {
  const bytes = message.encode({ ...head, body: message.data_section(Buffer.alloc(0)) });
  const end = sections(bytes).find(({ code }) => code === DATA).start;
  return bytes.subarray(0, end);
}
