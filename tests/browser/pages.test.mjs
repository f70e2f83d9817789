// Every page of the house, opened by the right person: judged in both sizes and both languages; the first visit weighed.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { addresses, noPages, openPage, openers } from './addresses.mjs';
import { judge, look, openBrowser, person, serve, weigh } from './kit.mjs';
import { citizenIn } from './walk.mjs';

let server;
let browser;
before(async () => {
  server = await serve();
  browser = await openBrowser();
}, { timeout: 180_000 });
after(async () => {
  await browser?.close();
  await server?.stop();
});

// Not addresses of their own, and still worth a look.
const also = { 'search-nothing': '/tim?q=zzzzqqqq', missing: '/khong-co-trang-nay' };
const nameOf = (path) => path.replaceAll(/[/{}]+/g, ' ').trim().replaceAll(' ', '-') || 'home';

describe('pages', () => {
  test('no address of the house is forgotten here, and none is called no page that is one', { timeout: 60_000 }, async () => {
    const known = [...Object.keys(openers), ...noPages].sort();
    assert.deepEqual(known, addresses.map((a) => a.path).sort(), 'addresses.mjs names each address of the registry once');
    for (const path of noPages.filter((p) => !p.includes('{'))) {
      const answer = await fetch(`${server.base}${path}`, { redirect: 'manual' });
      assert.doesNotMatch(answer.headers.get('content-type') ?? '', /html/, path);
    }
  });

  for (const address of addresses.filter((a) => openers[a.path])) {
    test(`${address.path} is accessible and whole, in Vietnamese and English`, { timeout: 90_000 }, async () => {
      const name = nameOf(address.path);
      const { who, answer } = await openPage(browser, server, address);
      if (answer) assert.equal(answer.status(), openers[address.path].status ?? 200, who.page.url());
      assert.equal(await who.page.locator('html').getAttribute('lang'), 'vi');
      await look(who, name);
      const url = new URL(who.page.url());
      url.searchParams.set('lang', 'en');
      await who.page.goto(url.href);
      assert.equal(await who.page.locator('html').getAttribute('lang'), 'en');
      await judge(who, `${name}-en`);
      await who.close();
    });
  }

  for (const [name, path] of Object.entries(also)) {
    test(`${name} is accessible and whole`, { timeout: 60_000 }, async () => {
      const who = await person(browser, server);
      const answer = await who.page.goto(path);
      assert.equal(answer.status(), name === 'missing' ? 404 : 200, path);
      await look(who, name);
      await who.close();
    });
  }

  test('dark is as readable as light', { timeout: 60_000 }, async () => {
    const who = await person(browser, server);
    await who.page.emulateMedia({ colorScheme: 'dark' });
    for (const path of ['/', '/thu-tuc/1.001193', '/tra-cuu', '/ui']) {
      await who.page.goto(path);
      await look(who, `${nameOf(path)}-dark`);
    }
    await who.close();
  });

  test('a first visit weighs at most 100 kB', { timeout: 60_000 }, async () => {
    for (const path of ['/', '/tim?q=dang%20ky%20khai%20sinh', '/thu-tuc/1.001193', '/tra-cuu']) {
      const bytes = await weigh(browser, server, path);
      console.log(`first visit ${path}: ${(bytes / 1000).toFixed(1)} kB`);
      assert.ok(bytes <= 100_000, `${path}: ${bytes} bytes`);
    }
  });

  test('a session that ended in the middle of a form loses nothing that was typed', { timeout: 60_000 }, async () => {
    const who = await person(browser, server);
    await citizenIn(who, '/nop/1.001193');
    await who.page.getByRole('button', { name: 'Bắt đầu' }).click();
    await who.page.waitForURL(/lien-he$/);
    await who.page.locator('[name="ho-ten"]').fill("H'Blim Niê");
    await who.context.clearCookies();
    await who.page.getByRole('button', { name: 'Tiếp tục' }).click();
    await who.page.waitForLoadState('load');
    // without its cookie the form is not believed; the page that says so holds every word, ready to be sent again
    assert.ok((await who.page.content()).includes("Blim Niê"));
    await who.close();
  });
});
