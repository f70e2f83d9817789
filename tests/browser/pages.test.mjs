// Every page that anyone may open: judged in both sizes and both languages; the first visit weighed.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { look, openBrowser, person, serve, weigh } from './kit.mjs';
import { citizenIn, officerIn } from './walk.mjs';

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

const open = {
  home: '/',
  search: '/tim?q=dang%20ky%20khai%20sinh',
  'search-nothing': '/tim?q=zzzzqqqq',
  procedure: '/thu-tuc/1.001193',
  track: '/tra-cuu',
  'sign-in': '/dang-nhap',
  'sign-in-officer': '/can-bo/dang-nhap',
  ui: '/ui',
  api: '/api',
  missing: '/khong-co-trang-nay',
};

const officers = {
  inbox: ['quay1.anxuyen', '/can-bo'],
  'walk-in': ['quay1.anxuyen', '/can-bo/tai-quay'],
  me: ['quay1.anxuyen', '/can-bo/toi'],
  units: ['quantri', '/quan-tri/don-vi'],
  people: ['quantri', '/quan-tri/nguoi'],
  system: ['quantri', '/quan-tri/he-thong'],
};

describe('pages', () => {
  for (const [name, path] of Object.entries(open)) {
    test(`${name} is accessible and whole, in Vietnamese and English`, { timeout: 60_000 }, async () => {
      for (const lang of ['vi', 'en']) {
        const who = await person(browser, server);
        const answer = await who.page.goto(`${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
        assert.equal(answer.status(), name === 'missing' ? 404 : 200, path);
        assert.equal(await who.page.locator('html').getAttribute('lang'), lang);
        await look(who, lang === 'vi' ? name : `${name}-en`);
        await who.close();
      }
    });
  }

  for (const [name, [login, path]] of Object.entries(officers)) {
    test(`${name} of an officer is accessible and whole`, { timeout: 60_000 }, async () => {
      const who = await person(browser, server);
      await officerIn(who, login);
      const answer = await who.page.goto(path);
      assert.equal(answer.status(), 200, path);
      await look(who, `officer-${name}`);
      await who.close();
    });
  }

  test('dark is as readable as light', { timeout: 60_000 }, async () => {
    const who = await person(browser, server);
    await who.page.emulateMedia({ colorScheme: 'dark' });
    for (const name of ['home', 'procedure', 'track', 'ui']) {
      await who.page.goto(open[name]);
      await look(who, `${name}-dark`);
    }
    await who.close();
  });

  test('a first visit weighs at most 100 kB', { timeout: 60_000 }, async () => {
    for (const name of ['home', 'search', 'procedure', 'track']) {
      const bytes = await weigh(browser, server, open[name]);
      console.log(`first visit ${name}: ${(bytes / 1000).toFixed(1)} kB`);
      assert.ok(bytes <= 100_000, `${name}: ${bytes} bytes`);
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
