'use strict';
// Who comes to the door of a server: requests with every header as it is given, and a jar of cookies as a browser keeps one.

const assert = require('node:assert');
const http = require('node:http');

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

// One request, sent as it stands: the path is not made plain, no header is added but Host. → { status, headers, text, cookies }
function ask(url, path, { method = 'GET', headers = {}, body = null } = {}) {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const bytes = body === null ? null : Buffer.from(body);
    const length = bytes === null ? {} : { 'Content-Length': bytes.length };
    const request = http.request({ hostname, port, path, method, agent, headers: { ...length, ...headers } }, (answer) => {
      const chunks = [];
      answer.on('data', (d) => chunks.push(d));
      answer.on('error', reject);
      answer.on('end', () => {
        const bytesBack = Buffer.concat(chunks);
        resolve({ status: answer.statusCode, headers: answer.headers, raw: answer.rawHeaders, bytes: bytesBack, text: bytesBack.toString(), cookies: answer.headers['set-cookie'] || [] });
      });
    });
    request.on('error', reject);
    request.end(bytes);
  });
}

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const form = (fields) => new URLSearchParams(fields).toString();

class Visitor {
  // `headers` are sent with everything.
  constructor(url, headers = {}) {
    this.url = url;
    this.headers = headers;
    this.jar = new Map();
  }

  async ask(path, { headers = {}, ...options } = {}) {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const r = await ask(this.url, path, { ...options, headers: { ...(cookie && { Cookie: cookie }), ...this.headers, ...headers } });
    for (const line of r.cookies) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (/max-age=0\b/i.test(line)) this.jar.delete(name);
      else this.jar.set(name, value);
    }
    return r;
  }

  page(path, headers = {}) {
    return this.ask(path, { headers: { Accept: 'text/html', ...headers } });
  }

  // The mark that a form of this session carries; undefined without a session.
  async mark() {
    return /name="_csrf" value="([0-9a-f]+)"/.exec((await this.page('/signout')).text)?.[1];
  }

  // A form as its page sends it, with the mark of the session.
  async send(path, fields, headers = {}) {
    const mark = await this.mark();
    return this.post(path, { ...fields, ...(mark && { _csrf: mark }) }, headers);
  }

  // A form as it stands.
  post(path, fields, headers = {}) {
    return this.ask(path, { method: 'POST', body: form(fields), headers: { Accept: 'text/html', ...FORM, ...headers } });
  }

  // An operation as a script of our page calls it.
  async call(name, args, headers = {}) {
    const mark = await this.mark();
    return this.ask(`/api/${name}`, { method: 'POST', body: JSON.stringify(args), headers: { 'Content-Type': 'application/json', ...(mark && { 'Hoalu-CSRF': mark }), ...headers } });
  }

  get session() {
    return this.jar.get('session');
  }

  // Choose a password by a link; the link's session begins.
  async welcome(link, password) {
    const r = await this.send(`/welcome/${link.split('/welcome/')[1].trim()}`, { password, again: password });
    assert.strictEqual(r.status, 303, r.text);
    return this;
  }

  signIn(name, password, more = {}) {
    return this.send('/signin', { name, password, ...more });
  }

  // Is anybody signed in here, by the server's word?
  async isKnown() {
    return (await this.page('/me')).status === 200;
  }
}

module.exports = { Visitor, ask, form, FORM };
