// What the workshop does as one types: saving, two texts, the check, the notice, categories.
import { expect, test, type Page } from "@playwright/test";
import { Person, links, people, ready } from "./town";

test.skip(({ javaScriptEnabled }) => !javaScriptEnabled, "the plain forms are in the journeys");

const status = (page: Page) => page.locator(".wp-saved");
const state = (page: Page, is: string) => expect(status(page)).toHaveAttribute("data-state", is);

/** An officer in a section of the town's draft, with the browser's part there. */
async function writing(browser: Parameters<typeof Person.signedIn>[0], section: string) {
  const person = await Person.signedIn(browser, people.officer);
  const { page, context } = person;
  await person.go("/work");
  const address = `${(await links(page, "/edit"))[0]}/${section}`;
  const open = async (at: Page = page) => {
    await at.goto(address);
    await ready(at);
  };
  await open();
  return { person, page, context, address, open };
}

test("a section is saved as one types, and says so", async ({ browser }) => {
  const { person, page, open } = await writing(browser, "problem");
  const text = `Saved without a button, ${Date.now()}.`;
  await page.locator("#summary").fill(text);
  await state(page, "saved");
  await expect(status(page)).toContainText(/Saved/);
  await open();
  await expect(page.locator("#summary")).toHaveValue(text);
  // And once more over the version that the island now has.
  await page.locator("#summary").press("End");
  await page.locator("#summary").pressSequentially(" Twice.");
  await page.locator("#title").focus();
  await state(page, "saved");
  await page.locator("main").getByRole("button", { name: "Save and continue" }).click();
  await open();
  await expect(page.locator("#summary")).toHaveValue(`${text} Twice.`);
  await person.end();
});

test("words typed before the browser's part came are saved", async ({ browser }) => {
  const { person, page, address, open } = await writing(browser, "problem");
  await page.route(/\.wasm/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await route.continue();
  });
  await page.goto(address);
  const text = `Early, ${Date.now()}.`;
  await page.locator("#summary").fill(text);
  await ready(page);
  await expect(page.locator("#summary")).toHaveValue(text);
  await state(page, "saved");
  await page.unroute(/\.wasm/);
  await open();
  await expect(page.locator("#summary")).toHaveValue(text);
  await person.end();
});

test("without a connection or signed out a section is kept for its writer alone, and comes back", async ({ browser }) => {
  const { person, page, context, open } = await writing(browser, "context");
  const text = `Kept, ${Date.now()}.`;
  await context.setOffline(true);
  await page.locator("#context").fill(text);
  await state(page, "offline");
  const keys = await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("wp-draft:")));
  expect(keys.length).toBe(1);
  await page.goto("about:blank");
  await context.setOffline(false);
  await open();
  await expect(page.locator("#context")).toHaveValue(text);
  await state(page, "saved");
  const cookies = await context.cookies();
  await context.clearCookies();
  await page.locator("#context").press("End");
  await page.locator("#context").pressSequentially(" Signed out.");
  await state(page, "offline");
  await expect(status(page)).toContainText("You were signed out.");
  await context.addCookies(cookies);
  await open();
  await expect(page.locator("#context")).toHaveValue(`${text} Signed out.`);
  await page.locator("#context").press("End");
  await page.locator("#context").pressSequentially(" Back.");
  await expect.poll(() => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("wp-draft:")))).toEqual([]);
  await state(page, "saved");
  await person.end();
});

test("two in one section: both texts stand side by side, and each can be had", async ({ browser }) => {
  const { person, page, open } = await writing(browser, "context");
  const { person: other, page: second } = await writing(browser, "context");
  const stamp = Date.now();
  await page.locator("#context").fill(`First ${stamp}`);
  await state(page, "saved");
  await second.locator("#context").fill(`Second ${stamp}`);
  const box = second.locator(".wp-conflict--here");
  await expect(box).toContainText(`First ${stamp}`);
  await expect(box).toContainText(`Second ${stamp}`);
  // Nothing is saved before a choice, whatever is typed.
  await second.locator("#data").fill(`Data ${stamp}`);
  await second.waitForTimeout(1_500);
  await open();
  await expect(page.locator("#context")).toHaveValue(`First ${stamp}`);
  await box.getByRole("button", { name: /Take this one/ }).first().click();
  await expect(second.locator("#context")).toHaveValue(`First ${stamp}`);
  await second.locator("#context").press("End");
  await second.locator("#context").pressSequentially(" and second");
  await box.getByRole("button", { name: "Save what stands in the form now" }).click();
  await state(second, "saved");
  await expect(box).toBeHidden();
  await open();
  await expect(page.locator("#context")).toHaveValue(`First ${stamp} and second`);
  await expect(page.locator("#data")).toHaveValue(`Data ${stamp}`);
  await other.end();
  await person.end();
});

test("the check reads as one types, shows the words, and is quick", async ({ browser }) => {
  const { person, page } = await writing(browser, "limits");
  const limits = page.locator("#limits");
  const before = await limits.inputValue();
  await limits.fill("- It works without a mobile telephone.\n- It runs on Microsoft Azure.");
  const finding = page.locator(".wp-finding--must").first();
  await expect(finding).toContainText(/is a brand or a product/);
  await finding.getByRole("button", { name: /Show it in the text/ }).click();
  await expect(limits).toBeFocused();
  const shown = await limits.evaluate((e: HTMLTextAreaElement) => e.value.slice(e.selectionStart, e.selectionEnd));
  expect(shown).toMatch(/Azure|Microsoft/);
  await limits.fill("- It works without a mobile telephone.");
  await expect(page.locator(".wp-finding--must")).toHaveCount(0);

  const sentence = "Nurses drive alone, and one visit in nine fails because nobody opens the door at the hour that was agreed last week. ";
  await limits.fill(sentence.repeat(92));
  const took: number[] = [];
  for (const _ of Array(7)) {
    const last = await page.locator(".wp-check").getAttribute("data-took");
    await limits.press("End");
    await limits.pressSequentially("a");
    await page.waitForTimeout(500);
    took.push(Number((await page.locator(".wp-check").getAttribute("data-took")) ?? last));
  }
  took.sort((a, b) => a - b);
  console.log(`      2,000 words are checked in ${took.join(", ")} ms`);
  expect(took[3]).toBeLessThan(30);
  await limits.fill(before);
  await state(page, "saved");
  await person.end();
});

test("the notice is shown as it will look, and follows what is saved", async ({ browser }) => {
  const { person, page } = await writing(browser, "problem");
  await page.getByText("See the notice as it will look").click();
  const notice = page.locator(".wp-notice-preview .wp-preview");
  await expect(notice).toBeVisible();
  const text = `As the public reads it, ${Date.now()}.`;
  await page.locator("#summary").fill(text);
  await expect(notice).toContainText(text);
  await person.end();
});

test("categories are found by typing words, and what is ticked is saved", async ({ browser }) => {
  const { person, page, open } = await writing(browser, "categories");
  await page.locator("#find").pressSequentially("refuse", { delay: 30 });
  const first = page.locator(".govuk-checkboxes__item:has(input[id^=found-])").first();
  await expect(first).toContainText(/refuse/i);
  const name = await first.locator("input").getAttribute("name");
  await first.locator("input").check();
  await expect(first.locator("input")).toBeFocused();
  await state(page, "saved");
  await page.locator("#find").fill("");
  await expect(page.locator(`[name="${name}"]`)).toBeChecked();
  await open();
  await expect(page.locator(`[name="${name}"]`)).toBeChecked();
  await page.locator(`[name="${name}"]`).uncheck();
  await state(page, "saved");
  await person.end();
});
