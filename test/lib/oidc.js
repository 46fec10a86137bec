'use strict';
// Providers of identities for tests: a real one (npm's oidc-provider), and a wicked one that is honest but for one thing; and
// a browser's worth of fetch.

const crypto = require('node:crypto');
const http = require('node:http');
const net = require('node:net');
const path = require('node:path');
const { createRequire } = require('node:module');
const { pathToFileURL } = require('node:url');

const installed = createRequire(path.join(__dirname, '../browser/package.json'));

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function listen(t, handler, port) {
  return new Promise((resolve, reject) => {
    const server = http.createServer(handler).on('error', reject);
    const stop = () => new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    });
    t.after(stop);
    server.listen(port, '127.0.0.1', () => resolve({ port: server.address().port, stop }));
  });
}

const newKeys = (kid) => {
  const { privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { keys: [{ ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }] };
};

// The real one, on a port of its own. `who()` gives the claims of whoever is sent there: they are signed in at once, without a
// form. { issuer, stop() }.
async function provider(t, { port, host = '127.0.0.1', kid = 'k1', client, who, alg = 'RS256' }) {
  const { default: Provider } = await import(pathToFileURL(installed.resolve('oidc-provider')).href);
  const issuer = `http://${host}:${port}`;
  const info = console.info, warn = console.warn;
  console.info = console.warn = () => {}; // it would say that this is no production set-up
  const p = new Provider(issuer, {
    clients: [{ grant_types: ['authorization_code'], response_types: ['code'], id_token_signed_response_alg: alg, ...client }],
    jwks: newKeys(kid),
    cookies: { keys: ['only for tests'] },
    pkce: { required: () => true },
    conformIdTokenClaims: false, // the claims of the scopes in the ID token itself
    claims: { openid: ['sub', 'sid'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 300, Interaction: 600, Session: 600 },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: true, logoutSource: (ctx, form) => { ctx.body = `${form}<button form="op.logoutForm" name="logout" value="yes">Yes</button>`; } },
    },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (ctx, sub) => ({ accountId: sub, claims: () => ({ ...who(), sub }) }),
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
  });
  const callback = p.callback();
  const { stop } = await listen(t, async (request, response) => {
    if (request.url.startsWith('/interaction/'))
      await p.interactionFinished(request, response, { login: { accountId: who().sub } }, { mergeWithLastSubmission: false });
    else
      callback(request, response);
  }, port);
  Object.assign(console, { info, warn });
  return { issuer, stop };
}

const b64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

// One of our own, honest until told otherwise. `it` may be changed at any time:
//   header, claims: (usual) => changed · sign: (text, key) => signature · discovery: (usual) => changed
//   iss: of the address it sends the browser back with · answer: (request, response) => true if it has answered itself
async function wicked(t, client) {
  const pair = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  const it = { keys: pair, asked: [] };
  const codes = new Map();
  const usualSign = (text) => crypto.sign('sha256', Buffer.from(text), it.keys.privateKey).toString('base64url');
  const json = (response, value, status = 200) => {
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  const { port } = await listen(t, (request, response) => {
    const url = new URL(request.url, it.issuer);
    it.asked.push(url.pathname);
    if (it.answer?.(request, response)) return;
    if (url.pathname === '/.well-known/openid-configuration') {
      const usual = { issuer: it.issuer, authorization_endpoint: `${it.issuer}/auth`, token_endpoint: `${it.issuer}/token`,
        jwks_uri: `${it.issuer}/keys`, authorization_response_iss_parameter_supported: true };
      json(response, it.discovery ? it.discovery(usual) : usual);
    } else if (url.pathname === '/keys') {
      json(response, { keys: [{ ...it.keys.publicKey.export({ format: 'jwk' }), kid: 'w1', use: 'sig' }] });
    } else if (url.pathname === '/auth') {
      const code = crypto.randomBytes(16).toString('hex');
      codes.set(code, Object.fromEntries(url.searchParams));
      const back = new URL(url.searchParams.get('redirect_uri'));
      back.search = new URLSearchParams({ code, state: url.searchParams.get('state'), iss: it.iss || it.issuer });
      response.writeHead(303, { Location: back.href });
      response.end();
    } else {
      let body = '';
      request.on('data', (d) => (body += d)).on('end', () => {
        const form = new URLSearchParams(body), asked = codes.get(form.get('code'));
        const challenge = crypto.createHash('sha256').update(form.get('code_verifier') || '').digest('base64url');
        if (!asked || asked.code_challenge !== challenge || asked.code_challenge_method !== 'S256') return json(response, { error: 'invalid_grant' }, 400);
        const now = Math.floor(Date.now() / 1000);
        const usualHeader = { alg: 'RS256', kid: 'w1', typ: 'JWT' };
        const usual = { iss: it.issuer, aud: client, sub: 'w-1001', iat: now, exp: now + 300, nonce: asked.nonce, preferred_username: 'so.khcn' };
        const header = it.header ? it.header(usualHeader) : usualHeader;
        const text = `${b64(header)}.${b64(it.claims ? it.claims(usual) : usual)}`;
        json(response, { token_type: 'Bearer', access_token: 'x', id_token: `${text}.${(it.sign || usualSign)(text, it.keys)}` });
      });
    }
  }, 0);
  it.issuer = `http://127.0.0.1:${port}`;
  // Honest again, and forgotten what was asked.
  it.reset = () => {
    for (const key of ['header', 'claims', 'sign', 'discovery', 'iss', 'answer']) delete it[key];
    it.asked.length = 0;
  };
  return it;
}

// Follows redirects and keeps cookies by host and port, as tabs of one browser do.
function browser() {
  const jars = new Map();
  const jar = (url) => {
    const { host } = new URL(url);
    if (!jars.has(host)) jars.set(host, new Map());
    return jars.get(host);
  };
  async function once(url, options = {}) {
    const cookies = [...jar(url)].map(([name, value]) => `${name}=${value}`).join('; ');
    const r = await fetch(url, { ...options, redirect: 'manual', headers: { Accept: 'text/html', ...(cookies && { Cookie: cookies }), ...options.headers } });
    for (const line of r.headers.getSetCookie ? r.headers.getSetCookie() : (r.headers.get('set-cookie') || '').split(/, (?=[^;,\s]+=)/).filter(Boolean)) {
      const [pair, ...attributes] = line.split('; '), at = pair.indexOf('=');
      const gone = attributes.some((a) => /^max-age=0$/i.test(a) || (/^expires=/i.test(a) && new Date(a.slice(8)) < new Date()));
      if (gone) jar(url).delete(pair.slice(0, at));
      else jar(url).set(pair.slice(0, at), pair.slice(at + 1));
    }
    return r;
  }
  // { status, url, text, headers, trail } of where it ends.
  async function go(url, options) {
    const trail = [];
    let r = await once(url, options);
    while (r.headers.get('location') && trail.length < 15) {
      url = new URL(r.headers.get('location'), url).href;
      trail.push(url);
      await r.text();
      r = await once(url);
    }
    return { status: r.status, url, text: await r.text(), headers: r.headers, trail };
  }
  return { once, go, jar };
}

module.exports = { provider, wicked, browser, freePort };
