// The catalogue as citizens and its editors meet it: search and narrow, "which case is yours", where to go; settle, list, import; with scripts and without.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { look, openBrowser, person, serve } from './kit.mjs';
import { officerIn, press } from './walk.mjs';

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

const both = [['with scripts', true], ['without scripts', false]];
const records = (n, extra = '') =>
  Buffer.from(
    Array.from({ length: n }, (_, i) =>
      JSON.stringify({
        code: `7.${String(i).padStart(6, '0')}`, name: `Thủ tục thử số ${i}`, field: 'Thử', agency_level: ['Cấp xã'], competent_agency: 'UBND cấp xã',
        methods: [{ method: 'Trực tiếp', time_value: 3, time_unit: i === 0 ? null : 'Ngày làm việc', fees: [], note: '' }],
        documents: [{ case: '', name: 'Tờ khai', originals: 1, copies: 0 }], steps: ['Giải quyết trong thời hạn 3 ngày làm việc'], results: [{ name: 'Giấy', code: '' }],
      })).join('\n') + '\n' + extra,
  );

describe('citizens', () => {
  for (const [how, scripts] of both) {
    test(`find, narrow, and see what holds for their own case, ${how}`, { timeout: 90_000 }, async () => {
      const who = await person(browser, server, { scripts });
      const { page } = who;
      await page.goto('/');
      await page.getByRole('searchbox').fill('giay phep xay dung');
      await press(page, page.getByRole('button', { name: 'Tìm thủ tục' }));
      const all = await page.locator('.results > li').count();
      assert.ok(all > 1);
      await page.getByLabel(/^Nộp trực tuyến được ngay ở đây/).check();
      await press(page, page.getByRole('button', { name: 'Áp dụng' }));
      assert.match(page.url(), /o_day=true/);
      if (scripts) await look(who, 'catalogue-search-narrowed');
      await page.goto('/thu-tuc/1.013225');
      const papers = await page.locator('.papers > li').count();
      await page.getByLabel('Nộp trực tuyến').check();
      await page.getByLabel('Nhà ở riêng lẻ').first().check();
      await press(page, page.getByRole('button', { name: 'Xem thời hạn, phí, giấy tờ' }));
      assert.ok((await page.locator('.papers > li').count()) < papers, 'only the papers of this case');
      assert.match(await page.locator('.yours').innerText(), /Nộp trực tuyến · Nhà ở riêng lẻ/);
      await page.getByLabel('Xã, phường').selectOption({ index: 1 });
      await press(page, page.getByRole('button', { name: 'Xem', exact: true }));
      assert.match(page.url(), /cach=truc-tuyen.*th=nha-o.*xa=/, 'the case stays while a centre is looked for');
      assert.equal(await page.locator('.near-now h3').count(), 1);
      if (scripts) await look(who, 'catalogue-your-case');
      await who.close();
    });
  }

  test('see every public page in both sizes, in both languages', { timeout: 120_000 }, async () => {
    for (const lang of ['', 'en']) {
      const who = await person(browser, server);
      for (const [name, path] of [['home', '/?xa='], ['fields', '/thu-tuc'], ['event', '/viec/co-con'], ['birth', '/thu-tuc/1.001193'], ['results', '/tim?q=khai+sinh'], ['elsewhere', '/thu-tuc/1.004194']]) {
        await who.page.goto(lang ? `${path}${path.includes('?') ? '&' : '?'}lang=${lang}` : path);
        assert.equal(await who.page.locator('html').getAttribute('lang'), lang || 'vi');
        await look(who, `catalogue-${name}${lang && '-en'}`);
      }
      await who.close();
    }
  });
});

describe('editors', () => {
  for (const [how, scripts] of both) {
    test(`import a file, read its report, settle its open term and put it on the list, ${how}`, { timeout: 120_000 }, async () => {
      const who = await person(browser, server, { scripts });
      const { page } = who;
      await officerIn(who, 'bientap', '/quan-tri/thu-tuc/nhap');
      if (scripts) await look(who, 'catalogue-import');
      await page.getByLabel('Tệp JSONL, CSV hoặc XLSX').setInputFiles({ name: 'thu.jsonl', mimeType: 'application/x-ndjson', buffer: records(1_200, '{"code":"khong"}\n') });
      await press(page, page.getByRole('button', { name: 'Nhập tệp' }));
      await page.getByText('Đã nhập, trừ những dòng chưa đọc được').waitFor({ timeout: 60_000 });
      assert.match(await page.locator('main').innerText(), /mã thủ tục “khong” không đúng dạng/);
      if (scripts) await look(who, 'catalogue-report');
      await page.goto('/quan-tri/thu-tuc?q=7.000000');
      if (scripts) await look(who, 'catalogue-list');
      await press(page, page.getByRole('link', { name: 'Thử số 0' }));
      if (await page.getByText('Chưa tiếp nhận được').count()) {
        await press(page, page.getByRole('link', { name: /^Điền vào mẫu/ }).first());
        assert.equal(await page.getByLabel('Số', { exact: true }).inputValue(), '3', 'what the text of the record says');
        await press(page, page.getByRole('button', { name: 'Chốt thời hạn' }));
        assert.match(await page.title(), /^Lỗi:/, 'a term is not settled without its basis');
        if (scripts) await look(who, 'catalogue-settle');
        await page.getByLabel('Căn cứ').fill('Điều 1 Quyết định thử 01/QĐ-UBND');
        await press(page, page.getByRole('button', { name: 'Chốt thời hạn' }));
        assert.match(await page.locator('main').innerText(), /chốt ngày/);
      }
      if (!(await page.getByText('Đổi nơi nhận').count())) {
        await page.getByText('Đưa vào danh mục', { exact: true }).click();
        await page.getByLabel('Số quyết định của Chủ tịch UBND tỉnh').first().fill('02/QĐ-UBND');
        await press(page, page.getByRole('button', { name: 'Ghi vào danh mục' }));
      }
      if (scripts) await look(who, 'catalogue-one');
      await page.goto('/thu-tuc/7.000000');
      assert.equal(await page.getByRole('heading', { name: 'Mang giấy tờ đến trung tâm' }).count(), 1, 'it is received at centres now');
      await who.close();
    });
  }
});
