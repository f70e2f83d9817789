// The counter and the leader's queue, as an officer works: a scanner, digits, one screen; with scripts and without; two officers at one desk.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { judge, look, openBrowser, person, serve } from './kit.mjs';
import { officerIn } from './walk.mjs';

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

const here = '/can-bo/tai-quay';
// Nobody: no province gives out 099.
const card = (id, name, address, birth = '12041998', sex = 'Nữ') => `${id}|000000000|${name}|${birth}|${sex}|${address}|02012022`;
const thu = card('099198000002', 'Trần Thị Thử', 'Khóm Mẫu, Phường An Xuyên, tỉnh Cà Mau');
const mau = card('099090000001', 'Nguyễn Văn Mẫu', 'Ấp Mẫu, Xã Đất Mũi, tỉnh Cà Mau', '01011990', 'Nam');

/** What a scanner does: types fast, ends with Enter. */
async function scan({ page }, text) {
  await page.locator('#the').pressSequentially(text, { delay: 1 });
  await page.keyboard.press('Enter');
}

const kept = (page, act) => Promise.all([page.waitForResponse((r) => r.request().method() === 'GET' && r.url().includes(`${here}/`)), act()]);

/** Nothing lies below the fold of a desk officer's screen. */
async function oneScreen({ page }) {
  const over = await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);
  assert.ok(over <= 0, `the counter scrolls by ${over} px`);
}

/** Receives a person with a card by the keyboard alone; answers the code. */
async function receive(who, text, digit) {
  const { page } = who;
  await page.goto(here);
  await scan(who, text);
  await page.locator('.idcard').waitFor();
  await page.keyboard.press(digit);
  await page.locator('.w-papers').first().waitFor();
  await page.keyboard.press('d');
  await page.locator('.stepno.done').nth(2).waitFor();
  await kept(page, () => page.getByLabel('Bản giấy tại trung tâm này').check());
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/xong$/);
  return page.locator('.w-code').innerText();
}

describe('the counter', () => {
  test('a known procedure is received with a card in one screen, at most 12 interactions and 60 seconds', { timeout: 90_000 }, async () => {
    const who = await person(browser, server);
    await officerIn(who, 'quay1.anxuyen', here);
    await oneScreen(who);
    await scan(who, mau);
    await who.page.locator('.idcard').waitFor();
    await who.page.keyboard.press('2');
    await who.page.locator('.w-papers').first().waitFor();
    await oneScreen(who);
    await look(who, 'counter-missing');
    assert.match(await who.page.locator('button[value="tiep-nhan"]').innerText(), /mẫu 02/, 'missing papers turn the button');
    await who.page.keyboard.press('d');
    await who.page.locator('.stepno.done').nth(2).waitFor();
    await kept(who.page, () => who.page.getByLabel('Bản giấy tại trung tâm này').check());
    assert.match(await who.page.locator('button[value="tiep-nhan"]').innerText(), /Tiếp nhận/);
    await look(who, 'counter-ready');
    await who.page.keyboard.press('Control+Enter');
    await who.page.waitForURL(/\/xong$/);
    assert.match(await who.page.locator('.w-code').innerText(), /^H12\.\d+-\d{6}-\d{4,}$/);
    const [seconds, steps] = (await who.page.locator('.work-head .meta').innerText()).match(/\d+/g).map(Number);
    console.log(`received in ${seconds} s, ${steps} interactions`);
    assert.ok(seconds <= 60 && steps <= 12, `${seconds} s, ${steps} interactions`);
    await look(who, 'counter-done');
    await who.close();
  });

  test('a card that a keyboard garbled is asked about, a wrong telephone number is named, and nothing typed is lost', { timeout: 90_000 }, async () => {
    const who = await person(browser, server);
    const { page } = who;
    await officerIn(who, 'quay1.datmui', here);
    await scan(who, '099090000001||Nguyeenx Vawn Maaux|01011990|Nam|Aasp Maaux, Xax DDaats Muxi, tirnh Caf Mau|02012022');
    const agree = page.getByRole('button', { name: 'Đúng như thẻ, dùng' });
    await agree.waitFor();
    assert.equal(await page.locator('#ho-ten').inputValue(), '', 'nothing is repaired silently');
    assert.ok((await page.locator('#main').innerText()).includes('“Nguyễn Văn Mẫu”'));
    await look(who, 'counter-garbled');
    await agree.click();
    await page.locator('.idcard').waitFor();
    await page.locator('#dien-thoai').fill('12');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('alert').waitFor();
    assert.ok((await page.title()).startsWith('Lỗi:'));
    await judge(who, 'counter-faults');
    assert.equal(await page.locator('#dien-thoai').inputValue(), '12');
    await page.reload();
    assert.equal(await page.locator('#dien-thoai').inputValue(), '12');
    await who.close();
  });

  test('what one officer parks a colleague goes on with, and another desk does not see', { timeout: 90_000 }, async () => {
    const [one, two, elsewhere] = await Promise.all([person(browser, server), person(browser, server), person(browser, server)]);
    await officerIn(one, 'quay1.anxuyen', here);
    await scan(one, thu);
    await one.page.locator('.idcard').waitFor();
    await kept(one.page, async () => {
      await one.page.locator('#so-thu-tu').fill('A042');
      await one.page.keyboard.press('Tab');
    });
    await one.page.getByRole('button', { name: 'Giữ chỗ' }).click();
    await one.page.waitForURL((url) => url.pathname === here);
    await officerIn(elsewhere, 'phutrach.datmui', here);
    assert.ok(!(await elsewhere.page.content()).includes('A042'));
    await officerIn(two, 'quay2.anxuyen', here);
    await two.page.locator('.w-wait summary').click();
    await look(two, 'counter-parked');
    await two.page.locator('.w-wait li', { hasText: 'A042' }).getByRole('button', { name: /Làm tiếp/ }).click();
    await two.page.waitForURL(/tai-quay\/.+/);
    assert.ok((await two.page.locator('.idcard').innerText()).includes('Trần Thị Thử'));
    for (const who of [one, two, elsewhere]) await who.close();
  });

  test('without scripts the same form does the same, and sent again it is the same dossier', { timeout: 90_000 }, async () => {
    const who = await person(browser, server, { scripts: false });
    const { page } = who;
    await officerIn(who, 'phutrach.anxuyen', here);
    await page.locator('#ho-ten').fill("K'Brôih");
    await page.locator('#ngay-sinh').fill('1995');
    await page.getByLabel('Đăng ký khai tử').check();
    await page.getByRole('button', { name: 'Cập nhật' }).last().click();
    await page.getByRole('button', { name: /Đủ cả/ }).click();
    await page.getByLabel('Bản giấy tại trung tâm này').check();
    const form = page.url();
    await page.getByRole('button', { name: /Tiếp nhận/ }).click();
    await page.waitForURL(/\/xong$/);
    const code = await page.locator('.w-code').innerText();
    await judge(who, 'counter-done-no-script');
    assert.ok(await page.getByRole('link', { name: /phiếu chữ lớn/ }).isVisible(), 'neither telephone nor e-mail: the slip');
    await page.goto(form);
    assert.equal(await page.locator('.w-code').innerText(), code);
    await page.getByRole('button', { name: /Thêm thủ tục/ }).click();
    assert.equal(await page.locator('#ho-ten').inputValue(), "K'Brôih");
    await who.close();
  });
});

describe('the counter for programs', () => {
  const call = async (token, method, path, body) => {
    const answer = await fetch(`${server.base}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : null };
  };
  const signIn = async (login) => (await call(null, 'POST', '/sign-in', { realm: 'officer', login, password: 'can-bo-demo-2026' })).body.token;

  test('a card, a procedure, the papers: received once, also when asked twice; nobody else comes in', { timeout: 60_000 }, async () => {
    const [token, colleague, stranger] = [await signIn('phutrach.datmui'), await signIn('quay1.datmui'), await signIn('quay1.anxuyen')];
    const id = crypto.randomUUID();
    const at = `/receptions/${id}`;
    assert.equal((await call(null, 'PUT', at, {})).status, 401);
    const opened = await call(token, 'PUT', at, { card: mau, procedure: '2.000815', ticket: 'B007' });
    assert.equal(opened.status, 200, JSON.stringify(opened.body));
    assert.equal(opened.body.card, 'read');
    assert.equal(opened.body.applicant.name, 'Nguyễn Văn Mẫu');
    const needed = opened.body.papers.filter((p) => p.required).map((p) => p.id);
    assert.deepEqual(opened.body.missing.length, needed.length);
    assert.equal((await call(stranger, 'GET', at)).status, 404, 'another desk');
    assert.equal((await call(colleague, 'POST', `${at}/take-up`)).status, 409, 'not while somebody works on it');
    assert.equal((await call(token, 'POST', `${at}/park`)).status, 204);
    assert.ok((await call(colleague, 'GET', '/receptions')).body.some((w) => w.id === id && w.ticket === 'B007'));
    assert.equal((await call(colleague, 'POST', `${at}/take-up`)).status, 200);
    const full = { card: mau, procedure: '2.000815', ticket: 'B007', papers: needed, result_channel: 'desk', fee: 10000, fee_taken: true };
    const kept = await call(colleague, 'PUT', at, full);
    assert.deepEqual(kept.body.missing, []);
    const first = await call(colleague, 'POST', `${at}/receive`);
    assert.equal(first.status, 200, JSON.stringify(first.body));
    assert.match(first.body.code, /^H12\.\d+-\d{6}-\d{4,}$/);
    const again = await call(colleague, 'POST', `${at}/receive`);
    assert.equal(again.body.id, first.body.id);
  });

  test('what is missing comes back by name, and impossible bodies do no harm', { timeout: 60_000 }, async () => {
    const token = await signIn('quay1.anxuyen');
    const id = crypto.randomUUID();
    await call(token, 'PUT', `/receptions/${id}`, { procedure: '2.000815' });
    const refused = await call(token, 'POST', `/receptions/${id}/receive`);
    assert.equal(refused.status, 422, JSON.stringify(refused.body));
    for (const body of [{ commune: "'; DROP TABLE x" }, { procedure: 12 }, { fee: -5, procedure: '<b>' }, []]) {
      const answer = await call(token, 'PUT', `/receptions/${id}`, body);
      assert.ok(answer.status < 500, `${JSON.stringify(body)}: ${answer.status}`);
    }
    const all = await call(token, 'GET', '/dossiers?queue=all');
    assert.ok(all.status === 200 && all.body.total >= all.body.dossiers.length, JSON.stringify(all.body).slice(0, 200));
    const unknown = await call(token, 'GET', '/dossiers?queue=tat-ca');
    assert.equal(unknown.status, 400);
    assert.match(unknown.body.cause, /queue: tat-ca/, 'a program is told what could not be read');
    assert.equal((await call(token, 'DELETE', `/receptions/${id}`)).status, 204);
    assert.equal((await call(token, 'GET', `/receptions/${id}`)).status, 404);
  });
});

describe("the leader's queue", () => {
  test('read, decide, and the next opens by itself', { timeout: 120_000 }, async () => {
    const desk = await person(browser, server);
    await officerIn(desk, 'quay1.anxuyen', here);
    const codes = [await receive(desk, thu, '2'), await receive(desk, thu, '3')];
    const officer = await person(browser, server);
    await officerIn(officer, 'hotich.anxuyen');
    for (const code of codes) {
      await officer.page.goto('/can-bo');
      await officer.page.getByRole('link', { name: code }).click();
      await officer.page.locator('a[href*="viec=chuyen-tiep"]').click();
      await officer.page.locator('textarea[name="ghi-chu"]').fill('Đủ điều kiện, căn cứ khoản 1 Điều 16 Luật Hộ tịch.');
      await officer.page.getByRole('button', { name: /^Chuyển/ }).first().click();
      await officer.page.waitForURL((url) => url.pathname === '/can-bo');
    }
    const leader = await person(browser, server);
    const { page } = leader;
    await officerIn(leader, 'chutich.anxuyen', '/can-bo/duyet');
    assert.match(await page.locator('.rail a[aria-current]').innerText(), /2/, 'the rail counts what waits');
    await look(leader, 'leader');
    const over = await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);
    assert.ok(over <= 0, `the queue scrolls by ${over} px`);
    await page.keyboard.press('r');
    await page.locator('textarea[aria-invalid="true"]').waitFor();
    await judge(leader, 'leader-reason');
    await page.keyboard.press('Escape');
    await page.keyboard.press('y');
    await page.waitForFunction(() => document.querySelectorAll('.l-list li').length === 1);
    assert.ok((await page.locator('.l-title').innerText()).length > 0, 'the next is open');
    await page.keyboard.press('y');
    await page.locator('.empty, .l-list .card').first().waitFor();
    await look(leader, 'leader-done');
    for (const who of [desk, officer, leader]) await who.close();
  });
});
