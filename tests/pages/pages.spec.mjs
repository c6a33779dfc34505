// The phone pages in a real Chromium, at the size of a phone, with scripts switched off: a member of staff opens his
// ticket, takes it and finishes it; a group's link asks who he is; an owner answers his survey.
// HUIYIN_PAGES_SERVER names the server (tests/pages/pages_server.cpp); HUIYIN_SCREENSHOTS a folder for pictures.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';

const require = createRequire(new URL('../../pages/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, javaScriptEnabled: false, locale: 'zh-CN' };

let server, lines, links, browser;
const nextLine = async () => (await lines.next()).value;

before(async () => {
  server = spawn(process.env.HUIYIN_PAGES_SERVER, { stdio: ['pipe', 'pipe', 'inherit'] });
  lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  links = JSON.parse(await nextLine());
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
});

after(async () => {
  await browser?.close();
  server?.stdin.end();
});

/** A page that fails the test where the browser refuses something that it asks for (the content security policy), and lets it say so. */
async function open(url, options = {}) {
  const context = await browser.newContext({ ...phone, ...options });
  const page = await context.newPage();
  page.problems = [];
  page.on('console', message => { if (['error', 'warning'].includes(message.type()) && !/favicon/.test(message.location().url ?? '')) page.problems.push(message.text()); });
  page.answer = await page.goto(url);
  return page;
}

async function picture(page, name) {
  if (process.env.HUIYIN_SCREENSHOTS) await page.screenshot({ path: `${process.env.HUIYIN_SCREENSHOTS}/${name}.png`, fullPage: true });
}

const fitsPhone = async page => {
  // Scripts are off for the page; the browser itself still measures.
  const box = await page.locator('main').boundingBox();
  assert.ok(box.width <= 390, `the page is ${box.width} wide`);
  for (const button of await page.locator('button:visible').all()) {
    const { height } = await button.boundingBox();
    assert.ok(height >= 44, `a button of ${height} pixels is too small for a thumb`);
  }
};

test('a ticket is taken and finished', async () => {
  const page = await open(links.ticket);
  assert.equal(page.answer.status(), 200);
  await page.getByText('HY1024-4').first().waitFor();
  await fitsPhone(page);
  assert.equal(await page.locator('b').count(), 0, 'what an owner wrote is no HTML');
  assert.match(await page.locator('main').innerText(), /厨房水管漏水，水已经流到客厅了 <b onclick=alert\(1\)>快<\/b>/);
  await picture(page, 'ticket-new');
  await page.getByRole('button', { name: '接单' }).tap();
  await page.getByText('HY1024-4 办好了').waitFor();
  assert.match(await page.locator('main').innerText(), /已接单/);
  await page.locator('summary', { hasText: '完成' }).tap();
  await page.locator('details[open] textarea').fill('换了角阀，试水不漏');
  await page.locator('details[open]').getByLabel('电话').check();
  await fitsPhone(page);
  await picture(page, 'ticket-finish');
  await page.locator('details[open]').getByRole('button', { name: '完成' }).tap();
  await page.getByText('HY1024-4 办好了').waitFor();
  assert.deepEqual(page.problems, []);
});

test('a result without words is not sent', async () => {
  const page = await open(links.ticket);
  await page.locator('summary', { hasText: '完成' }).tap();
  await page.locator('details[open]').getByRole('button', { name: '完成' }).tap();
  assert.equal(await page.locator('details[open] textarea:invalid').count(), 1);
});

test('a link that is none tells nothing', async () => {
  const page = await open(links.gone);
  assert.equal(page.answer.status(), 404);
  const text = await page.locator('main').innerText();
  assert.match(text, /这个链接打不开/);
  assert.doesNotMatch(text, /HY1024/);
  await picture(page, 'gone');
});

test('a group\'s link asks who opens it', async () => {
  const page = await open(links.group);
  await page.getByPlaceholder('企业微信账号或手机号').fill('zhangsan');
  await picture(page, 'sign-in');
  await page.getByRole('button', { name: '发验证码' }).tap();
  await page.getByPlaceholder('六位验证码').waitFor();
  server.stdin.write('code\n');
  const code = await nextLine();
  assert.match(code, /^[0-9]{6}$/);
  await page.getByPlaceholder('六位验证码').fill(code === '000000' ? '000001' : '000000');
  await page.getByRole('button', { name: '进入' }).tap();
  await page.getByText('验证码不对').waitFor();
  await page.getByPlaceholder('六位验证码').fill(code);
  await page.getByRole('button', { name: '进入' }).tap();
  await page.getByText('HY1024-4').first().waitFor();
  const [cookie] = await page.context().cookies();
  assert.equal(cookie.httpOnly && cookie.secure && cookie.sameSite, 'Lax');
});

test('a survey is answered by its button alone', async () => {
  const page = await open(`${links.survey}?score=4`);
  assert.ok(await page.getByLabel('满意', { exact: true }).isChecked());
  await page.getByPlaceholder('还有什么想说的').fill('师傅很好');
  await fitsPhone(page);
  await picture(page, 'survey');
  await page.getByRole('button', { name: '提交' }).tap();
  await page.getByText('谢谢您的评价').waitFor();
  assert.equal(await page.locator('form').count(), 0);
  assert.deepEqual(page.problems, []);
});
