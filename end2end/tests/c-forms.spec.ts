// Forms that come back, forms that come twice, and forms from elsewhere.
import { expect, test } from "@playwright/test";
import { Person, links, people } from "./town";

test("errors stand by their field, and what was typed is kept", async ({ page }) => {
  await page.goto("/register");
  await page.getByLabel("Your name").fill("Nell Quill");
  await page.getByLabel("E-mail address").fill("not an address");
  await page.getByLabel("Password").fill("short");
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === "POST"),
    page.locator("main").getByRole("button", { name: "Register" }).click(),
  ]);
  expect(answer.status()).toBe(422);
  await expect(page.getByRole("alert")).toContainText("There is a problem");
  await expect(page.getByLabel("Your name")).toHaveValue("Nell Quill");
  await expect(page.getByLabel("E-mail address")).toHaveValue("not an address");
  await expect(page.getByLabel("Password")).toHaveValue("");
  await page.getByRole("link", { name: /Write an e-mail address/ }).click();
  await expect(page).toHaveURL(/#email$/);
  await expect(page).toHaveTitle(/^Error:/);
});

test("two tabs in one section: the second is told, and both texts are shown", async ({ browser }) => {
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
  await second.getByRole("button", { name: "Save and continue" }).click();
  await expect(second.locator("body")).toContainText("Somebody else saved this section meanwhile");
  await expect(second.locator("body")).toContainText(`First tab ${stamp}`);
  await expect(second.getByLabel(/Limits/)).toHaveValue(`Second tab ${stamp}`);
  await second.getByRole("button", { name: "Save and continue" }).click();
  await second.goto(address);
  await expect(second.getByLabel(/Limits/)).toHaveValue(`Second tab ${stamp}`);
  await person.end();
});

test("a post from another site is refused", async ({ request }) => {
  const answer = await request.post("/theme", { form: { theme: "dark" }, headers: { origin: "https://elsewhere.example" } });
  expect(answer.status()).toBe(403);
});

test("colours are remembered, sessions are listed and ended, and signing out is final", async ({ browser }) => {
  const person = await Person.signedIn(browser, people.other);
  const { page } = person;
  await page.getByRole("button", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  const elsewhere = await Person.signedIn(browser, people.other);
  await person.go("/account");
  await page.getByRole("button", { name: "End it" }).first().click();
  await person.sees("The session has ended.");
  await elsewhere.end();
  await page.getByRole("button", { name: "Sign out" }).click();
  await person.sees("You are signed out.");
  await page.goto("/work");
  await expect(page).toHaveURL(/\/sign-in/);
  await person.end();
});
