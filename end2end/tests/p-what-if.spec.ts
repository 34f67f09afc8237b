// Weights that were not published: a form that anybody can use, and sliders where there is a script.
import { expect, test } from "@playwright/test";
import { Person, complaintsOf, links, people, ready } from "./town";

test("other weights show another ranking, and nothing is changed by it", async ({ browser }, info) => {
  const person = await Person.signedIn(browser, people.hospitalOfficer);
  const { page } = person;
  const complaints = complaintsOf(page);
  await person.go("/work");
  const challenge = (await links(page, "/recommend"))[0].replace(/\/recommend$/, "");
  await person.go(`${challenge}/what-if`);
  const fields = page.locator('input[name^="w-"]');
  const weights = async () => (await fields.evaluateAll((all) => all.map((field) => Number((field as HTMLInputElement).value))));
  const sum = (all: number[]) => Math.round(all.reduce((a, b) => a + b, 0) * 100) / 100;
  const published = await weights();
  expect(published.length).toBeGreaterThan(1);
  expect(sum(published)).toBe(100);
  if (info.project.name === "js") {
    await ready(page);
    const posts: string[] = [];
    page.on("request", (request) => posts.push(request.url()));
    await page.locator("input[type=range]").first().focus();
    await page.keyboard.press("End");
    await expect(fields.first()).toHaveValue("100");
    expect(sum(await weights())).toBe(100);
    await page.keyboard.press("Home");
    await expect(fields.first()).toHaveValue("0");
    expect(sum(await weights())).toBe(100);
    await page.locator("input[type=range]").first().fill(String(published[0]));
    expect(await weights(), "there and back, the others keep their proportion").toEqual(published);
    await expect(page.locator('[data-slot="first"]')).toContainText("First at these weights");
    expect(posts, "the sums are in the page").toEqual([]);
  }
  // The form says the same, with or without.
  await person.go(`${challenge}/what-if`);
  await fields.first().fill("0");
  await page.getByRole("button", { name: "Show the ranking" }).click();
  await expect(page).toHaveURL(/w-/);
  await expect(fields.first()).toHaveValue("0");
  expect(sum(await weights())).toBe(100);
  await fields.first().fill("nonsense");
  await page.getByRole("button", { name: "Show the ranking" }).click();
  await person.sees("There is a problem");
  await expect(fields.first()).toHaveValue("nonsense");
  await person.go(`${challenge}/what-if`);
  expect(await weights(), "what was published stands").toEqual(published);
  expect(complaints.filter((one) => !one.includes("422"))).toEqual([]);
  await person.end();
});
