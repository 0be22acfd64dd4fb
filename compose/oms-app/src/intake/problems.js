// The errors that a caller can get, in one list: status, stable code, sentence and what to do next. Nothing else answers
// with an error, and no answer carries more than these fields.

const PROBLEMS = {
  malformed: [400, 'the body is no JSON text', 'send application/json'],
  invalid: [400, 'a field is not as it must be', 'correct the field and send the request again'],
  key_missing: [400, 'the header Idempotency-Key is missing or not 8 to 64 letters, digits, - or _', 'send a fresh random key with each new order'],
  unsigned: [401, 'the signature is missing, too old or not right', 'sign `t.body` with the key of webhooks, see the header X-OMS-Signature'],
  not_found: [404, 'there is no such thing, or not for you', 'check the order number and the e-mail address'],
  conflict: [409, 'the order is not in a state that allows this', 'look at its present status'],
  price_changed: [409, 'a price is not the present one', 'load the products again and confirm the new price'],
  out_of_stock: [409, 'there is not enough in stock', 'lower the quantity or leave the line out'],
  too_large: [413, 'the body is too large', 'send at most 64 KiB'],
  media_type: [415, 'the body is no application/json', 'send application/json'],
  key_reused: [422, 'this Idempotency-Key came with another body before', 'send a fresh key with a new order'],
  unknown_sku: [422, 'there is no such product for sale', 'load the products again'],
  busy: [503, 'the order cannot be taken right now; nothing was ordered', 'send the same request with the same Idempotency-Key again after Retry-After seconds'],
  failed: [500, 'something went wrong here', 'send the same request again later'],
};

/** An error for the caller: one of the list, and the field that it is about. */
export class Problem extends Error {
  constructor(code, { field, message } = {}) {
    const [status, sentence, hint] = PROBLEMS[code];
    super(message ?? sentence);
    Object.assign(this, { code, field, status, hint });
  }

  get body() {
    const { code, message, hint, field } = this;
    return { error: { code, message, ...(field ? { field } : {}), hint } };
  }
}

const OF_FASTIFY = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media_type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed',
};

// `/lines/0/quantity` and a missing property -> `lines[0].quantity`.
function fieldOf({ instancePath, params, keyword }) {
  const steps = instancePath.split('/').slice(1);
  if (keyword === 'required') steps.push(params.missingProperty);
  if (keyword === 'additionalProperties') steps.push(params.additionalProperty);
  return steps.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`)).join('').replace(/^\./, '') || 'body';
}

/** Whatever was thrown -> a Problem. */
export function problemOf(error) {
  if (error instanceof Problem) return error;
  if (error.validation) {
    const [first] = error.validation;
    const field = fieldOf(first);
    return new Problem('invalid', { field, message: `\`${field}\` ${first.message}` });
  }
  if (OF_FASTIFY[error.code]) return new Problem(OF_FASTIFY[error.code]);
  if (error instanceof SyntaxError || error.statusCode === 400) return new Problem('malformed');
  return new Problem('failed');
}
