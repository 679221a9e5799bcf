// Reviewing a revision: what is found, what mends it, and whether the way back is one.
import assert from "node:assert/strict";
import { command, pending, query, read, succeeds, until } from "./steps.mjs";

/** Waits until the review shown is of the script as it is. */
const reviewed = (page) => page.waitForFunction(() => document.querySelector("#review-panel")?.getAttribute("aria-busy") === "false" && document.querySelector(".verdict"), null, { timeout: 30_000 });

const shown = (page) => page.evaluate(() => document.querySelector("#migrations .editor").dataset.path);

export default {
  "a rename written as drop and add is found and mended": async (fresh) => {
    const { page } = await fresh();
    await pending(page, /database matches the models/);
    const models = await read(page, "models.py");
    await page.evaluate((text) => window.limbeck.files.write("models.py", text), models.replace("born: Mapped", "birth_year: Mapped"));
    await pending(page, /author\.birth_year/);
    await succeeds(page, "alembic revision --autogenerate -m 'birth year'");

    // Its tab counts what was found by itself.
    await page.waitForFunction(() => /1 warning/.test(document.querySelector("#tab-review").textContent));
    assert.equal(await page.getAttribute("#tab-script", "aria-selected"), "true");

    // By keyboard to the review: the reason, the rows, the verdict.
    await page.focus("#tab-script");
    await page.keyboard.press("ArrowRight");
    await reviewed(page);
    const finding = page.locator('.finding[data-code="looks-like-rename"]');
    assert.match(await finding.innerText(), /author\.born is dropped and author\.birth_year is added, which looks like a rename/);
    const born = await query(page, "SELECT id, born FROM author WHERE born IS NOT NULL");
    assert.equal(await finding.locator("tbody tr").count(), born.length);
    assert.match(await finding.locator("tbody").innerText(), new RegExp(`${born[0][1]}`));
    assert.match(await page.innerText(".verdict"), /Loses data: upgrade, downgrade, upgrade on a copy with your \d+ rows loses \d+ values of author\.born/);

    // Its line opens in the script.
    const path = await shown(page);
    const before = await read(page, path);
    await finding.locator("button.link").click();
    await page.waitForSelector("#migrations .editor:visible");
    assert.match(await page.locator("#migrations .cm-activeLine").innerText(), /born/);
    await page.click("#tab-review");
    await reviewed(page);

    // What mends it is written into the script, and reviewed again.
    await finding.locator("button.apply").click();
    await page.waitForFunction(() => !document.querySelector('.finding[data-code="looks-like-rename"]'));
    await reviewed(page);
    assert.match(await page.innerText(".verdict"), /Lossless: upgrade, downgrade, upgrade on a copy with your \d+ rows gave the same schema and rows/);
    assert.match(await read(page, path), /op\.alter_column\('author', 'born', new_column_name='birth_year'/);

    // It can be undone in the editor, and what is true then is told.
    await page.click("#tab-script");
    await page.locator("#migrations .cm-content").click();
    await page.keyboard.press("Control+z");
    await page.waitForFunction(() => /1 warning/.test(document.querySelector("#tab-review").textContent));
    assert.equal(await read(page, path), before);

    // Nothing of it touched the database.
    assert.deepEqual(await query(page, "SELECT id, born FROM author WHERE born IS NOT NULL"), born);
  },

  "a fix shows what it changes before it is applied": async (fresh) => {
    const { page } = await fresh();
    await page.click("#revision-8e5d27b46c10");
    await page.click("#tab-review");
    await reviewed(page);
    const finding = page.locator('.finding[data-code="foreign-key-without-index"]', { hasText: "loan.book_id" });
    await finding.locator(".preview summary").click();
    await finding.locator(".preview ins").first().waitFor();
    assert.match(await finding.locator(".preview").innerText(), /8e5d27b46c10_members_and_loans\.py[^]*\+ .*op\.create_index\(op\.f\('ix_loan_book_id'\)[^]*models\.py/);
    assert.match(await finding.locator(".preview del").last().innerText(), /− .*book_id: Mapped\[int\] = mapped_column\(ForeignKey\("book\.id"\)\)/);
    assert.match(await finding.locator(".preview ins").last().innerText(), /\+ .*ForeignKey\("book\.id"\), index=True\)/);
  },

  "what a downgrade would lose now is the verdict, not a line beside a better one": async (fresh) => {
    const { page } = await fresh();
    const text = await read(page, "models.py");
    await page.evaluate((text) => window.limbeck.files.write("models.py", text), text.replace("#isbn", "isbn"));
    await pending(page, /book\.isbn/);
    await succeeds(page, "alembic revision --autogenerate -m isbn");
    await succeeds(page, "alembic upgrade head");
    await query(page, "UPDATE book SET isbn = '9780807083697' WHERE id = 1");
    await page.click("#tab-review");
    await page.waitForSelector('.verdict[data-verdict="Loses data"]');
    assert.match(await page.innerText(".verdict"), /Loses data: downgrading your database past this revision and upgrading again would lose 1 value of book\.isbn\./);
    assert.doesNotMatch(await page.innerText(".verdict"), /Lossless/);
  },

  "a fix of a revision that was applied offers to run it again, and changes the model too": async (fresh) => {
    const { page } = await fresh();
    const revision = await page.evaluate(() => window.limbeck.state().migrations.revisions.find((one) => one.message === "members and loans"));
    await page.click(`#revision-${revision.id}`);
    await page.click("#tab-review");
    await reviewed(page);
    const finding = () => page.locator('.finding[data-code="foreign-key-without-index"]', { hasText: "loan.book_id" });
    assert.match(await finding().locator("button.apply").innerText(), /Add an index, and index=True in models\.py/);
    const rows = await query(page, "SELECT count(*) FROM author");
    await finding().locator("button.apply").click();
    assert.match(await finding().innerText(), /The database already has this revision/);
    await finding().getByRole("button", { name: "Downgrade, change it, upgrade again" }).click();
    // The database has the index now, the script makes it, and the model asks for it.
    await until(page, async () => (await window.limbeck.query("SELECT count(*) FROM sqlite_master WHERE name = 'ix_loan_book_id'")).rows[0][0] === 1);
    await page.waitForFunction(() => /up to date/.test(document.querySelector("#upgrade").innerText));
    assert.match(await read(page, revision.path), /op\.create_index\(op\.f\('ix_loan_book_id'\)/);
    assert.match(await read(page, "models.py"), /book_id: Mapped\[int\] = mapped_column\(ForeignKey\("book\.id"\), index=True\)/);
    await pending(page, /database matches the models/);
    assert.deepEqual(await query(page, "SELECT count(*) FROM author"), rows);
    // And the verdict is of the script as it is now.
    await reviewed(page);
    assert.equal(await finding().count(), 0);

    // Or the script stays, and the change is a revision of its own.
    const script = await read(page, revision.path);
    const other = page.locator('.finding[data-code="foreign-key-without-index"]', { hasText: "loan.member_id" });
    await other.locator("button.apply").click();
    await other.getByRole("button", { name: "Write a new revision instead" }).click();
    await page.waitForFunction(() => /1 revision ahead/.test(document.querySelector("#upgrade").innerText));
    assert.equal(await read(page, revision.path), script);
    const [newest] = await page.evaluate(() => window.limbeck.state().migrations.revisions);
    assert.match(await read(page, newest.path), /op\.create_index\(op\.f\('ix_loan_member_id'\)/);
  },

  "an empty downgrade is told, and so is a script that can't be read": async (fresh) => {
    const { page } = await fresh();
    await succeeds(page, "alembic revision -m 'shelves'");
    const path = await page.evaluate(() => window.limbeck.state().migrations.revisions[0].path);
    const revision = await page.evaluate(() => window.limbeck.state().migrations.revisions[0].id);
    const text = await read(page, path);
    const table = "    op.create_table('shelf', sa.Column('id', sa.Integer(), primary_key=True))";
    await page.evaluate(([path, text]) => window.limbeck.files.write(path, text), [path, text.replace(/^ {4}pass$/m, table)]);
    await page.click("#tab-review");
    await page.waitForSelector('.finding[data-code="downgrade-missing"]');
    await reviewed(page);
    assert.match(await page.innerText(".verdict"), /downgrade\(\) does nothing/);

    // The same through window.limbeck.
    const review = await page.evaluate((revision) => window.limbeck.review(revision), revision);
    assert.equal(review.revision, revision);
    assert.equal(review.round_trip.empty_downgrade, true);
    assert.ok(review.findings.some((one) => one.code === "downgrade-missing" && one.place.path === path));

    // What is typed while the tab is open is reviewed again.
    await page.evaluate(([path, text]) => window.limbeck.files.write(path, text), [path, text.replace(/^ {4}pass$/m, "    op.create_table(")]);
    await page.waitForSelector("#migrations > .failure >> text=SyntaxError");
    const refused = await page.evaluate((revision) => window.limbeck.review(revision).catch((error) => error.message), revision);
    assert.match(refused, /SyntaxError/);
    await page.evaluate(([path, text]) => window.limbeck.files.write(path, text), [path, text]);
    await page.click(`#revision-${revision}`);
    await page.waitForSelector("#review-panel .empty >> text=No findings");

    // Another revision is reviewed as soon as it is chosen: here the rows are taken back first.
    await page.click("#revision-3b1f0c9a7d42");
    await reviewed(page);
    await page.waitForFunction(() => /downgraded past this revision/.test(document.querySelector("#review-panel").innerText));
    await command(page, "alembic current");
    await reviewed(page);
  },
};
