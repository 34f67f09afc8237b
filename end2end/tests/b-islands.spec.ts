// What the browser's part adds, and that it gates and loses nothing.
import { expect, test, type Browser, type Page } from "@playwright/test";
import { Person, links, people, ready } from "./town";

const code = (urls: string[]) => urls.filter((url) => /\/pkg\/.*\.(wasm|js)(\?|$)/.test(url));

for (const href of ["/", "/search?q=bus"]) {
  test(`the browser's part is loaded on focus of the search box only, and suggests, on ${href}`, async ({ page, javaScriptEnabled }) => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(href, { waitUntil: "networkidle" });
    expect(code(asked)).toEqual([]);
    const box = page.getByRole("searchbox");
    await box.focus();
    if (javaScriptEnabled) {
      await ready(page);
      expect(code(asked)).not.toEqual([]);
      await box.fill("");
      await box.pressSequentially("fewer mis", { delay: 20 });
      const list = page.locator(".wp-search__list a");
      await expect(list.first()).toContainText(/Fewer missed/);
      // The keyboard gets there too.
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await expect(list.first()).toBeFocused();
      await page.keyboard.press("Enter");
      await expect(page.locator("h1")).toContainText(/Fewer missed/);
    } else {
      await box.fill("missed bins");
      await page.getByRole("button", { name: "Search" }).click();
      await expect(page).toHaveURL(/q=missed/);
      await expect(page.locator(".wp-hit").first()).toContainText("bin");
    }
  });
}

test("words that were typed before the browser's part came are suggested for, and not lost", async ({ page, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled);
  await slowly(page);
  await page.goto("/");
  await page.getByRole("searchbox").pressSequentially("fewer mis");
  await ready(page);
  await expect(page.getByRole("searchbox")).toHaveValue("fewer mis");
  await page.getByRole("searchbox").press("s");
  await expect(page.locator(".wp-search__list a").first()).toContainText(/Fewer missed/);
});

test("pages without an island ask for no script", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  for (const href of ["/about", "/challenges", "/sign-in"]) await page.goto(href, { waitUntil: "networkidle" });
  expect(asked.filter((url) => /\.(wasm|js)/.test(url))).toEqual([]);
});

/** As on a bad line: the browser's part takes a while. */
async function slowly(page: Page) {
  await page.route(/\.wasm/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await route.continue();
  });
}

/** Addresses of the scores that an evaluator of the town still gives, in the order of the grid. */
async function cells(person: Person): Promise<string[]> {
  await person.go("/work");
  await person.page.goto((await links(person.page, "/scoring"))[0]);
  return links(person.page, "/scoring/");
}

const status = (page: Page) => page.locator(".wp-saved");
const chosen = (page: Page) => page.locator("input[name=points]:checked").inputValue();
const state = (page: Page, is: string) => expect(status(page)).toHaveAttribute("data-state", is);
const REASON = "The answer names who, when and at which cost.";

async function room(person: Person, address: string) {
  await person.page.goto(address);
  await ready(person.page);
}

/** Signed in, in the room, with a score and a reason that are saved. */
async function begun(browser: Browser, at?: string) {
  const person = await Person.signedIn(browser, people.evaluator);
  const { page } = person;
  const address = at ?? (await cells(person)).at(-1)!;
  await room(person, address);
  await page.locator("#points").focus();
  await page.keyboard.press("3");
  await page.locator("#reason").fill(REASON);
  await state(page, "saved");
  return { person, page, context: person.context, address, reason: page.locator("#reason") };
}

test("the scoring room saves as one works, by keyboard alone", async ({ browser, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled, "the plain form is in the journey");
  const person = await Person.signedIn(browser, people.evaluator);
  const { page } = person;
  const all = await cells(person);
  const address = all.at(-1)!;
  await room(person, address);
  await page.locator("#reason").fill(REASON);
  for (const key of ["0", "1", "2", "4", "5", "3"]) {
    await page.locator("#points").focus();
    await page.keyboard.press(key);
    expect(await chosen(page)).toBe(key);
  }
  // A key beyond the scale is no score.
  await page.keyboard.press("9");
  expect(await chosen(page)).toBe("3");
  await state(page, "saved");
  await expect(status(page)).toHaveText(/Saved/);
  await page.reload();
  await ready(page);
  expect(await chosen(page)).toBe("3");
  await expect(page.locator("#reason")).toHaveValue(REASON);
  // In the reason the same keys are letters.
  await page.locator("#reason").press("End");
  await page.locator("#reason").pressSequentially(" jk5");
  await expect(page.locator("#reason")).toHaveValue(`${REASON} jk5`);
  expect(await chosen(page)).toBe("3");
  await state(page, "saved");

  await page.locator("#points").focus();
  await page.keyboard.press("k");
  await expect(page).toHaveURL(new RegExp(`${all.at(-2)!}$`));
  await ready(page);
  // The score there has the focus already.
  await page.keyboard.press("j");
  await expect(page).toHaveURL(new RegExp(`${address}$`));
  await person.end();
});

test("whoever scores and goes on at once has scored", async ({ browser, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled);
  const { person, page, address } = await begun(browser);
  for (const points of ["2", "4", "1", "5", "3"]) {
    await page.locator("#points").focus();
    await page.keyboard.press(points);
    await page.keyboard.press("k");
    await expect(page).not.toHaveURL(new RegExp(`${address}$`));
    // What the server has, in a browser that has kept nothing.
    const fresh = await person.context.request.get(address);
    const html = await fresh.text();
    expect(html.match(/value="(\d)"[^>]*checked|checked[^>]*value="(\d)"/)?.slice(1).find(Boolean), "what was scored is saved").toBe(points);
    await room(person, address);
  }
  await person.end();
});

test("without a connection the reason is kept, and saved when it is back", async ({ browser, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled);
  const { person, page, context, address, reason } = await begun(browser);
  // Back while the page is still there.
  await context.setOffline(true);
  await reason.fill(`${REASON} With a trial.`);
  await state(page, "offline");
  await expect(status(page)).toContainText("It is kept in this browser");
  await expect(reason).toHaveValue(`${REASON} With a trial.`);
  await context.setOffline(false);
  await state(page, "saved");

  // Back after the page was gone.
  await context.setOffline(true);
  await reason.fill(`${REASON} Kept.`);
  await state(page, "offline");
  await page.goto("about:blank");
  await context.setOffline(false);
  await room(person, address);
  await expect(reason).toHaveValue(`${REASON} Kept.`);
  await state(page, "saved");
  // The end of the text, not of its first line.
  await reason.press("ControlOrMeta+End");
  await reason.pressSequentially(" Now.");
  await state(page, "saved");
  await room(person, address);
  await expect(reason).toHaveValue(`${REASON} Kept. Now.`);
  await person.end();
});

test("signed out by time, the reason is kept and the page says so", async ({ browser, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled);
  const { person, page, context, address, reason } = await begun(browser);
  const cookies = await context.cookies();
  await context.clearCookies();
  await reason.fill(`${REASON} Signed out.`);
  await state(page, "offline");
  await expect(status(page)).toContainText("You were signed out.");
  await expect(reason).toHaveValue(`${REASON} Signed out.`);
  await context.addCookies(cookies);
  await room(person, address);
  await expect(reason).toHaveValue(`${REASON} Signed out.`);
  await page.locator("#points").focus();
  await page.keyboard.press("4");
  await state(page, "saved");
  await room(person, address);
  expect(await chosen(page)).toBe("4");
  await person.end();
});

test("what was typed and chosen before the browser's part came is kept", async ({ browser, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled);
  const { person, page, address } = await begun(browser);
  await slowly(page);
  await page.goto(address);
  const points = "2";
  await page.locator(`label:has(input[name=points][value="${points}"])`).click();
  await page.locator("#reason").fill(`${REASON} Early.`);
  await ready(page);
  await expect(page.locator("#reason")).toHaveValue(`${REASON} Early.`);
  expect(await chosen(page)).toBe(points);
  await person.end();
});

test("what one evaluator could not save is not shown to another at the same browser", async ({ browser, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled);
  // The other may not see every response.
  const other = await Person.signedIn(browser, people.conflicted);
  const theirs = (await cells(other)).at(-1)!;
  await other.end();
  const { person, page, context, address } = await begun(browser, theirs);
  await context.setOffline(true);
  await page.locator("#reason").fill("Only the first evaluator may read this.");
  await state(page, "offline");
  await context.setOffline(false);
  await page.goto("/work");
  await page.getByRole("button", { name: "Sign out" }).click();
  await person.signIn(people.conflicted);
  expect(await cells(person)).toContain(address);
  await room(person, address);
  await expect(page.locator("#reason")).not.toHaveValue(/first evaluator/);
  // Back at the desk, it is still there for whom it was.
  await page.getByRole("button", { name: "Sign out" }).click();
  await person.signIn(people.evaluator);
  await room(person, address);
  await expect(page.locator("#reason")).toHaveValue(/first evaluator/);
  await person.end();
});
