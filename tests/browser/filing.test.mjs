// A citizen's filing where it is hard: files over a line that breaks, files that are not what they say, questions that answers open,
// sessions that end, words that look like code.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { look, openBrowser, person, picture, serve } from './kit.mjs';
import { citizenIn, fill, press, procedure } from './walk.mjs';

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

/** A PDF of so many bytes. */
function pdf(bytes) {
  const head = Buffer.from('%PDF-1.4\n');
  const tail = Buffer.from('\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n');
  const body = Buffer.alloc(bytes - head.length - tail.length);
  for (let at = 0; at < body.length; at += 1) body[at] = 32 + ((at * 7919) % 90);
  return Buffer.concat([head, body, tail]);
}

const sum = (bytes) => createHash('sha256').update(bytes).digest('hex');
const file = (name, buffer, mimeType = 'application/pdf') => ({ name, mimeType, buffer });

/** A new draft; answers the address of its pages. */
async function draft(who) {
  const { page } = who;
  await page.goto(`/nop/${procedure}`);
  await press(page, page.getByRole('button', { name: 'Bắt đầu' }));
  return new URL(page.url()).pathname.replace(/\/[^/]+$/, '');
}

async function come(options) {
  const who = await person(browser, server, options);
  await citizenIn(who);
  return who;
}

describe('files', () => {
  test('a cut line: the page is loaded again and the file goes on where it stopped', { timeout: 120_000 }, async () => {
    const who = await come();
    const { page } = who;
    const at = await draft(who);
    await page.goto(`${at}/giay-to`);
    const whole = pdf(3_000_000);
    const offsets = [];
    let cut = false;
    await page.route('**/tep/*', (route) => {
      if (route.request().method() !== 'PATCH') return route.continue();
      if (offsets.length === 2) cut = true;
      if (cut) return route.abort('connectionreset');
      offsets.push(Number(route.request().headers()['upload-offset']));
      return route.continue();
    });
    await page.locator('input[type="file"]').first().setInputFiles(file('Giấy chứng sinh.pdf', whole));
    await page.getByText('Đang đợi mạng').waitFor();
    assert.deepEqual(offsets, [0, 524_288], 'the line was cut after two pieces');
    await picture(who, 'filing-cut');
    // Heard before the line is whole again: the page may go on by itself before it is loaded anew.
    page.on('request', (r) => r.method() === 'PATCH' && offsets.push(Number(r.headers()['upload-offset'])));
    await page.unroute('**/tep/*');
    await page.reload();
    await page.getByText('Đã nhận đủ').waitFor();
    assert.equal(offsets[2], 1_048_576, 'it goes on after the two pieces');
    assert.ok(offsets.slice(2).every((offset) => offset >= 1_048_576), `nothing is sent twice: ${offsets}`);
    const shown = sum(whole);
    await page.getByText(`${shown.slice(0, 4)} ${shown.slice(4, 8)}`).waitFor();
    await page.locator('.files', { hasText: /3\sMB/ }).waitFor();
    await page.locator('[data-saved]', { hasText: /Đã lưu nháp lúc \d+:\d\d$/ }).waitFor();
    // Kept by the draft itself: no second copy comes back with the page.
    await page.reload();
    await page.waitForTimeout(500);
    assert.equal(await page.locator('.files b', { hasText: 'Giấy chứng sinh.pdf' }).count(), 1);
    // The line we cut ourselves is no fault of the page.
    who.faults.splice(0, who.faults.length, ...who.faults.filter((f) => !/ERR_CONNECTION_RESET/.test(f)));
    await look(who, 'filing-received');
    assert.equal(await page.evaluate(async () => {
      const db = await new Promise((done) => { const asked = indexedDB.open('tep-dang-gui'); asked.onsuccess = () => done(asked.result); });
      if (!db.objectStoreNames.contains('tep')) return 0;
      return new Promise((done) => { const n = db.transaction('tep').objectStore('tep').count(); n.onsuccess = () => done(n.result); });
    }), 0, 'nothing stays on this machine');
    // Taken out again, also by script.
    await press(page, page.getByRole('button', { name: /Gỡ/ }).first());
    assert.equal(await page.locator('.files b', { hasText: 'Giấy chứng sinh.pdf' }).count(), 0);
    assert.deepEqual(who.faults, []);
    await who.close();
  });

  test('a form sent while a file is on its way waits for it', { timeout: 60_000 }, async () => {
    const who = await come();
    const { page } = who;
    const at = await draft(who);
    await page.goto(`${at}/giay-to`);
    let go;
    const line = new Promise((done) => (go = done));
    await page.route('**/tep/*', async (route) => {
      await line;
      await route.continue();
    });
    await page.locator('input[type="file"]').first().setInputFiles(file('cham.pdf', pdf(200_000)));
    await page.getByText('Đang gửi', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByText('xong thì tự sang trang').waitFor();
    go();
    await page.waitForURL(/nhan-ket-qua$/);
    await page.goto(`${at}/giay-to`);
    await page.locator('.files b', { hasText: 'cham.pdf' }).waitFor();
    assert.deepEqual(who.faults, []);
    await who.close();
  });

  const bad = [
    ['rong.pdf', Buffer.alloc(0), /rỗng/],
    ['anh.pdf', Buffer.from('MZ this is a program'), /không phải là “pdf”/],
    ['nang.pdf', pdf(10_400_000), /tối đa 10\sMB/],
    ['macro.exe', Buffer.from('MZ'), /đuôi “exe”/],
  ];

  test('a file that lies, is empty, too large or of no use is told in its place; others are kept', { timeout: 120_000 }, async () => {
    const who = await come();
    const { page } = who;
    await page.goto(`${await draft(who)}/giay-to`);
    const box = page.locator('[data-upload]').first();
    for (const [name, bytes, said] of bad) {
      await box.locator('input[type="file"]').setInputFiles(file(name, bytes));
      const line = box.locator('li', { hasText: name });
      await line.getByText(said).waitFor();
      await line.locator('.badge', { hasText: 'Chưa nhận' }).waitFor();
    }
    await box.locator('input[type="file"]').setInputFiles(file('tot.pdf', pdf(2_000)));
    await box.locator('li', { hasText: 'tot.pdf' }).getByText('Đã nhận đủ').waitFor();
    await look(who, 'filing-files-told');
    await press(page, page.getByRole('button', { name: 'Tiếp tục' }));
    assert.match(page.url(), /nhan-ket-qua$/);
    assert.deepEqual(who.faults, []);
    await who.close();
  });

  test('without JavaScript the plain form says the same beside the field, and keeps the good file', { timeout: 120_000 }, async () => {
    const who = await come({ scripts: false });
    const { page } = who;
    const at = await draft(who);
    await page.goto(`${at}/giay-to`);
    const input = page.locator('input[type="file"]').first();
    const name = await input.getAttribute('name');
    for (const [file_name, bytes, said] of bad) {
      await page.locator('input[type="file"]').first().setInputFiles(file(file_name, bytes));
      await press(page, page.getByRole('button', { name: 'Tiếp tục' }));
      assert.match(page.url(), /giay-to$/, 'the same page again');
      const field = page.locator('fieldset', { has: page.locator(`input[name="${name}"]`) }).last();
      assert.match(await field.locator('.error').innerText(), said);
      assert.match(await page.locator('#tom-tat-loi').innerText(), said);
    }
    await picture(who, 'filing-plain-told');
    await page.locator('input[type="file"]').first().setInputFiles([file('tot.pdf', pdf(2_000)), file('xau.pdf', Buffer.from('no pdf'))]);
    await press(page, page.getByRole('button', { name: 'Tiếp tục' }));
    await page.locator('.files b', { hasText: 'tot.pdf' }).waitFor();
    assert.equal(await page.locator('.files').getByText('xau.pdf').count(), 0);
    assert.match(await page.locator('.error').first().innerText(), /không phải là/);
    await press(page, page.getByRole('button', { name: 'Tiếp tục' }));
    assert.match(page.url(), /nhan-ket-qua$/);
    await who.close();
  });

  test('a path in a name is only a name', { timeout: 60_000 }, async () => {
    const who = await come({ scripts: false });
    const { page } = who;
    const at = await draft(who);
    await page.goto(`${at}/giay-to`);
    const csrf = await page.locator('input[name="csrf"]').first().inputValue();
    const field = await page.locator('input[type="file"]').first().getAttribute('name');
    const answer = await page.request.post(`${at}/giay-to`, {
      multipart: { csrf, [field]: { name: '../../../etc/<b>passwd.pdf', mimeType: 'application/pdf', buffer: pdf(2_000) } },
    });
    assert.ok(answer.ok());
    await page.goto(`${at}/giay-to`);
    await page.locator('.files b', { hasText: /^bpasswd\.pdf$/ }).waitFor();
    await who.close();
  });

  test('a blurred photo is noticed, never refused', { timeout: 60_000 }, async () => {
    const who = await come();
    const { page } = who;
    const at = await draft(who);
    await page.goto(`${at}/giay-to`);
    // Drawn by the browser itself: a smooth grey slope, and lines as sharp as print.
    const photo = (sharp) =>
      page.evaluate(async (sharp) => {
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [900, 1200];
        const context = canvas.getContext('2d');
        const slope = context.createLinearGradient(0, 0, 900, 1200);
        slope.addColorStop(0, '#bbb');
        slope.addColorStop(1, '#777');
        context.fillStyle = slope;
        context.fillRect(0, 0, 900, 1200);
        context.fillStyle = '#000';
        if (sharp) for (let y = 40; y < 1160; y += 12) for (let x = 40; x < 860; x += 9) if ((x * y) % 7) context.fillRect(x, y, 5, 7);
        const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.9));
        return [...new Uint8Array(await blob.arrayBuffer())];
      }, sharp);
    const input = page.locator('input[type="file"]').first();
    await input.setInputFiles(file('mo.jpg', Buffer.from(await photo(false)), 'image/jpeg'));
    await input.setInputFiles(file('ro.jpg', Buffer.from(await photo(true)), 'image/jpeg'));
    await page.locator('li', { hasText: 'mo.jpg' }).getByText('Ảnh có vẻ mờ').waitFor();
    for (const name of ['mo.jpg', 'ro.jpg']) await page.locator('li', { hasText: name }).getByText('Đã nhận đủ').waitFor();
    assert.equal(await page.locator('li', { hasText: 'ro.jpg' }).getByText('Ảnh có vẻ mờ').count(), 0);
    await look(who, 'filing-blurred');
    await press(page, page.getByRole('button', { name: 'Tiếp tục' }));
    await page.goto(`${at}/giay-to`);
    await page.locator('li', { hasText: 'mo.jpg' }).getByText('Ảnh có vẻ mờ').waitFor();
    assert.equal(await page.locator('li', { hasText: 'ro.jpg' }).getByText('Ảnh có vẻ mờ').count(), 0);
    assert.deepEqual(who.faults, []);
    await who.close();
  });
});

describe('a line that comes and goes', () => {
  const kept = (page) => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('nhap:')).length);
  const saved = (page) => page.locator('[data-saved]', { hasText: /Đã lưu nháp lúc \d+:\d\d$/ }).waitFor();
  const cutIsNoFault = (who) => who.faults.splice(0, who.faults.length, ...who.faults.filter((f) => !/ERR_(CONNECTION_RESET|FAILED|INTERNET_DISCONNECTED)/.test(f)));

  test('words sent into a cut line are offered again, and leave this machine when the server holds them', { timeout: 60_000 }, async () => {
    const who = await come();
    const { page } = who;
    const at = await draft(who);
    await page.goto(`${at}/lien-he`);
    await fill(who);
    await saved(page);
    await page.route('**/nop/nhap/**', (route) => (route.request().method() === 'POST' ? route.abort('connectionreset') : route.continue()));
    await page.locator('[name="thu"]').fill('mat-mang@vi-du.vn');
    await page.getByText('Chưa lưu lên máy chủ, còn trên máy này').waitFor();
    // The browser shows its own error page now.
    await page.getByRole('button', { name: 'Tiếp tục' }).click({ noWaitAfter: true });
    await page.waitForTimeout(1_000);
    assert.doesNotMatch(page.url(), /lien-he$|ho-so/);
    await page.unroute('**/nop/nhap/**');
    // Another page of ours comes first: it shows nothing of these words, so they stay.
    await page.goto('/ho-so-cua-toi', { waitUntil: 'networkidle' });
    assert.equal(await kept(page), 1);
    await page.goto(`${at}/lien-he`);
    await page.getByRole('button', { name: 'Lấy lại' }).waitFor();
    assert.notEqual(await page.locator('[name="thu"]').inputValue(), 'mat-mang@vi-du.vn', 'never put in by force');
    cutIsNoFault(who);
    await look(who, 'filing-offered-again');
    await page.getByRole('button', { name: 'Lấy lại' }).click();
    assert.equal(await page.locator('[name="thu"]').inputValue(), 'mat-mang@vi-du.vn');
    await press(page, page.getByRole('button', { name: 'Tiếp tục' }));
    await page.waitForFunction(() => !Object.keys(localStorage).some((key) => key.startsWith('nhap:')));
    await page.goto(`${at}/lien-he`);
    assert.equal(await page.locator('[name="thu"]').inputValue(), 'mat-mang@vi-du.vn');
    assert.equal(await page.getByRole('button', { name: 'Lấy lại' }).count(), 0);
    assert.deepEqual(who.faults, []);
    await who.close();
  });

  test('what is sent without a line goes by itself when it is back', { timeout: 60_000 }, async () => {
    const who = await come();
    const { page } = who;
    const at = await draft(who);
    await page.goto(`${at}/lien-he`);
    await fill(who);
    await saved(page);
    await who.context.setOffline(true);
    await page.locator('[name="thu"]').fill('doi-mang@vi-du.vn');
    await page.getByRole('button', { name: 'Gửi khi có mạng' }).click();
    await page.getByText('Có mạng lại là tự gửi').waitFor();
    assert.match(page.url(), /lien-he$/, 'the page is still there');
    await who.context.setOffline(false);
    await page.waitForURL((url) => url.pathname.startsWith(at) && !url.pathname.endsWith('/lien-he'));
    await page.goto(`${at}/lien-he`);
    assert.equal(await page.locator('[name="thu"]').inputValue(), 'doi-mang@vi-du.vn');
    assert.equal(await kept(page), 0);
    cutIsNoFault(who);
    assert.deepEqual(who.faults, []);
    await who.close();
  });

  test('a tab left open overwrites nothing: what both changed is shown in both texts', { timeout: 60_000 }, async () => {
    const who = await come();
    const { page } = who;
    const at = await draft(who);
    await page.goto(`${at}/lien-he`);
    const old = await who.context.newPage();
    await old.goto(`${at}/lien-he`, { waitUntil: 'networkidle' });
    const sent = [];
    old.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
    await page.locator('[name="dia-chi"]').fill('Số 1 Lê Lợi');
    await saved(page);
    // Offline and online again, untouched: nothing is sent that nobody typed.
    await old.evaluate(() => dispatchEvent(new Event('online')));
    await old.waitForTimeout(500);
    assert.deepEqual(sent, []);
    await old.locator('[name="thu"]').fill('hai@vi-du.vn');
    await saved(old);
    await page.reload();
    assert.equal(await page.locator('[name="dia-chi"]').inputValue(), 'Số 1 Lê Lợi');
    assert.equal(await page.locator('[name="thu"]').inputValue(), 'hai@vi-du.vn');
    await old.locator('[name="dia-chi"]').fill('Số 9 Lê Lợi');
    await old.getByText('Ở nơi kia: Số 1 Lê Lợi').waitFor();
    await old.getByText('Ở đây: Số 9 Lê Lợi').waitFor();
    await look({ ...who, page: old }, 'filing-both-texts');
    await page.reload();
    assert.equal(await page.locator('[name="dia-chi"]').inputValue(), 'Số 1 Lê Lợi', 'until the person chooses');
    await old.getByRole('button', { name: 'Giữ chữ ở đây' }).click();
    await saved(old);
    await page.reload();
    assert.equal(await page.locator('[name="dia-chi"]').inputValue(), 'Số 9 Lê Lợi');
    assert.deepEqual(who.faults, []);
    await who.close();
  });

  test('without JavaScript the page comes again with both texts', { timeout: 60_000 }, async () => {
    const who = await come({ scripts: false });
    const { page } = who;
    const at = await draft(who);
    await page.goto(`${at}/lien-he`);
    const old = await who.context.newPage();
    await old.goto(`${at}/lien-he`);
    await fill(who);
    await page.locator('[name="dia-chi"]').fill('Số 1 Lê Lợi');
    await press(page, page.getByRole('button', { name: 'Tiếp tục' }));
    await old.locator('[name="dia-chi"]').fill('Số 9 Lê Lợi');
    await press(old, old.getByRole('button', { name: 'Tiếp tục' }));
    assert.equal(await old.locator('[name="dia-chi"]').inputValue(), 'Số 1 Lê Lợi');
    await picture({ page: old }, 'filing-plain-both-texts');
    await old.locator('.choice', { hasText: 'Số 9 Lê Lợi' }).locator('input').check();
    await press(old, old.getByRole('button', { name: 'Tiếp tục' }));
    await page.goto(`${at}/lien-he`);
    assert.equal(await page.locator('[name="dia-chi"]').inputValue(), 'Số 9 Lê Lợi');
    await who.close();
  });
});

describe('questions', () => {
  test('an answer opens its questions at once', { timeout: 60_000 }, async () => {
    const who = await come();
    const { page } = who;
    const at = await draft(who);
    await page.goto(`${at}/me`);
    assert.equal(await page.locator('[name="me.ho_ten"]').isVisible(), false);
    await page.locator('[name="me.ghi"][value="co"]').check();
    await page.locator('[name="me.ho_ten"]').fill('Lê Thị Thử Nghiệm');
    await look(who, 'filing-opened');
    await page.locator('[name="me.ghi"][value="trong"]').check();
    assert.equal(await page.locator('[name="me.ho_ten"]').isVisible(), false);
    await page.locator('[name="me.ghi"][value="co"]').check();
    assert.equal(await page.locator('[name="me.ho_ten"]').inputValue(), 'Lê Thị Thử Nghiệm', 'what was typed is still there');
    // Seen and left empty: that is a fault, told as one.
    await press(page, page.getByRole('button', { name: 'Tiếp tục' }));
    assert.match(await page.locator('#tom-tat-loi').innerText(), /ngày sinh của mẹ/);
    assert.deepEqual(who.faults, []);
    await who.close();
  });

  test('without JavaScript they come with the page, without a word of blame', { timeout: 60_000 }, async () => {
    const who = await come({ scripts: false });
    const { page } = who;
    const at = await draft(who);
    await page.goto(`${at}/me`);
    await page.locator('[name="me.ghi"][value="co"]').check();
    await press(page, page.getByRole('button', { name: 'Tiếp tục' }));
    assert.match(page.url(), /\/me\?them=\d+#cau-me-ho_ten$/);
    assert.equal(await page.locator('#tom-tat-loi').count(), 0);
    await page.getByText('mở thêm').waitFor();
    assert.ok(await page.locator('[name="me.ho_ten"]').isVisible());
    await picture(who, 'filing-plain-opened');
    await press(page, page.getByRole('button', { name: 'Tiếp tục' }));
    assert.match(await page.locator('#tom-tat-loi').innerText(), /tên mẹ/);
    await page.locator('[name="me.ho_ten"]').fill('Lê Thị Thử Nghiệm');
    await page.locator('[name="me.ngay_sinh.y"]').fill('1998');
    await press(page, page.getByRole('button', { name: 'Tiếp tục' }));
    assert.match(page.url(), /\/cha$/);
    await who.close();
  });

  test('ethnic groups and nationalities are offered, and others may be typed', { timeout: 60_000 }, async () => {
    const who = await come();
    const { page } = who;
    const at = await draft(who);
    await page.goto(`${at}/tre`);
    const offered = (list) => page.locator(`datalist#${list} option`).evaluateAll((all) => all.map((o) => o.value));
    assert.equal((await offered('ds-dan-toc')).length, 54);
    assert.ok((await offered('ds-quoc-tich')).includes('Hàn Quốc'));
    await fill(who);
    await page.locator('[name="con.dan_toc"]').fill('Pa Cô');
    await page.locator('[name="con.quoc_tich"]').fill('Không quốc tịch');
    await press(page, page.getByRole('button', { name: 'Tiếp tục' }));
    assert.match(page.url(), /\/me$/);
    await page.goto(`${at}/tre`);
    assert.equal(await page.locator('[name="con.dan_toc"]').inputValue(), 'Pa Cô');
    await who.close();
  });
});
