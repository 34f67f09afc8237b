// Finding: a citizen narrows what was found, on a narrow page too; an officer finds drafts and what came of problems like hers; a
// supplier finds what is open.
import { expect, test } from "@playwright/test";
import { Person, fits, people } from "./town";

test("a citizen finds in spite of a slip, narrows, and keeps what can be told", async ({ browser, javaScriptEnabled }) => {
  const citizen = await Person.visitor(browser, { javaScriptEnabled });
  const { page } = citizen;
  await citizen.go("/");
  const box = page.getByRole("main").locator("input[type=search]");
  await box.fill("leeks in old mians");
  await box.press("Enter");
  await expect(page).toHaveURL(/\/search\?q=leeks/);
  await citizen.sees("spelling was forgiven");
  const leaks = page.locator(".wp-hit", { has: page.getByRole("link", { name: "Find leaks in the old mains" }) });
  await expect(leaks).toContainText("Decided");

  // Every group is beside the hits where there is room, and folded above them where there is none.
  await page.setViewportSize({ width: 1280, height: 900 });
  await citizen.go("/search?q=");
  const decided = page.locator(".wp-facets").getByRole("link", { name: /^Decided/ });
  await expect(decided).toBeVisible();
  await page.setViewportSize({ width: 390, height: 800 });
  await expect(decided).toBeHidden();
  const fold = page.locator(".wp-fold > summary");
  const [above, below] = [await fold.boundingBox(), await page.locator(".wp-hit").first().boundingBox()];
  expect(above!.height).toBeGreaterThanOrEqual(44);
  expect(above!.y).toBeLessThan(below!.y);
  await fold.click();
  await decided.click();
  await expect(page).toHaveURL(/when=decided/);
  await fits(page);
  await expect(page.getByRole("link", { name: "Save this search" })).toBeVisible();
  // Of suppliers nobody is told: the page says so instead of offering it.
  await citizen.go("/search?kind=supplier");
  await citizen.sees("Nobody is told of new suppliers and buyers");
  await expect(page.getByRole("link", { name: "Save this search" })).toHaveCount(0);
  await fits(page);
  // An old link leads to the last page, and a bad one of a mail shows no button.
  await citizen.go("/library?page=99");
  await expect(page).toHaveURL(/\/library\?page=1$/);
  expect((await page.goto("/alerts/confirm?t=x"))!.status()).toBe(404);
  await expect(page.locator("main").getByRole("button")).toHaveCount(0);
  await citizen.end();
});

test("an officer finds her drafts and what came of problems like hers", async ({ browser, javaScriptEnabled }) => {
  const officer = await Person.signedIn(browser, people.officer, { javaScriptEnabled });
  await officer.go("/search?q=libraries+sundays");
  await expect(officer.page.locator(".wp-hit").first()).toContainText("Draft");
  const citizen = await Person.visitor(browser, { javaScriptEnabled });
  await citizen.go("/search?q=libraries+sundays");
  await expect(citizen.page.locator("main")).not.toContainText("Libraries that open on Sundays");
  for (const person of [officer, citizen]) await person.end();
});

test("a supplier finds what is open and who looks for a partner", async ({ browser, javaScriptEnabled }) => {
  const supplier = await Person.signedIn(browser, people.supplier, { javaScriptEnabled });
  await supplier.go("/search?q=lights&when=open");
  await supplier.follow(/Street lights that are mended/);
  await supplier.follow(/looks? for a partner/);
  await supplier.sees("walk the footpaths");
  await supplier.go("/alerts");
  await supplier.sees(/things? found so far/);
  await supplier.end();
});
