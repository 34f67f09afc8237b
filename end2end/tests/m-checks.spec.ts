// The check of a challenge of the town that is being scored: something is asked late, the panel stops, the supplier answers beside
// what it sent, and all goes on as before.
import { expect, test } from "@playwright/test";
import { dayFromNow, fits, links, people, Person } from "./town";

const TITLE = /holes/i;

test("an officer asks, a supplier answers beside its submission, the panel goes on", async ({ browser }) => {
  test.setTimeout(120_000);
  const officer = await Person.signedIn(browser, people.officer, { viewport: { width: 390, height: 844 } });
  await officer.go("/work");
  await officer.page.locator("main").getByRole("link", { name: TITLE }).first().click();
  const challenge = new URL(officer.page.url()).pathname.match(/^\/challenges\/[0-9a-z]{13}/)![0];
  await officer.go(challenge);
  await officer.sees("Scoring");
  await officer.follow(/^Check$/);
  await officer.sees("Everything is settled.");
  await officer.sees("The panel scores already.");
  await fits(officer.page);

  // By the keyboard alone: the cell of Hedgerow, the choice, the question, the day, the button.
  const row = officer.page.locator("tbody tr", { hasText: "Hedgerow" });
  await row.locator("td a").first().focus();
  await officer.page.keyboard.press("Enter");
  await officer.sees("What was recorded");
  await fits(officer.page);
  const cell = new URL(officer.page.url()).pathname + new URL(officer.page.url()).search;
  await officer.page.locator('[name="kind"][value="passed"]').focus();
  await officer.page.keyboard.press("ArrowDown");
  await expect(officer.page.getByLabel("The supplier has to clarify")).toBeChecked();
  await officer.press("Record");
  await officer.sees("Give a date");
  await expect(officer.page.getByLabel("The supplier has to clarify")).toBeChecked();
  await officer.fill({ reason: "Does it cover people on bicycles?", deadline_date: await dayFromNow(officer.page, 7), deadline_time: "12:00" });
  await officer.press("Record");
  await officer.sees("Recorded.");
  await officer.go(`${challenge}/check`);
  await officer.sees("One thing is to be settled.");
  await expect(row.locator("td").first()).toContainText("Asked");

  // The panel waits; the supplier is told what, and by when.
  const chair = await Person.signedIn(browser, people.chair);
  await chair.go(`${challenge}/scoring`);
  await chair.sees("Scoring rests");
  const supplier = await Person.signedIn(browser, people.supplier, { viewport: { width: 390, height: 844 } });
  await supplier.go("/work");
  const [page] = await links(supplier.page, "/clarifications");
  await supplier.go(page);
  await supplier.sees("Does it cover people on bicycles?");
  await supplier.sees("What you submitted stays as it is.");
  await fits(supplier.page);
  await supplier.fill({ "answer-requirement": "It does: page 4 of the policy." });
  await supplier.press("Send the answer");
  await supplier.sees("Your answer was sent.");
  await supplier.sees("It does: page 4 of the policy.");
  const stranger = await Person.signedIn(browser, people.other);
  expect((await stranger.page.goto(page))!.status()).toBe(404);

  await officer.go(cell);
  await officer.sees("It does: page 4 of the policy.");
  await officer.page.getByLabel("It passes").check();
  await officer.fill({ reason: "The policy covers them." });
  await officer.press("Record");
  await officer.go(`${challenge}/check`);
  await officer.sees("Everything is settled.");
  await supplier.go(page);
  await supplier.sees("The authority has settled this.");
  // Beside the untouched answers, for those who read them.
  await officer.go(`${challenge}/responses`);
  await officer.follow("Hedgerow");
  await officer.sees("Clarified after the opening");
  await officer.sees("Does it cover people on bicycles?");
});
