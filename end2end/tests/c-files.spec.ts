// Files of a response. Before the journey, which moves the clock behind all deadlines of the town: no draft is open then.
import { expect, test } from "@playwright/test";
import { Person, links, people, ready } from "./town";

const PDF = Buffer.from("%PDF-1.7\n1 0 obj\n<< >>\nendobj\n");

test("a file answers a question that asks for files, and can be taken off again", async ({ browser, javaScriptEnabled }) => {
  const person = await Person.signedIn(browser, people.supplier);
  const { page } = person;
  await person.go("/work");
  let at = "";
  for (const href of await links(page, "/responses/")) {
    await page.goto(href);
    at = (await links(page, "/files/of/"))[0] ?? "";
    if (at) break;
  }
  expect(at, "an open draft of the town asks for files").not.toBe("");
  await page.goto(at);
  if (javaScriptEnabled) await ready(page);
  const rows = page.locator(".wp-files__row");
  const before = await rows.count();
  await page.locator("#file").setInputFiles({ name: "plan.pdf", mimeType: "application/pdf", buffer: PDF });
  await person.press("Upload");
  await expect(page).toHaveURL(/done=file-attached/);
  await expect(rows).toHaveCount(before + 1);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "plan.pdf" }).click()]);
  expect(download.suggestedFilename()).toBe("plan.pdf");
  await rows.last().getByRole("button", { name: /Remove/ }).click();
  await expect(rows).toHaveCount(before);
  await person.end();
});
