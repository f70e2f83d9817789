// Every address that is read, from the house's own registry, and how the right person comes to it. The list is kept by a test of the house
// (apps/motcua/tests/doors.rs); an address without an entry here fails the tests in pages.test.mjs.
import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoPassword, person, root } from './kit.mjs';
import { citizen, citizenIn, citizenPassword, officerIn, press } from './walk.mjs';

const kept = readFileSync(join(root, 'apps/motcua/tests/snapshots/house__doors__addresses.snap'), 'utf8');

/** Every address that is read: `{ path, door }`. */
export const addresses = kept
  .slice(kept.indexOf('\n---\n') + 5)
  .trim()
  .split('\n')
  .map((line) => ({ path: line.split(' ')[0], door: line.split(' ')[1] }));

/** Answered with something else than a page: papers, templates, styles, a redirect, a sign of life. */
export const noPages = [
  '/.well-known/security.txt', '/api/openapi.json', '/can-bo/con-day', '/con-day', '/giao-dien', '/health', '/metrics', '/t/{file}',
  '/can-bo/ho-so/{id}/mau-01.pdf', '/can-bo/ho-so/{id}/mau-02.pdf', '/can-bo/ho-so/{id}/phieu-nho.pdf', '/can-bo/ho-so/{id}/tep/{file}',
  '/tra-cuu/{code}/bo-sung.pdf', '/tra-cuu/{code}/giay-hen.pdf', '/tra-cuu/{code}/tep/{file}',
  // a provider of identities takes over, or the browser is back from one
  '/dang-nhap/qua/{provider}', '/dang-nhap/qua/{provider}/tra-loi', '/dang-nhap/qua/{provider}/thoat', '/dang-nhap/qua/{provider}/da-thoat',
  '/can-bo/dang-nhap/qua/{provider}', '/can-bo/dang-nhap/qua/{provider}/tra-loi', '/can-bo/dang-nhap/qua/{provider}/thoat', '/can-bo/dang-nhap/qua/{provider}/da-thoat',
  '/quan-tri/don-vi/tai/{kind}', '/quan-tri/he-thong/sao-luu/{name}', '/quan-tri/thu-tuc/mau/{file}', '/quan-tri/thu-tuc/nhap/{id}/loi.csv',
  '/kiem-tra/bang-ke/{number}/{part}', '/kiem-tra/ho-so/{id}/tron-bo.zip',
];

// Who opens what. Pages with a blank are reached the way people reach them.
const link = (from, selector) => async ({ page }) => {
  await page.goto(from);
  return (await page.locator(selector).first().getAttribute('href')).split('?')[0];
};
const unit = link('/quan-tri/don-vi', 'main a[href^="/quan-tri/don-vi/"]:not([href*="/tai/"]):not([href$="/nhap"]):not([href$="/them"])');
const dossier = link('/can-bo?hang=tat-ca', 'main a[href^="/can-bo/ho-so/"]');

/** A path → who opens it and where; `at` may look for its address first. Without `who` anyone may. */
export const openers = {
  '/': {},
  '/tim': { at: '/tim?q=dang%20ky%20khai%20sinh' },
  '/thu-tuc': {},
  '/thu-tuc/{code}': { at: '/thu-tuc/1.001193' },
  '/viec/{event}': { at: '/viec/co-con' },
  '/tra-cuu': {},
  '/tra-cuu/{code}': { who: citizen, at: link('/ho-so-cua-toi', 'main a[href^="/tra-cuu/"]') },
  '/dang-nhap': {},
  '/dang-ky': {},
  '/can-bo/dang-nhap': {},
  '/can-bo/dang-nhap/ma': { at: askedForCode },
  '/can-bo/tro-giup': {},
  '/kha-nang-tiep-can': {},
  '/du-lieu-cua-ban': {},
  '/api': {},
  '/ui': {},
  '/ui/can-bo': {},
  '/ui/loi/{code}': { at: '/ui/loi/404', status: 404 },
  '/tai-khoan': { who: citizen },
  '/tai-khoan/luot-xem': { who: citizen },
  '/tai-khoan/luot-xem/{id}': { who: citizen, at: link('/tai-khoan/luot-xem', 'main a[href^="/tai-khoan/luot-xem/"]') },
  '/tai-khoan/thu-bao': { who: citizen },
  '/ho-so-cua-toi': { who: citizen },
  '/nop/{code}': { who: citizen, at: '/nop/1.001193' },
  '/nop/nhap/{id}/{page}': { who: citizen, at: draft },
  '/giu/{id}': { who: citizen, at: citizenKept },
  '/can-bo': { who: 'quay1.anxuyen' },
  '/can-bo/ho-so/{id}': { who: 'quay1.anxuyen', at: dossier },
  '/can-bo/tai-quay': { who: 'quay1.baclieu' },
  '/can-bo/tai-quay/{id}': { who: 'quay1.baclieu', at: reception },
  '/can-bo/tai-quay/{id}/xong': { who: 'quay2.baclieu', at: (...all) => received(...all) },
  '/can-bo/duyet': { who: 'chutich.anxuyen' },
  '/can-bo/doi-ca': { who: 'quay1.anxuyen', at: twoHere },
  '/can-bo/giu/{id}': { who: 'quantri', at: officerKept },
  '/can-bo/toi': { who: 'quay1.anxuyen' },
  '/can-bo/toi/mat-khau': { who: 'quay1.anxuyen' },
  '/can-bo/toi/pin': { who: 'quay1.anxuyen' },
  '/can-bo/toi/ma-hai-lop': { who: 'quay1.anxuyen' },
  '/can-bo/toi/ma-hai-lop/doi': { who: 'phochutich.anxuyen', at: secondOn },
  '/quan-tri': { who: 'quantri' },
  '/quan-tri/dang-nhap': { who: 'quantri' },
  '/quan-tri/danh-tinh': { who: 'quantri' },
  '/quan-tri/danh-tinh/{key}': { who: 'quantri', at: '/quan-tri/danh-tinh/vneid' },
  '/quan-tri/don-vi': { who: 'quantri' },
  '/quan-tri/don-vi/nhap': { who: 'quantri' },
  '/quan-tri/don-vi/{id}': { who: 'quantri', at: unit },
  '/quan-tri/don-vi/{id}/them': { who: 'quantri', at: async (who) => `${await unit(who)}/them` },
  '/quan-tri/he-thong': { who: 'quantri' },
  '/quan-tri/lich': { who: 'quantri' },
  '/quan-tri/lich/{year}': { who: 'quantri', at: '/quan-tri/lich/2027' },
  '/quan-tri/nguoi': { who: 'quantri' },
  '/quan-tri/nguoi/them': { who: 'quantri' },
  '/quan-tri/nguoi/{id}': { who: 'quantri', at: link('/quan-tri/nguoi', 'main td a[href^="/quan-tri/nguoi/"], main th a[href^="/quan-tri/nguoi/"]') },
  '/quan-tri/nguoi/{id}/danh-tinh': { who: 'quantri', at: async (who) => `${await link('/quan-tri/nguoi', 'main td a[href^="/quan-tri/nguoi/"], main th a[href^="/quan-tri/nguoi/"]')(who)}/danh-tinh` },
  '/quan-tri/thu-tuc': { who: 'bientap' },
  '/quan-tri/thu-tuc/{code}': { who: 'bientap', at: '/quan-tri/thu-tuc/1.001193' },
  '/quan-tri/thu-tuc/nhap': { who: 'bientap' },
  '/quan-tri/thu-tuc/nhap/{id}': { who: 'bientap', at: imported },
  '/kiem-tra': { who: 'thanhtra' },
  '/kiem-tra/bang-ke/{number}': { who: 'quantri', at: billed },
  '/kiem-tra/canh-bao': { who: 'thanhtra' },
  '/kiem-tra/ho-so': { who: 'thanhtra' },
  '/kiem-tra/ho-so/{id}': { who: 'thanhtra', at: audited },
  '/kiem-tra/khieu-nai': { who: 'thanhtra', at: async (...all) => (await complained(...all), '/kiem-tra/khieu-nai') },
  '/kiem-tra/khieu-nai/{id}': { who: 'thanhtra', at: async (...all) => (await complained(...all), link('/kiem-tra/khieu-nai', 'main a[href^="/kiem-tra/khieu-nai/"]')(all[0])) },
  '/kiem-tra/luot-xem': { who: 'thanhtra', at: '/kiem-tra/luot-xem?ly-do=Thanh%20tra' },
  '/kiem-tra/mau': { who: 'thanhtra' },
  '/kiem-tra/mau/{id}': { who: 'thanhtra', at: sampled },
  '/kiem-tra/tu-kiem': { who: 'thanhtra' },
  '/kiem-tra/xac-minh': { who: 'thanhtra', at: verified },
  '/quan-tri/tin-nhan': { who: 'quantri' },
  '/quan-tri/tin-nhan/mau': { who: 'quantri' },
  '/quan-tri/tin-nhan/mau/{code}': { who: 'quantri', at: link('/quan-tri/tin-nhan/mau', 'main a[href^="/quan-tri/tin-nhan/mau/"]') },
};

/** Opens a page as the right person; answers the person and what the server said. */
export async function openPage(browser, server, { path }, options = {}) {
  const { who: login, at } = openers[path];
  const who = await person(browser, server, options);
  if (login === citizen) await citizenIn(who);
  else if (login) await officerIn(who, login, '/can-bo/toi');
  const address = typeof at === 'function' ? await at(who, browser, server) : (at ?? path);
  return { who, address, answer: address ? await who.page.goto(address) : null };
}

async function draft(who) {
  await who.page.goto('/nop/1.001193');
  await press(who.page, who.page.locator('main form button.btn-primary').first());
  return new URL(who.page.url()).pathname;
}

/** A session that ends in the middle of a form: what was typed waits behind the next sign-in. */
async function interrupted(who, account, type, signInAgain) {
  const { page, context } = who;
  await type(page);
  const cookies = await context.cookies();
  const other = await context.newPage();
  await other.goto(account);
  await press(other, other.locator('form[action$="/dang-xuat"] button'));
  await other.close();
  await context.addCookies(cookies); // the tab with the form still believes it is signed in
  await press(page, page.locator('main form button.btn-primary').first());
  await signInAgain(page);
  await page.waitForURL(/\/giu\//);
  return null;
}

async function fillSignIn(page, login, password) {
  await page.locator('[name="ten"]').fill(login);
  await page.locator('[name="mat-khau"]').fill(password);
  await press(page, page.getByRole('button', { name: 'Đăng nhập' }).first());
}

async function citizenKept(who) {
  await draft(who);
  return interrupted(who, '/tai-khoan', (page) => page.locator('[name="ho-ten"]').fill("H'Blim Niê"), (page) => fillSignIn(page, citizen, citizenPassword));
}

async function officerKept(who) {
  await who.page.goto('/quan-tri/nguoi/them');
  return interrupted(who, '/can-bo/toi', (page) => page.locator('main form input[type="text"], main form input:not([type])').first().fill("K'Brôih"), (page) => fillSignIn(page, 'quantri', demoPassword));
}

/** Two officers at one machine. */
async function twoHere(who) {
  await officerIn(who, 'quay2.anxuyen', '/can-bo/toi');
  return '/can-bo/doi-ca';
}

/** The six figures an authenticator shows (RFC 6238). */
function oneTime(secret, at = Date.now()) {
  const bits = [...secret.replaceAll(/[\s=]/g, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac('sha1', key).update(step).digest();
  const from = hash[19] & 15;
  return String((hash.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Switches the second factor on; the page with the recovery codes is open afterwards. */
async function secondOn({ page }) {
  await page.goto('/can-bo/toi/ma-hai-lop');
  if (page.url().endsWith('/doi')) return '/can-bo/toi/ma-hai-lop/doi';
  await page.locator('[name="otp"]').fill(oneTime(await page.locator('main aside .mono').innerText()));
  await press(page, page.locator('main form button.btn-primary').first());
  return '/can-bo/toi/ma-hai-lop/doi';
}

/** Signs in with the password and stands before the question for the second factor. */
async function askedForCode(who) {
  await officerIn(who, 'vanthu.datmui', '/can-bo/toi');
  await secondOn(who);
  await who.context.clearCookies();
  await who.page.goto('/can-bo/dang-nhap');
  await fillSignIn(who.page, 'vanthu.datmui', demoPassword);
  return null;
}

/** A citizen complains about the oldest look: the newest may be the auditor's, who must not see a complaint about it. */
async function complained(_who, browser, server) {
  const other = await person(browser, server);
  await citizenIn(other, '/tai-khoan/luot-xem');
  const open = other.page.locator('main a[href^="/tai-khoan/luot-xem/"]').last();
  if (!(await other.page.locator('main h2[id^="k-"]').count())) {
    await other.page.goto(await open.getAttribute('href'));
    await other.page.locator('[name="noi-dung"]').fill('Tôi không nộp hồ sơ nào vào ngày này.');
    await press(other.page, other.page.locator('main form button.btn-primary').first());
  }
  await other.context.close();
}

/** Draws a sample. */
async function sampled({ page }) {
  await page.goto('/kiem-tra/mau');
  await page.locator('[name="tu"]').fill('01/01/2020');
  await page.locator('[name="hat-giong"]').fill('6 từ 45');
  await press(page, page.locator('main form button.btn-primary').first());
  return new URL(page.url()).pathname;
}

/** Opens a dossier of the sample with a reason, as it was today. */
async function audited(who) {
  await sampled(who);
  const one = await who.page.locator('main a[href^="/kiem-tra/ho-so/"]').first().getAttribute('href');
  return `${one}?ly-do=Thanh%20tra&ngay=31%2F12%2F2099`;
}

/** Has a bill written. */
async function billed({ page }) {
  await page.goto('/kiem-tra');
  await press(page, page.getByRole('button', { name: 'Lập bảng kê ngay' }));
  return new URL(page.url()).pathname;
}

/** Has everything verified, and waits for the verdict. */
async function verified({ page }) {
  await page.goto('/kiem-tra/xac-minh');
  await press(page, page.getByRole('button', { name: 'Xác minh lại từ đầu' }));
  for (let n = 0; n < 50 && (await page.getByText('Đang xác minh').count()); n += 1) await page.reload();
  return '/kiem-tra/xac-minh';
}

async function imported({ page }) {
  await page.goto('/quan-tri/thu-tuc/nhap');
  await page.locator('#tep').setInputFiles({ name: 'thu.jsonl', mimeType: 'application/x-ndjson', buffer: Buffer.from('{"sai": 1}\n') });
  await press(page, page.locator('main form button.btn-primary').first());
  return new URL(page.url()).pathname;
}

/** A reception through the API: `received` also receives it. */
async function reception(who, _browser, server, login = 'quay1.baclieu', and = null) {
  const call = async (method, path, body, token) => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${server.base}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
    const said = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${said}`);
    return said ? JSON.parse(said) : null;
  };
  const { token } = await call('POST', '/sign-in', { realm: 'officer', login, password: demoPassword });
  const id = randomUUID();
  const card = '099090000001|000000000|Nguyễn Văn Mẫu|01011990|Nam|Ấp Mẫu, Xã Đất Mũi, tỉnh Cà Mau|02012022';
  const typed = { card, procedure: '2.000815', ticket: 'B007' };
  const opened = await call('PUT', `/receptions/${id}`, typed, token);
  if (!and) return `/can-bo/tai-quay/${id}`;
  const papers = opened.papers.filter((p) => p.required).map((p) => p.id);
  await call('PUT', `/receptions/${id}`, { ...typed, papers, result_channel: 'desk', fee: 10000, fee_taken: true }, token);
  await call('POST', `/receptions/${id}/receive`, undefined, token);
  return `/can-bo/tai-quay/${id}/xong`;
}

const received = (who, browser, server) => reception(who, browser, server, 'quay2.baclieu', 'received');
