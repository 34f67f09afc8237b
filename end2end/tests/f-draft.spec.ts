// The draft of a response: saved as one types, kept when the network or the session is gone, shared by two tabs, whole
// without a script; its files.
import { expect, test, type Browser, type BrowserContext, type Page } from "@playwright/test";
import { PASSWORD, Person, links, people, ready } from "./town";

const PDF = Buffer.from("%PDF-1.7\n1 0 obj\n<< >>\nendobj\n");

const status = (page: Page) => page.locator(".wp-keeps .wp-saved");
const state = (page: Page, is: string) => expect(status(page)).toHaveAttribute("data-state", is);
const answer = (page: Page) => page.locator('textarea[name^="question-"]').first();
/** What is said by a field of whether it is saved. */
const line = async (page: Page, field = answer(page)) => page.locator(`[data-of="${await field.getAttribute("name")}"]`);

/** What is changed is saved: the line that says so may be of an earlier saving. */
async function saves(page: Page, change: () => Promise<void>) {
  const answered = page.waitForResponse((response) => response.request().method() === "POST" && response.status() === 200);
  await change();
  await answered;
  await state(page, "saved");
}

/** A supplier in a draft of the town that can still be written. */
async function drafting(browser: Browser, scripted: boolean) {
  const person = await Person.signedIn(browser, people.supplier);
  const { page } = person;
  await person.go("/work");
  let address = "";
  for (const href of await links(page, "/responses/")) {
    await page.goto(href);
    if ((await answer(page).count()) === 0) continue;
    // One that asks for a price, if there still is one: later rounds do not.
    const priced = (await page.locator('[name="price"]').count()) > 0;
    if (priced || !address) address = href;
    if (priced) break;
  }
  expect(address, "the town has no open draft for this supplier").not.toBe("");
  const open = async (at: Page = page) => {
    await at.goto(address);
    if (scripted) await ready(at);
  };
  await open();
  return { person, page, context: person.context, address, open };
}

test("an answer is saved as one types, with the time", async ({ browser, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled, "buttons save without a script");
  const { person, page, open } = await drafting(browser, true);
  const before = await answer(page).inputValue();
  const text = `Saved by itself, ${Date.now()}.`;
  await saves(page, () => answer(page).fill(text));
  await expect(status(page)).toContainText(/Saved \d\d:\d\d/);
  // Words are counted as one types, and what is too long is told at once.
  const counted = page.locator(`[data-counts="${await answer(page).getAttribute("name")}"]`);
  await expect(counted).toHaveText(/^4 of \d+ words$/);
  const most = Number(await counted.getAttribute("data-max"));
  await answer(page).fill("word ".repeat(most + 1));
  await expect(counted).toHaveText(new RegExp(`^${most + 1} words of ${most}: one word too many`));
  await expect(counted).toHaveClass("wp-over");
  await saves(page, () => answer(page).fill(text));
  await answer(page).press("End");
  await saves(page, () => answer(page).pressSequentially(" Twice."));
  await open();
  await expect(answer(page)).toHaveValue(`${text} Twice.`);
  await answer(page).fill(before);
  await state(page, "saved");
  await person.end();
});

test("what means something in HTML is an answer letter for letter, however often the form is sent", async ({ browser, javaScriptEnabled }) => {
  const { person, page, open } = await drafting(browser, javaScriptEnabled ?? false);
  const before = await answer(page).inputValue();
  const save = async () => {
    if (javaScriptEnabled) await state(page, "saved");
    else await page.locator('button[name="do"][value="save"]').first().click();
  };
  const text = `\n\n See https://maps.example/?id=1&region=north&copy=2, a&lt;b <b>& "so" '</textarea></form><h1 id="in">in</h1> on.`;
  await answer(page).fill(text);
  await save();
  await open();
  await expect(answer(page)).toHaveValue(text);
  await expect(page.locator("#in")).toHaveCount(0);
  // The same form once more, with something else changed in it.
  const other = page.locator('textarea[name^="question-"]').nth(1);
  if ((await other.count()) > 0) {
    const words = await other.inputValue();
    await other.fill(`${words} &`);
    await save();
    await open();
    await expect(answer(page)).toHaveValue(text);
    await other.fill(words);
    await save();
  }
  await answer(page).fill(before);
  await save();
  await person.end();
});

const kept = (page: Page) => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("wp-draft:")));

/** Nothing that is posted arrives: as with a server that is down. */
const down = (context: BrowserContext) => context.route("**/*", (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
const up = (context: BrowserContext) => context.unroute("**/*");

test("the page and the line by the answer say what is true of it while one writes, wherever that is", async ({ browser, javaScriptEnabled }) => {
  const { person, page, context, open } = await drafting(browser, javaScriptEnabled);
  if (!javaScriptEnabled) {
    // Without a script it is a line at the top: it would not know of what is typed.
    await expect(status(page)).toHaveCSS("position", "static");
    await expect(await line(page)).toHaveAttribute("data-state", "saved");
    return person.end();
  }
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 700 });
    await open();
    const field = page.locator('textarea[name^="question-"]').last();
    const before = await field.inputValue();
    const said = await line(page, field);
    await field.focus();
    await context.setOffline(true);
    await field.fill(`Below, ${Date.now()}.`);
    await state(page, "offline");
    await expect(status(page)).toBeInViewport({ ratio: 1 });
    await expect(said).toHaveText("Not saved yet");
    await expect(said).toHaveAttribute("data-state", "unsaved");
    await context.setOffline(false);
    await state(page, "saved");
    await expect(said).toHaveText(/^Saved \d\d:\d\d/);
    await expect(status(page)).toBeInViewport({ ratio: 1 });
    // Whoever goes back with the keyboard finds what has the focus below the line.
    for (let n = 0; n < 12; n++) {
      await page.keyboard.press("Shift+Tab");
      const under = await page.evaluate(() => {
        const [focus, bar] = [document.activeElement!, document.querySelector(".wp-keeps .wp-saved")!].map((one) => one.getBoundingClientRect());
        return focus.height > 0 && focus.bottom <= bar.bottom && focus.bottom > 0 && bar.top < 1;
      });
      expect(under, "what has the focus is hidden under the line").toBe(false);
    }
    await saves(page, () => field.fill(before));
  }
  await person.end();
});

test("a file that came since the form was opened is told before all is submitted", async ({ browser, javaScriptEnabled }) => {
  const { person, page, context, open } = await drafting(browser, javaScriptEnabled);
  const asks = page.locator('a[href*="/files/of/"]').first();
  test.skip((await asks.count()) === 0, "this draft is asked for no files");
  const before = await answer(page).inputValue();
  const files = await context.newPage();
  await files.goto((await asks.getAttribute("href"))!);
  if (javaScriptEnabled) await ready(files);
  await files.locator("input[type=file]").setInputFiles({ name: "since.pdf", mimeType: "application/pdf", buffer: PDF });
  await files.locator("form:has(input[type=file]) button").click();
  await expect(files.getByRole("link", { name: "since.pdf" })).toBeVisible();
  const text = `With the file, ${Date.now()}.`;
  await answer(page).fill(text);
  if (javaScriptEnabled) await state(page, "saved");
  await page.getByRole("button", { name: "Save and submit now" }).click();
  await expect(page.locator(".govuk-error-summary")).toContainText("were added or removed since this page was opened");
  await expect(answer(page)).toHaveValue(text);
  await expect(page.getByRole("link", { name: "since.pdf" })).toBeVisible();
  await files.reload();
  await files.getByRole("button", { name: /Remove.*since\.pdf/ }).click();
  await expect(files.getByRole("link", { name: "since.pdf" })).toHaveCount(0);
  await open();
  await answer(page).fill(before);
  if (javaScriptEnabled) await state(page, "saved");
  else await page.getByRole("button", { name: "Save the draft" }).click();
  await person.end();
});

test("without a connection, or with a server that is down, an answer is kept and sent by itself", async ({ browser, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled, "what is kept is kept by a script");
  const { person, page, context, open } = await drafting(browser, true);
  const before = await answer(page).inputValue();
  const text = `Kept, ${Date.now()}.`;
  await context.setOffline(true);
  await answer(page).fill(text);
  await state(page, "offline");
  expect(await kept(page)).toHaveLength(1);
  // Not even a submission leaves, and the page stays.
  await page.getByRole("button", { name: "Save and submit now" }).click();
  await expect(status(page)).toContainText("kept in this browser");
  await expect(answer(page)).toHaveValue(text);
  await context.setOffline(false);
  await state(page, "saved");
  await expect(status(page)).toContainText(/Saved \d\d:\d\d/);
  expect(await kept(page)).toEqual([]);
  await down(context);
  await answer(page).press("End");
  await answer(page).pressSequentially(" Twice.");
  await state(page, "offline");
  await up(context);
  await state(page, "saved");
  await open();
  await expect(answer(page)).toHaveValue(`${text} Twice.`);
  await saves(page, () => answer(page).fill(before));
  await person.end();
});

test("signed out, the page leads to signing in, and back there it saves", async ({ browser, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled, "what is kept is kept by a script");
  const { person, page, context, address } = await drafting(browser, true);
  const before = await answer(page).inputValue();
  const text = `Signed out, ${Date.now()}.`;
  await context.clearCookies();
  await answer(page).fill(text);
  await state(page, "offline");
  await expect(status(page)).toContainText("You were signed out.");
  await status(page).getByRole("link", { name: "Sign in and come back" }).click();
  await page.getByLabel("E-mail address").fill(people.supplier);
  await page.getByLabel("Password").fill(PASSWORD);
  await person.press("Sign in");
  await expect(page).toHaveURL((url) => url.pathname === address);
  await expect(answer(page)).toHaveValue(text);
  await state(page, "saved");
  await expect.poll(() => kept(page)).toEqual([]);
  await saves(page, () => answer(page).fill(before));
  await person.end();
});

test("what was kept on one page of a draft is saved from any other", async ({ browser, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled, "what is kept is kept by a script");
  const { person, page, context, address } = await drafting(browser, true);
  const whole = `${address}`;
  const before = await answer(page).inputValue();
  await page.goto(`${address}?one=1`);
  test.skip((await answer(page).count()) === 0, "the first question has no words");
  /** Typed on a page whose posts go nowhere, and the page closed. */
  const keeps = async (at: string, text: string) => {
    const other = await context.newPage();
    await other.goto(at);
    await ready(other);
    await down(context);
    await answer(other).fill(text);
    await state(other, "offline");
    await other.close();
    await up(context);
  };
  const is = async (text: string) => {
    await page.goto(whole);
    await ready(page);
    await expect(answer(page)).toHaveValue(text);
  };
  const stamp = Date.now();
  // From one question to all, to another question, and to the list.
  await keeps(`${address}?one=1`, `One ${stamp}`);
  await is(`One ${stamp}`);
  await expect.poll(() => kept(page)).toEqual([]);
  await keeps(whole, `Whole ${stamp}`);
  await page.goto(`${address}?one=2`);
  await expect.poll(() => kept(page)).toEqual([]);
  await is(`Whole ${stamp}`);
  await keeps(`${address}?one=1`, `List ${stamp}`);
  await page.goto("/work");
  await expect.poll(() => kept(page), { timeout: 15_000 }).toEqual([]);
  await is(`List ${stamp}`);
  await saves(page, () => answer(page).fill(before));
  await person.end();
});

test("two tabs without a connection: both texts come back, and neither is written over", async ({ browser, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled, "what is kept is kept by a script");
  const { person, page, context, open } = await drafting(browser, true);
  const before = await answer(page).inputValue();
  const second = await context.newPage();
  await open(second);
  const stamp = Date.now();
  await context.setOffline(true);
  await answer(page).fill(`First ${stamp}`);
  await state(page, "offline");
  await answer(second).fill(`Second ${stamp}`);
  await state(second, "offline");
  expect(await kept(page)).toHaveLength(2);
  await second.close();
  await page.goto("about:blank");
  await context.setOffline(false);
  await open();
  const box = page.locator(".wp-keeps .wp-conflict--here");
  await expect(box).toContainText(`First ${stamp}`);
  await expect(box).toContainText(`Second ${stamp}`);
  // Nothing was saved before the choice, and no button goes past it.
  await person.page.getByRole("button", { name: "Save the draft" }).click();
  await expect(status(page)).toContainText("Choose first");
  await box.getByRole("button", { name: /Take this one/ }).click();
  await saves(page, () => box.getByRole("button", { name: "Save what stands in the form now" }).click());
  expect(await kept(page)).toEqual([]);
  await open();
  await expect(answer(page)).toHaveValue(/^(First|Second) \d+$/);
  await saves(page, () => answer(page).fill(before));
  await person.end();
});

test("two tabs: what only one changed is taken, what both changed stands side by side", async ({ browser, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled, "the plain page is tried among the forms");
  const { person, page, context, open } = await drafting(browser, true);
  const before = await answer(page).inputValue();
  const price = (at: Page) => at.locator('[name="price"]');
  const cost = await price(page).inputValue();
  const second = await context.newPage();
  await open(second);
  const stamp = Date.now();
  await saves(page, () => answer(page).fill(`First ${stamp}`));
  // The second tab still shows the answer as it was: it does not take it back.
  await saves(second, () => price(second).fill("12345"));
  await open();
  await expect(answer(page)).toHaveValue(`First ${stamp}`);
  await expect(price(page)).toHaveValue("12345");
  await answer(second).fill(`Second ${stamp}`);
  const box = second.locator(".wp-keeps .wp-conflict--here");
  await expect(box).toContainText(`First ${stamp}`);
  await expect(box).toContainText(`Second ${stamp}`);
  // It was oneself, and what is the matter stands beside it.
  await expect(box).toContainText("You saved another text of this answer yourself at ");
  await expect(status(second)).toContainText("Two texts of an answer");
  // What stands there is what is written, and every other answer goes on being saved.
  await answer(second).press("End");
  await answer(second).pressSequentially(" and on");
  await expect(box).toContainText(`Second ${stamp} and on`);
  await expect(await line(second)).toHaveText("Not saved yet");
  await saved(second, () => price(second).fill("23456"));
  await expect(await line(second, price(second))).toHaveText(/^Saved \d\d:\d\d/);
  await state(second, "failed");
  await expect(box).toBeVisible();
  const there = await (await context.request.get(page.url())).text();
  expect(there).toContain('value="23456"');
  expect(there).toContain(`First ${stamp}`);
  // What waits is kept all the while.
  expect((await kept(page)).length).toBeGreaterThan(0);
  await saves(second, () => box.getByRole("button", { name: "Save what stands in the form now" }).click());
  await expect(box).toBeHidden();
  await open();
  await expect(answer(page)).toHaveValue(`Second ${stamp} and on`);
  await answer(page).fill(before);
  await saves(page, () => price(page).fill(cost));
  await person.end();
});

test("one question a page, and back to all of them", async ({ browser, javaScriptEnabled }) => {
  const { person, page, address } = await drafting(browser, javaScriptEnabled);
  await person.follow("One question a page");
  await expect(page).toHaveURL(/\?one=1/);
  await expect(page.locator("form#form textarea, form#form input:not([type=hidden])").first()).toBeVisible();
  await person.press("Save and go on");
  await expect(page).toHaveURL(/\?one=2/);
  await person.press("Save and go back");
  await expect(page).toHaveURL(/\?one=1/);
  await person.follow("All questions on one page");
  await expect(page).toHaveURL((url) => url.pathname === address && url.search === "");
  await person.end();
});

/** A page whose form is saved as one types: a clarification, or who answers together. */
async function keeping(browser: Browser, who: string, find: (person: Person) => Promise<string>, field: string) {
  const person = await Person.signedIn(browser, who);
  const address = await find(person);
  const { page, context } = person;
  const box = (at: Page) => at.locator(`[name="${field}"]`).first();
  const line = (at: Page) => at.locator("form .wp-saved[data-state]").first();
  const is = (at: Page, state: string) => expect(line(at)).toHaveAttribute("data-state", state);
  const open = async (at: Page = page) => {
    await at.goto(address);
    await ready(at);
  };
  await open();
  return { person, page, context, box, line, is, open };
}

/** Tideline was asked something in the town, and has not answered. */
const clarification = (browser: Browser) =>
  keeping(
    browser,
    "theo@tideline.example",
    async (person) => {
      await person.go("/work");
      const [first] = await links(person.page, "/clarifications");
      return first;
    },
    "answer-requirement",
  );

const together = (browser: Browser) =>
  keeping(
    browser,
    people.supplier,
    async (person) => {
      await person.go("/work");
      for (const href of await links(person.page, "/responses/")) {
        await person.page.goto(href);
        if ((await answer(person.page).count()) > 0) return `${new URL(person.page.url()).pathname}/partners`;
      }
      throw new Error("the town has no open draft for this supplier");
    },
    "lead-work",
  );

for (const [what, start] of [["a clarification", clarification], ["who answers together", together]] as const) {
  test(`${what}: what is typed without a connection is kept and sent by itself`, async ({ browser, javaScriptEnabled }) => {
    test.skip(!javaScriptEnabled, "what is kept is kept by a script");
    const { person, page, context, box, is, open } = await start(browser);
    const before = await box(page).inputValue();
    const text = `Kept ${Date.now()}.`;
    await context.setOffline(true);
    await box(page).fill(text);
    await is(page, "offline");
    expect((await kept(page)).length).toBeGreaterThan(0);
    await context.setOffline(false);
    await is(page, "saved");
    await expect.poll(() => kept(page)).toEqual([]);
    await open();
    await expect(box(page)).toHaveValue(text);
    // The page is closed while it holds text: opened again, it sends it.
    const second = await context.newPage();
    await open(second);
    await down(context);
    await box(second).fill(`${text} Twice.`);
    await is(second, "offline");
    await second.close();
    await up(context);
    await open();
    await expect(box(page)).toHaveValue(`${text} Twice.`);
    await is(page, "saved");
    await expect.poll(() => kept(page)).toEqual([]);
    await box(page).fill(before);
    await is(page, "saved");
    await person.end();
  });

  test(`${what}: two tabs of one person write over nothing`, async ({ browser, javaScriptEnabled }) => {
    test.skip(!javaScriptEnabled, "the plain page is tried among the forms");
    const { person, page, context, box, is, open } = await start(browser);
    const before = await box(page).inputValue();
    const second = await context.newPage();
    await open(second);
    const stamp = Date.now();
    await saved(page, () => box(page).fill(`First ${stamp}`));
    await box(second).fill(`Second ${stamp}`);
    const both = second.locator(".wp-conflict--here").first();
    await expect(both).toContainText(`First ${stamp}`);
    await expect(both).toContainText(`Second ${stamp}`);
    await saved(second, () => both.getByRole("button", { name: "Save what stands in the form now" }).click());
    await open();
    await expect(box(page)).toHaveValue(`Second ${stamp}`);
    await saved(page, () => box(page).fill(before));
    await is(page, "saved");
    await person.end();
  });
}

/** The server has taken what was changed. */
async function saved(page: Page, change: () => Promise<void>) {
  const answered = page.waitForResponse((response) => response.request().method() === "POST" && response.status() === 200);
  await change();
  await answered;
}

test("one answer that is too long says so, and the others are saved", async ({ browser, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled, "the plain page is tried by the server's own tests");
  const { person, page, open } = await drafting(browser, true);
  const before = await answer(page).inputValue();
  const price = page.locator('[name="price"]');
  const cost = await price.inputValue();
  await answer(page).fill("word ".repeat(8_100));
  await state(page, "failed");
  await expect(status(page)).toContainText("Not saved: ");
  await expect(status(page)).toContainText("at most 40000 characters");
  const refused = page.waitForResponse((response) => response.request().method() === "POST" && response.status() === 422);
  await price.fill("54321");
  await refused;
  expect((await answer(page).inputValue()).length, "what was typed stays").toBeGreaterThan(40_000);
  await saves(page, () => answer(page).fill(before));
  await open();
  await expect(price).toHaveValue("54321");
  await saves(page, () => price.fill(cost));
  await person.end();
});
