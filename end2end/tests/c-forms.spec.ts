// Forms that come back, forms that come twice, and forms from elsewhere.
import { expect, test, type Page } from "@playwright/test";
import { PASSWORD, Person, links, people, ready } from "./town";

/** Sends a form and says with which status it came back. */
async function send(page: Page, button: string): Promise<number> {
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === "POST" && response.request().isNavigationRequest()),
    page.locator("main").getByRole("button", { name: button, exact: true }).first().click(),
  ]);
  await page.waitForLoadState();
  return answer.status();
}

/** Each line of the summary leads to something on the page. */
async function leads(page: Page) {
  const lines = page.locator(".govuk-error-summary a");
  await expect(lines.first()).toBeVisible();
  for (const href of await lines.evaluateAll((list) => list.map((a) => a.getAttribute("href")!))) {
    await expect.soft(page.locator(`[id="${href.slice(1)}"]`), `the summary leads to ${href}`).toHaveCount(1);
  }
}

test("errors stand by their field, and what was typed is kept", async ({ page }) => {
  await page.goto("/register");
  await page.getByLabel("Your name").fill("Nell Quill");
  await page.getByLabel("E-mail address").fill("not an address");
  await page.getByLabel("Password").fill("short");
  await page.getByLabel("Your time zone").selectOption("Europe/Oslo");
  expect(await send(page, "Register")).toBe(422);
  await leads(page);
  await expect(page.getByRole("alert")).toContainText("There is a problem");
  await expect(page.getByLabel("Your name")).toHaveValue("Nell Quill");
  await expect(page.getByLabel("E-mail address")).toHaveValue("not an address");
  await expect(page.getByLabel("Your time zone")).toHaveValue("Europe/Oslo");
  // A password is not sent back.
  await expect(page.getByLabel("Password")).toHaveValue("");
  await expect(page.getByLabel("E-mail address")).toHaveAttribute("aria-invalid", "true");
  await page.getByRole("link", { name: /Write an e-mail address/ }).click();
  await expect(page).toHaveURL(/#email$/);
  await expect(page).toHaveTitle(/^Error:/);
});

test("a section with errors is kept as typed, in every field", async ({ browser }) => {
  const person = await Person.signedIn(browser, people.officer);
  const { page } = person;
  await person.go("/work");
  await person.go(`${(await links(page, "/edit"))[0]}/outcomes`);
  const typed = {
    "outcome-1-title": `Calls <b>&amp; "quotes" ${Date.now()}`,
    "outcome-1-baseline": "",
    "outcome-1-target": "−4,5 %",
    "outcome-1-by": "some time",
  };
  const before = Object.fromEntries(
    await Promise.all(Object.keys(typed).map(async (name) => [name, await page.locator(`[name="${name}"]`).inputValue()])),
  ) as Record<string, string>;
  await person.fill(typed);
  expect(await send(page, "Save and continue")).toBe(422);
  await leads(page);
  for (const [name, value] of Object.entries(typed)) await expect(page.locator(`[name="${name}"]`)).toHaveValue(value);
  await person.fill(before);
  await person.press("Save and continue");
  await person.sees("Saved.");
  await person.end();
});

test("two tabs in one section: the second is told, and both texts are shown", async ({ browser, javaScriptEnabled }) => {
  test.skip(!!javaScriptEnabled, "with a script the page asks by itself: b-workshop");
  const person = await Person.signedIn(browser, people.officer);
  await person.go("/work");
  const draft = (await links(person.page, "/edit"))[0];
  const address = `${draft}/limits`;
  const second = await person.context.newPage();
  await person.page.goto(address);
  await second.goto(address);
  const stamp = String(Math.random());
  await person.page.getByLabel(/Limits/).fill(`First tab ${stamp}`);
  await person.press("Save and continue");
  await second.getByLabel(/Limits/).fill(`Second tab ${stamp}`);
  expect(await send(second, "Save and continue")).toBe(409);
  await leads(second);
  await expect(second.locator("body")).toContainText("Somebody else saved this section meanwhile");
  await expect(second.locator("body")).toContainText(`First tab ${stamp}`);
  await expect(second.getByLabel(/Limits/)).toHaveValue(`Second tab ${stamp}`);
  await second.getByRole("button", { name: "Save and continue" }).click();
  await second.goto(address);
  await expect(second.getByLabel(/Limits/)).toHaveValue(`Second tab ${stamp}`);
  await person.end();
});

/** A response of the town that can still be written. */
async function ownDraft(person: Person): Promise<string> {
  await person.go("/work");
  for (const href of await links(person.page, "/responses/")) {
    await person.page.goto(href);
    if ((await person.page.locator('textarea[name^="question-"]').count()) > 0) return href;
  }
  throw new Error("the town has no open draft for this supplier");
}

test("two tabs in one answer: the second is told, and both texts are shown", async ({ browser, javaScriptEnabled }) => {
  test.skip(!!javaScriptEnabled, "with a script the page asks by itself: f-draft");
  const person = await Person.signedIn(browser, people.supplier);
  const draft = await ownDraft(person);
  const second = await person.context.newPage();
  await person.page.goto(draft);
  await second.goto(draft);
  const field = (page: Page) => page.locator('textarea[name^="question-"]').first();
  const before = await field(second).inputValue();
  const stamp = String(Math.random());
  await field(person.page).fill(`First tab ${stamp}`);
  await person.press("Save the draft");
  await field(second).fill(`Second tab ${stamp}`);
  expect(await send(second, "Save the draft")).toBe(409);
  await leads(second);
  await expect(second.locator("body")).toContainText("You saved another text of this answer yourself");
  await expect(second.locator(".wp-conflict--here:not([hidden])").first()).toContainText(`First tab ${stamp}`);
  await expect(field(second)).toHaveValue(`Second tab ${stamp}`);
  await field(second).fill(before);
  await second.getByRole("button", { name: "Save the draft" }).click();
  await expect(second.locator("body")).toContainText("Your draft is saved.");
  await person.end();
});

test("a response sent twice at once gives one receipt", async ({ browser, baseURL }) => {
  const person = await Person.signedIn(browser, people.supplier);
  const { page, context } = person;
  await person.go("/work");
  let draft = "";
  for (const href of await links(page, "/responses/")) {
    await page.goto(href);
    if ((await page.locator('textarea[name^="question-"]').count()) === 0) continue;
    draft = href;
    await page.goto(`${href}/review`);
    if ((await page.locator("main").getByRole("button", { name: "Submit", exact: true }).count()) > 0) break;
  }
  await page.goto(draft);
  const receipts = () => page.locator('aside a[href^="/receipts/"]').count();
  const before = await receipts();
  await page.goto(`${draft}/review`);
  const form = Object.fromEntries(
    await page.locator('main form input[type="hidden"]').evaluateAll((list) => list.map((e) => [e.getAttribute("name"), e.getAttribute("value")])),
  );
  const post = () => context.request.post(`${draft}/review`, { form, maxRedirects: 0, headers: { origin: baseURL! } });
  const answers = await Promise.all([post(), post(), post()]);
  const to = new Set(answers.map((answer) => answer.headers().location?.split("?")[0]));
  expect(answers.map((answer) => answer.status())).toEqual([303, 303, 303]);
  expect(to.size, [...to].join(" ")).toBe(1);
  // And with the button, twice, and again after going back.
  await page.locator("main").getByRole("button", { name: "Submit", exact: true }).dblclick({ noWaitAfter: true });
  await person.sees("This submission stands.");
  expect(new URL(page.url()).pathname).toBe([...to][0]);
  await page.goBack();
  await page.locator("main").getByRole("button", { name: "Submit", exact: true }).click();
  await person.sees("This submission stands.");
  await page.goto(draft);
  expect(await receipts()).toBeLessThanOrEqual(before + 2);
  await person.end();
});

test("a post from another site is refused", async ({ request, browser }) => {
  const from = (headers: Record<string, string>) => request.post("/theme", { form: { theme: "dark" }, headers, maxRedirects: 0 });
  expect((await from({ origin: "https://elsewhere.example" })).status()).toBe(403);
  expect((await from({ "sec-fetch-site": "cross-site" })).status()).toBe(403);
  expect((await from({ "sec-fetch-site": "same-site" })).status()).toBe(403);
  expect((await from({ origin: "null" })).status()).toBe(403);
  expect((await from({ "sec-fetch-site": "same-origin" })).status()).toBe(303);
  // With the cookie of a person who was lured, too.
  const person = await Person.signedIn(browser, people.officer);
  const lured = await person.context.request.post("/sign-out", { headers: { "sec-fetch-site": "cross-site", origin: "https://elsewhere.example" } });
  expect(lured.status()).toBe(403);
  await person.go("/work");
  await person.sees("What needs you");
  await person.end();
});

test("colours are remembered", async ({ page }) => {
  await page.goto("/search?q=water");
  for (const [name, theme] of [["Dark", "dark"], ["Light", "light"]]) {
    await page.getByRole("button", { name }).click();
    await expect(page).toHaveURL(/\/search\?q=water/);
    await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
    await page.goto("/about");
    await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
    await expect(page.getByRole("button", { name })).toHaveAttribute("aria-pressed", "true");
    await page.goto("/search?q=water");
  }
  await page.getByRole("button", { name: "System" }).click();
  await expect(page.locator("html")).not.toHaveAttribute("data-theme", /./);
});

test("sessions are listed and ended, and signing out is final", async ({ browser }) => {
  const person = await Person.signedIn(browser, people.other);
  const elsewhere = await Person.signedIn(browser, people.other);
  const { page } = person;
  await person.go("/account");
  await expect(page.getByText("This browser")).toHaveCount(1);
  const end = page.getByRole("button", { name: /End it/ });
  while ((await end.count()) > 0) {
    await end.first().click();
    await person.sees("The session has ended.");
  }
  await elsewhere.page.goto("/work");
  await expect(elsewhere.page).toHaveURL(/\/sign-in/);
  await elsewhere.end();
  await person.go("/work");
  const cookies = await person.context.cookies();
  await page.getByRole("button", { name: "Sign out" }).click();
  await person.sees("You are signed out.");
  await page.goto("/work");
  await expect(page).toHaveURL(/\/sign-in/);
  // The cookie that somebody may have copied is worth nothing now.
  await person.context.addCookies(cookies);
  await page.goto("/work");
  await expect(page).toHaveURL(/\/sign-in/);
  await person.end();
});

test("a form of somebody who was signed out meanwhile says so, and what was typed is still there", async ({ browser, javaScriptEnabled }) => {
  const person = await Person.signedIn(browser, people.officer);
  const { page, context } = person;
  await person.go("/work");
  await person.go(`${(await links(page, "/edit"))[0]}/limits`);
  // A form that is sent before the browser's part came is the form without it.
  if (javaScriptEnabled) await ready(page);
  await page.getByLabel(/Limits/).fill("Typed before the session ended.");
  await context.clearCookies();
  if (javaScriptEnabled) {
    await page.locator("main").getByRole("button", { name: "Save and continue", exact: true }).click();
    await person.sees("You were signed out. It is kept in this browser");
  } else {
    expect(await send(page, "Save and continue")).toBe(401);
    await person.sees("You are signed out");
  }
  // As the page says: signed in in another window, then back.
  const window = await context.newPage();
  await window.goto("/sign-in");
  await window.getByLabel("E-mail address").fill(people.officer);
  await window.getByLabel("Password").fill(PASSWORD);
  await window.locator("main").getByRole("button", { name: "Sign in" }).click();
  await expect(window).toHaveURL((url) => url.pathname === "/work");
  if (javaScriptEnabled) {
    await page.bringToFront();
    await page.evaluate(() => dispatchEvent(new Event("focus")));
    await person.sees("Saved ");
  } else await page.goBack();
  await expect(page.getByLabel(/Limits/)).toHaveValue("Typed before the session ended.");
  await person.end();
});
