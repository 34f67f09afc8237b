// What the browser's part adds, and that it gates nothing.
import { expect, test } from "@playwright/test";
import { Person, links, people } from "./town";

test("the browser's part is loaded on focus of the search box only, and suggests", async ({ page, javaScriptEnabled }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto("/", { waitUntil: "networkidle" });
  expect(asked.filter((url) => url.includes(".wasm"))).toEqual([]);
  await page.getByRole("searchbox").focus();
  if (javaScriptEnabled) {
    await page.waitForSelector("html[data-ready]", { timeout: 20_000 });
    await page.getByRole("searchbox").pressSequentially("fewer mis", { delay: 20 });
    await page.locator(".wp-search__list a").first().click();
    await expect(page.locator("h1")).toContainText(/Fewer missed/);
  } else {
    await page.getByRole("searchbox").fill("missed bins");
    await page.getByRole("button", { name: "Search" }).click();
    await expect(page.locator(".wp-hit").first()).toContainText("bin");
  }
});

test("pages without an island ask for no script", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  for (const href of ["/about", "/challenges", "/sign-in"]) await page.goto(href, { waitUntil: "networkidle" });
  expect(asked.filter((url) => /\.(wasm|js)/.test(url))).toEqual([]);
});

async function room(person: Person): Promise<string> {
  await person.go("/work");
  await person.page.goto((await links(person.page, "/scoring"))[0]);
  return person.page.locator("table.wp-grid td a").last().getAttribute("href").then((href) => href!);
}

test("the scoring room saves as one works, by keyboard alone, and loses nothing", async ({ browser, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled, "the plain form is in the journey");
  const person = await Person.signedIn(browser, people.evaluator);
  const { page, context } = person;
  const address = await room(person);
  const ready = async () => {
    await page.goto(address);
    await page.waitForSelector("html[data-ready]");
  };
  await ready();
  const status = page.locator(".wp-saved");
  const chosen = () => page.locator("input[name=points]:checked").inputValue();

  await page.locator("#points").focus();
  await page.keyboard.press("3");
  await page.locator("#reason").fill("The answer names who, when and at which cost.");
  await expect(status).toHaveAttribute("data-state", "saved");
  await page.reload();
  await page.waitForSelector("html[data-ready]");
  expect(await chosen()).toBe("3");
  await expect(page.locator("#reason")).toHaveValue("The answer names who, when and at which cost.");

  await context.setOffline(true);
  await page.locator("#reason").fill("The answer names who, when and at which cost, with a trial.");
  await expect(status).toHaveAttribute("data-state", "offline");
  await context.setOffline(false);
  await ready();
  await expect(page.locator("#reason")).toHaveValue(/with a trial/);
  await page.locator("#reason").press("End");
  await page.locator("#reason").pressSequentially(" Good.");
  await expect(status).toHaveAttribute("data-state", "saved");

  const cookies = await context.cookies();
  await context.clearCookies();
  await page.locator("#reason").pressSequentially(" Signed out.");
  await expect(status).toHaveAttribute("data-state", "offline");
  await context.addCookies(cookies);
  await ready();
  await expect(page.locator("#reason")).toHaveValue(/Signed out\./);
  await page.locator("#points").focus();
  await page.keyboard.press("4");
  await expect(status).toHaveAttribute("data-state", "saved");

  await page.locator("#points").focus();
  await page.keyboard.press("k");
  await expect(page).not.toHaveURL(new RegExp(address));
  await person.end();
});
