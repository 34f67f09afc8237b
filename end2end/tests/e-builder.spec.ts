// The form builder: cards of every kind, moved and removed by plain buttons, and what suppliers will see of them.
import { expect, test } from "@playwright/test";
import { Person, people } from "./town";

test("questions of every kind are added, moved and taken out, and nothing typed is lost", async ({ browser, javaScriptEnabled }) => {
  const officer = await Person.signedIn(browser, people.officer, { javaScriptEnabled });
  const { page } = officer;
  await officer.go("/challenges/new");
  await officer.fill({ title: `A form of every kind ${javaScriptEnabled}` });
  await officer.press("Begin");
  const edit = new URL(page.url()).pathname;
  await officer.go(`${edit}/outcomes`);
  await officer.fill({ "outcome-1-title": "Falls", "outcome-1-baseline": "9", "outcome-1-target": "4", "outcome-1-by": "June 2028" });
  await officer.press("Save and continue");

  await officer.go(`${edit}/questions`);
  await expect(page.locator("legend", { hasText: "Outcome promise: Falls" })).toBeVisible();
  await officer.fill({ "question-1-label": "How?" });
  for (const kind of ["number", "choices"]) {
    await page.locator('[name="add_question"]').selectOption(kind);
    await officer.press("Add a question");
  }
  await expect(page.locator('[name="question-1-label"]')).toHaveValue("How?");
  await expect(page.locator(".govuk-error-summary")).toHaveCount(0);
  await officer.fill({ "question-3-label": "How far?", "question-3-unit": "km", "question-4-label": "Where?", "question-4-options": "North\nSouth" });
  await page.locator('button[value="up:question-4"]').click();
  await expect(page.locator('[name="question-3-label"]')).toHaveValue("Where?");
  await expect(page.locator('[name="question-4-unit"]')).toHaveValue("km");
  // The Enter key saves; it presses no button of a card.
  await page.locator('[name="question-4-unit"]').press("Enter");
  await officer.sees("Saved.");

  await officer.go(`${edit}/questions`);
  await page.getByText("The form as suppliers will see it").click();
  const preview = page.locator(".wp-form-preview");
  await expect(preview.getByLabel("South")).toBeDisabled();
  await expect(preview.getByText("Value you promise for: Falls")).toBeVisible();
  await page.locator('button[value="remove:question-3"]').click();
  await expect(page.locator('[name="question-3-label"]')).toHaveCount(0);

  await officer.go(`${edit}/criteria`);
  await officer.fill({ "criterion-1-name": "Effect", "criterion-1-weight": "100" });
  for (const _ of [1, 2]) await officer.press("Add a sub-criterion");
  const parts = { "criterion-1-part-1-name": "By day", "criterion-1-part-1-weight": "60", "criterion-1-part-2-name": "By night" };
  await officer.fill({ ...parts, "criterion-1-part-2-weight": "30" });
  await page.getByLabel("How far?").first().check();
  await officer.press("Save and continue");
  await officer.sees("The weights of the sub-criteria make 90.00, not 100");
  await officer.fill({ "criterion-1-part-2-weight": "40" });
  await officer.press("Save and continue");
  await officer.sees("Saved.");

  await page.setViewportSize({ width: 320, height: 800 });
  for (const section of ["questions", "criteria", "panel", "rounds"]) {
    await officer.go(`${edit}/${section}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), section).toBeLessThanOrEqual(320);
  }
  await officer.end();
});
