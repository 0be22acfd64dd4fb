// A stand-in for the token endpoint of Entra ID: knows one application by its secret and by its certificate, and gives tokens
// signed by a key of its own. And certificates for tests, made by openssl.

import { execFileSync } from 'node:child_process';
import { createPublicKey, createSign, createVerify, constants, generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';

const openssl = (...args) => execFileSync('openssl', args, { stdio: 'ignore', timeout: 30_000 });

/** An authority of certificates in `folder`: {ca, cert, key} are files; the certificate is for this machine, or for `names`. */
export function certificates(folder, names = 'DNS:localhost,IP:127.0.0.1') {
  const file = (name) => path.join(folder, name);
  const made = { ca: file('ca.pem'), cert: file('server.pem'), key: file('server.key') };
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=tests', '-keyout', file('ca.key'), '-out', made.ca);
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-keyout', made.key, '-out', file('server.csr'));
  fs.writeFileSync(file('names'), `subjectAltName=${names}\n`);
  openssl('x509', '-req', '-in', file('server.csr'), '-CA', made.ca, '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '2', '-extfile', file('names'), '-out', made.cert);
  return made;
}

/** The certificate of an application: one file with the key in it, as AZURE_CLIENT_CERTIFICATE_PATH takes it. */
export function applicationCertificate(folder) {
  const [key, cert, both] = ['application.key', 'application.crt', 'application.pem'].map((name) => path.join(folder, name));
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=processor', '-keyout', key, '-out', cert);
  fs.writeFileSync(both, fs.readFileSync(key, 'utf8') + fs.readFileSync(cert, 'utf8'));
  return { both, cert };
}

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));

export class Authority {
  /** `settings`: {tls: {cert, key} (texts), tenant, client, secret, certificate (PEM), seconds: how long a token is good}. */
  constructor(settings) {
    Object.assign(this, settings, { given: [] });
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.signing = privateKey;
    this.publicKey = publicKey.export({ type: 'spki', format: 'pem' });
  }

  async start() {
    this.server = https.createServer(this.tls, (request, response) => this.#answer(request, response));
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `https://localhost:${this.server.address().port}`;
    return this;
  }

  /** A token for an audience, as given to the application. */
  token(audience, changes = {}) {
    const now = Math.floor(Date.now() / 1000);
    const claims = { aud: audience, iss: `https://sts.windows.net/${this.tenant}/`, appid: this.client, nbf: now - 60, iat: now, exp: now + this.seconds, ...changes };
    const text = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(this.signing).toString('base64url')}`;
  }

  async #answer(request, response) {
    const reply = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const base = `${this.url}/${this.tenant}`;
    if (request.url.includes('/.well-known/openid-configuration')) {
      return reply(200, { issuer: `${base}/v2.0`, token_endpoint: `${base}/oauth2/v2.0/token`, authorization_endpoint: `${base}/oauth2/v2.0/authorize`, jwks_uri: `${base}/keys` });
    }
    if (!request.url.startsWith(`/${this.tenant}/oauth2/v2.0/token`)) return reply(404, { error: 'not_found' });
    let body = '';
    for await (const chunk of request) body += chunk;
    const form = new URLSearchParams(body);
    const by = this.#proof(form);
    if (form.get('client_id') !== this.client || !by) return reply(401, { error: 'invalid_client', error_description: 'AADSTS7000215: who are you?' });
    const audience = form.get('scope').split(' ').find((scope) => scope.endsWith('/.default')).replace(/\/\.default$/, '');
    this.given.push({ by, audience });
    return reply(200, { token_type: 'Bearer', expires_in: this.seconds, ext_expires_in: this.seconds, access_token: this.token(audience) });
  }

  // By what the application proved to be itself, or null.
  #proof(form) {
    if (this.secret && form.get('client_secret') === this.secret) return 'secret';
    const [head, claims, signature] = (form.get('client_assertion') ?? '').split('.');
    if (!signature || !this.certificate) return null;
    const pss = decode(head).alg === 'PS256' ? { padding: constants.RSA_PKCS1_PSS_PADDING } : {};
    const verify = createVerify('RSA-SHA256').update(`${head}.${claims}`);
    const good = verify.verify({ key: createPublicKey(this.certificate), ...pss }, Buffer.from(signature, 'base64url'));
    return good && decode(claims).sub === this.client ? 'certificate' : null;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
