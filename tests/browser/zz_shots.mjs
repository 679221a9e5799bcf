import { serve } from "../../web/serve.mjs";
import { launch, open } from "./browser.mjs";
const server = await serve({ port: 0, root: process.env.DIST, prefix: "/x/" });
const browser = await launch();
const out = "/tmp/limbeck/pics-console";
for (const [name, options] of [["wide-light", {}], ["wide-dark", { theme: "dark" }], ["narrow-light", { width: 390, height: 844, hasTouch: true }], ["narrow-dark", { width: 390, height: 844, theme: "dark", hasTouch: true }]]) {
  const { page, complaints } = await open(browser, `http://127.0.0.1:${server.address().port}/x/`, options);
  await page.evaluate(() => window.limbeck.reset("heroes"));
  await page.waitForTimeout(700);
  if (name.startsWith("narrow")) await page.locator(".tabs button", { hasText: "Console" }).tap();
  await page.screenshot({ path: `${out}/${name}-0.png` });
  const paste = async (text) => { await page.focus("#console-input"); await page.keyboard.insertText(text); await page.waitForTimeout(100); };
  await paste("# Apply all pending migrations\nalembic upgrade head\n\n# Where are we?\nalembic current\nmake db-revision msg=\"x\"\npython seed.py\ncat > n.txt <<END\nhi\nEND");
  await page.screenshot({ path: `${out}/${name}-1.png` });
  await page.keyboard.press("Enter");
  await page.waitForTimeout(1200);
  await page.screenshot({ path: `${out}/${name}-2.png` });
  await paste("al"); await page.keyboard.press("Tab"); await paste("downgrade "); await page.keyboard.press("Tab");
  await page.waitForTimeout(300);
  await page.screenshot({ path: `${out}/${name}-3.png` });
  await page.fill("#console-input", "help"); await page.keyboard.press("Enter"); await page.waitForTimeout(400);
  await page.screenshot({ path: `${out}/${name}-4.png` });
  await page.fill("#console-input", "sqlite3 -box heroes.db 'select * from team'; export DATABASE_URL=postgresql://u@h/d"); await page.keyboard.press("Enter"); await page.waitForTimeout(400);
  await page.evaluate(() => window.limbeck.files.write("migrations/versions/zz_bad.py", `"""bad\n"""\nfrom alembic import op\nimport sqlalchemy as sa\nrevision="zz"\ndown_revision="c7730d1e95ab"\ndef upgrade():\n    op.create_table("half", sa.Column("id", sa.Integer()))\n    op.execute("INSERT INTO nowhere VALUES (1)")\ndef downgrade():\n    pass\n`));
  await page.fill("#console-input", "rm migrations/versions/*_x.py; alembic upgrade head"); await page.keyboard.press("Enter"); await page.waitForTimeout(900);
  await page.screenshot({ path: `${out}/${name}-5.png` });
  if (name.startsWith("narrow")) for (const tab of ["Models", "Migrations", "Database"]) { await page.locator(".tabs button", { hasText: tab }).tap(); await page.waitForTimeout(300); await page.screenshot({ path: `${out}/${name}-${tab}.png` }); }
  else { await page.keyboard.press("Control+b"); await page.waitForTimeout(300); await page.screenshot({ path: `${out}/${name}-6.png` }); }
  if (complaints.length) console.log(name, complaints);
}
await browser.close(); server.close();
