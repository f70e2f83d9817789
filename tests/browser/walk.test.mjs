// The whole walk in a browser: a citizen files, the desk accepts, the case officer and the leader decide, the clerk issues, the desk
// returns, the citizen rates. With scripts (every page judged) and without.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { look, openBrowser, person, picture, serve } from './kit.mjs';
import { accept, act, citizenIn, file, officerIn, open, press } from './walk.mjs';

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

/** Everybody on the way, each in a browser of their own. */
async function walk(options, see) {
  const people = {};
  const come = async (name, enter) => {
    people[name] = await person(browser, server, options);
    await enter(people[name]);
    return people[name];
  };
  try {
    const mother = await come('citizen', (w) => citizenIn(w));
    const code = await file(mother, see);

    const desk = await come('desk', (w) => officerIn(w, 'quay1.anxuyen'));
    await see(desk, 'inbox-desk');
    await open(desk, code);
    await accept(desk, see);

    const officer = await come('officer', (w) => officerIn(w, 'hotich.anxuyen'));
    await open(officer, code);
    await act(officer, 'Nhận về mình');
    await act(officer, 'Chuyển bước tiếp', (page) => page.locator('[name="ghi-chu"]').first().fill('Đã đối chiếu, đủ điều kiện.'), (w) => see(w, 'dossier-pass-on'));

    const leader = await come('leader', (w) => officerIn(w, 'chutich.anxuyen'));
    await see(leader, 'inbox-leader');
    await open(leader, code);
    await see(leader, 'dossier-decide');
    await act(leader, 'Phê duyệt');

    const clerk = await come('clerk', (w) => officerIn(w, 'vanthu.anxuyen'));
    await open(clerk, code);
    await act(clerk, 'Ban hành kết quả', undefined, (w) => see(w, 'dossier-issue'));

    await open(desk, code);
    await act(desk, 'Trả kết quả', (page) => page.locator('[name="kenh"][value="electronic"]').check(), (w) => see(w, 'dossier-return'));
    await see(desk, 'dossier-returned');

    await mother.page.goto(`/tra-cuu/${code}`);
    await see(mother, 'track-returned');
    const result = await mother.page.request.get(await mother.page.getByRole('link', { name: 'Tải kết quả' }).getAttribute('href'));
    assert.equal((await result.body()).subarray(0, 5).toString(), '%PDF-', 'the result is there to keep');
    assert.equal(await mother.page.locator('[name="muc"]:checked').count(), 0, 'a rating starts with no answer chosen');
    await mother.page.locator('[name="muc"][value="5"]').check();
    await press(mother.page, mother.page.getByRole('button', { name: 'Gửi đánh giá' }));
    await see(mother, 'track-rated');
    await mother.page.goto('/ho-so-cua-toi');
    await see(mother, 'my-dossiers');
    for (const [name, who] of Object.entries(people)) assert.deepEqual(who.faults, [], `${name}: console and network`);
    return code;
  } finally {
    for (const who of Object.values(people)) await who.close();
  }
}

describe('the walk', () => {
  test('with scripts, every page judged in both sizes', { timeout: 300_000 }, async () => {
    await walk({ scripts: true }, look);
  });

  test('without JavaScript', { timeout: 180_000 }, async () => {
    await walk({ scripts: false }, async () => {});
  });

  test('on a telephone, without JavaScript', { timeout: 180_000 }, async () => {
    await walk({ scripts: false, size: 'phone' }, (who, name) => picture(who, `plain-${name}`));
  });
});
