// The walk as people do it, by what they see: labels and words on buttons. Answers come from the demo's own script.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoPassword, root } from './kit.mjs';

const script = readFileSync(join(root, 'apps/motcua/src/demo/walk.toml'), 'utf8');
export const answers = Object.fromEntries([...script.matchAll(/^"(.+?)" = "(.*)"$/gm)].map(([, name, value]) => [name, value]));
const commune = script.match(/^commune = "(.+)"/m)[1];
export const procedure = script.match(/^procedure = "(.+)"/m)[1];
export const citizen = script.match(/^citizen = "(.+)"/m)[1];
export const citizenPassword = readFileSync(join(root, 'data/demo/citizens.toml'), 'utf8').match(/^password = "(.+)"/m)[1];

const paper = Buffer.from(`%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length 62>>stream
BT /F1 18 Tf 60 500 Td (Giay to mau cua ban trinh dien) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>endobj
trailer<</Root 1 0 R>>
%%EOF
`);

/** Presses a button and waits for the page it leads to. */
export async function press(page, button) {
  await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), button.click()]);
}

/** Signs in and comes out at `next`. */
export async function signIn({ page }, door, login, password, next) {
  await page.goto(`${door}?next=${next}`);
  await page.locator('[name="ten"]').fill(login);
  await page.locator('[name="mat-khau"]').fill(password);
  await press(page, page.getByRole('button', { name: 'Đăng nhập' }).first());
  await page.waitForURL((url) => url.pathname === next);
}

export const citizenIn = (who, next = '/ho-so-cua-toi', login = citizen) => signIn(who, '/dang-nhap', login, citizenPassword, next);
export const officerIn = (who, login, next = '/can-bo') => signIn(who, '/can-bo/dang-nhap', login, demoPassword, next);

/** Fills what the page asks from the script; answers how many fields it found. */
export async function fill({ page }) {
  // Questions that an answer opens come after it: one more round while something new appears.
  const done = new Set();
  for (let round = 0; round < 3; round += 1) {
    for (const field of await page.locator('main [name]:visible').all()) {
      const [name, tag, type, value] = await field.evaluate((f) => [f.name, f.tagName, f.type, f.value]);
      if (done.has(name) || type === 'hidden' || type === 'file') continue;
      if (tag === 'SELECT') {
        const wanted = await field.locator('option').evaluateAll(
          (all, [asked, place]) => all.find((o) => o.value === asked || o.textContent.trim().endsWith(place))?.value,
          [answers[name] ?? '\u0000', commune],
        );
        if (wanted === undefined) continue;
        await field.selectOption(wanted);
      } else if (answers[name] === undefined || tag === 'BUTTON') {
        continue;
      } else if (type === 'radio' || type === 'checkbox') {
        if (value !== answers[name]) continue;
        await field.check();
      } else {
        await field.fill(answers[name]);
      }
      done.add(name);
    }
  }
  for (const field of await page.locator('main input[type="file"]').all()) {
    const name = await field.getAttribute('name');
    await field.setInputFiles({ name: `${name.replace('tep.', '')}.pdf`, mimeType: 'application/pdf', buffer: paper });
  }
}

/** From one's own words to the filing code. `see` is called on every page before it is sent. */
export async function file(who, see = async () => {}) {
  const { page } = who;
  await page.goto('/');
  await page.locator('main input[name="q"]').first().fill('dang ky khai sinh');
  await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.locator('main input[name="q"]').first().press('Enter')]);
  await see(who, 'search-found');
  await press(page, page.locator(`main a[href^="/thu-tuc/${procedure}"]:visible`).first());
  await see(who, 'procedure');
  await press(page, page.locator(`main a[href^="/nop/${procedure}"]:visible`).first());
  await see(who, 'filing-start');
  await press(page, page.getByRole('button', { name: 'Bắt đầu' }));
  for (let step = 0; step < 40; step += 1) {
    const name = new URL(page.url()).pathname.split('/').at(-1);
    if (name === 'xem-lai') break;
    await fill(who);
    await see(who, `filing-${name}`);
    await press(page, page.getByRole('button', { name: 'Tiếp tục' }));
  }
  await see(who, 'filing-xem-lai');
  await press(page, page.getByRole('button', { name: 'Nộp hồ sơ' }));
  await page.waitForURL(/\/tra-cuu\//);
  const code = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1));
  assert.match(code, /^N-[0-9A-Z]{4}-[0-9A-Z]{4}$/, 'a filing code with its check character');
  assert.ok(await page.locator('.answer svg').first().isVisible(), 'the QR code of the page');
  await see(who, 'track-filed');
  return code;
}

/** Opens a dossier from the inbox by its code. */
export async function open({ page }, code) {
  await page.goto(`/can-bo?q=${encodeURIComponent(code)}`);
  const link = page.locator('a[href^="/can-bo/ho-so/"]').first();
  assert.ok(await link.count(), `${code} is in the inbox`);
  await page.goto((await link.getAttribute('href')).split('?')[0]);
}

/** The desk finds every paper in order, then accepts. */
export async function accept(who, see = async () => {}) {
  const { page } = who;
  await see(who, 'dossier-filed');
  const papers = await page.locator('form[action$="/giay-to"]').count();
  for (let i = 0; i < papers; i += 1) {
    await press(page, page.locator('form[action$="/giay-to"]').nth(i).locator('button[value="good"]'));
  }
  await act(who, 'Tiếp nhận, gửi giấy hẹn');
  await see(who, 'dossier-accepted');
}

/** Presses a button of "next acts"; some ask one more thing first. */
export async function act(who, name, more = async () => {}, see = async () => {}) {
  const { page } = who;
  const acts = page.locator('.acts');
  const link = acts.getByRole('link', { name });
  if (await link.count()) {
    await press(page, link.first());
    await more(page);
    await see(who);
    await press(page, page.locator('.asking button.btn-primary'));
  } else {
    await press(page, acts.getByRole('button', { name }).first());
  }
}
