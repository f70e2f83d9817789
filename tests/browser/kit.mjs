// A server of one's own with the demo province, a browser, and a judge. Nothing here knows a page.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import axe from 'axe-core';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const program = process.env.MOTCUA_BIN ?? join(root, 'target/debug/motcua');
const screens = process.env.MOTCUA_SCREENS ?? join(root, 'target/screens');

/** The two sizes every page is looked at in. */
export const sizes = { wide: { width: 1366, height: 768 }, phone: { width: 390, height: 844 } };

/** Starts `motcua demo` on an empty folder (or the given PostgreSQL database) and waits for its ready line. */
export async function serve({ databaseUrl, env = {} } = {}) {
  const base = existsSync('/dev/shm') ? '/dev/shm' : '/tmp';
  const folder = mkdtempSync(join(base, 'motcua-browser-'));
  const port = await freePort();
  const child = spawn(program, ['demo'], {
    cwd: folder,
    env: { ...process.env, MOTCUA_DATA: join(folder, 'data'), DATABASE_URL: databaseUrl ?? '', PORT: String(port), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ready = new Promise((done, failed) => {
    const hear = (chunk) => {
      output += chunk;
      if (/^ready http/m.test(output)) done();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('exit', (code) => failed(new Error(`the server ended with ${code}:\n${output}`)));
    setTimeout(() => failed(new Error(`no ready line:\n${output}`)), 120_000).unref();
  });
  await ready;
  return {
    base: `http://127.0.0.1:${port}`,
    output: () => output,
    async stop() {
      const gone = new Promise((done) => child.on('exit', done));
      child.removeAllListeners('exit');
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await Promise.race([ended, gone, new Promise((done) => setTimeout(done, 15_000).unref())]);
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Debian's chromium, without anything that looks for the world outside. */
export function openBrowser() {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
  });
}

/** A person at a screen. `scripts: false` is a browser without JavaScript. */
export async function person(browser, server, { scripts = true, size = 'wide', lang } = {}) {
  const context = await browser.newContext({
    baseURL: server.base,
    javaScriptEnabled: scripts,
    viewport: sizes[size],
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    extraHTTPHeaders: lang ? { 'accept-language': lang } : {},
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const faults = [];
  const fault = (text) => faults.includes(text) || faults.push(text);
  // A strict CSP and a quiet console are promises too; nothing may ask another host.
  page.on('console', (m) => m.type() === 'error' && !/status of (4|5)\d\d/.test(m.text()) && fault(m.text()));
  page.on('pageerror', (e) => fault(String(e)));
  page.on('request', (r) => !r.url().startsWith(server.base) && !/^(data|blob|about|chrome|chrome-extension):/.test(r.url()) && fault(`asked ${r.url()}`));
  return { context, page, faults, scripts, close: () => context.close() };
}

/** Judges the page as it stands: WCAG 2.2 AA without a violation, one h1, no sideways scroll; keeps a picture. */
export async function judge(who, name) {
  const { page } = who;
  if (who.scripts) {
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() =>
      // eslint-disable-next-line no-undef
      axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
    );
    const found = violations.map((v) => `${v.id} (${v.impact}): ${v.help}\n${v.nodes.map((n) => `    ${n.target} ${n.html.slice(0, 160)}\n    ${n.any.concat(n.all, n.none).map((c) => c.message).join('; ')}`).join('\n')}`);
    assert.equal(found.length, 0, `${name} at ${page.url()}\n${found.join('\n')}`);
  }
  // A page that just came anew after long work may still be on its way.
  await page.locator('h1').first().waitFor({ timeout: 5_000 }).catch(() => {});
  assert.equal(await page.locator('h1').count(), 1, `${name}: one h1`);
  await picture(who, name);
  assert.deepEqual(who.faults, [], `${name}: console and network`);
}

/** Keeps a picture of the whole page for people to look at. */
export async function picture({ page }, name) {
  mkdirSync(screens, { recursive: true });
  const { width } = page.viewportSize();
  await page.screenshot({ path: join(screens, `${name}-${width}.png`), fullPage: true, animations: 'disabled' });
}

/** Judges the page in both sizes, and that nothing scrolls sideways. */
export async function look(who, name) {
  for (const size of Object.values(sizes)) {
    await who.page.setViewportSize(size);
    await judge(who, name);
    const over = who.scripts ? await who.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth) : 0;
    assert.ok(over <= 1, `${name} scrolls sideways by ${over} px at ${size.width}`);
  }
  await who.page.setViewportSize(sizes.wide);
}

/** Bytes on the line of a first visit, compressed, by kind. */
export async function weigh(browser, server, path) {
  const context = await browser.newContext({ baseURL: server.base, viewport: sizes.phone });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  let bytes = 0;
  session.on('Network.loadingFinished', (e) => (bytes += e.encodedDataLength));
  await page.goto(path, { waitUntil: 'networkidle' });
  await context.close();
  return bytes;
}

/** The shared password and sign-in names of the demo. */
export const demoPassword = readFileSync(join(root, 'data/demo/officers.toml'), 'utf8').match(/^password = "(.+)"/m)[1];

export function freePort() {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.on('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}
