// A challenge of the town in its second round: the team sees who goes on, those who go on answer further questions and take a time
// for their interview, and nobody else learns of it.
import { expect, test } from "@playwright/test";
import { fits, people, Person } from "./town";

const TITLE = /not been reached on a hot day/i;

test("those who go on answer and take a time, and nobody else learns who they are", async ({ browser }) => {
  test.setTimeout(120_000);
  const narrow = { viewport: { width: 390, height: 844 } };
  const officer = await Person.signedIn(browser, people.officer, narrow);
  await officer.go("/work");
  await officer.page.locator("main").getByRole("link", { name: TITLE }).first().click();
  const challenge = new URL(officer.page.url()).pathname.match(/^\/challenges\/[0-9a-z]{13}/)![0];
  await officer.go(`${challenge}/rounds`);
  await officer.sees("Round 2: Interview");
  await officer.sees("Invited, with what they answered before:");
  await expect(officer.page.locator("main")).toContainText("Hedgerow");
  await expect(officer.page.locator("main")).not.toContainText("Plainway");
  await fits(officer.page);
  await officer.go(`${challenge}/result?round=1`);
  await officer.sees("Who goes on to round 2: Interview");
  await officer.sees("The total decides at the edge.");
  await fits(officer.page);

  // To the public it is closed, as planned.
  const visitor = await Person.visitor(browser);
  await visitor.go(challenge);
  await expect(visitor.page.locator("main")).not.toContainText("Hedgerow");
  for (const secret of ["rounds", "interviews", "result?round=1", "decision?round=1", "interviews.ics"]) {
    expect((await visitor.page.goto(`${challenge}/${secret}`))!.status(), secret).not.toBe(200);
  }

  const supplier = await Person.signedIn(browser, people.supplier, narrow);
  await supplier.go("/work");
  await supplier.page.locator("main").getByRole("link", { name: TITLE }).first().click();
  await supplier.sees("You are invited to round 2 of 2: Interview");
  await fits(supplier.page);
  const response = new URL(supplier.page.url()).pathname.match(/^\/responses\/[0-9a-z]{13}/)![0];
  await supplier.go(`${response}/letter?round=1`);
  await supplier.sees("Your response goes on to the next round.");
  await expect(supplier.page.locator("main")).not.toContainText("Causeway");

  // A time: first by nothing chosen, then one that is free.
  await supplier.go(`${response}/interview`);
  await fits(supplier.page);
  await supplier.press(/^Take this time/);
  await supplier.sees("Choose one");
  await supplier.page.locator('input[name="slot"]').first().check();
  await supplier.press(/^Take this time/);
  await supplier.sees("The time is yours.");
  const calendar = await supplier.page.request.get(`${response}/interview.ics`);
  expect(await calendar.text()).toMatch(/BEGIN:VEVENT[\s\S]*DTSTART:\d{8}T\d{6}Z[\s\S]*END:VEVENT/);
  await officer.go(`${challenge}/interviews`);
  await expect(officer.page.locator("tbody tr", { hasText: "Hedgerow" })).toHaveCount(1);
  await expect(officer.page.locator("tbody tr", { hasText: "Causeway" })).toHaveCount(1);
  await fits(officer.page);
  const other = await Person.signedIn(browser, people.other);
  expect((await other.page.goto(`${response}/interview`))!.status()).toBe(404);

  // What the round asks, sealed as the first answers were.
  await supplier.go(response);
  for (const box of await supplier.page.locator('textarea[name^="question-"]').all()) {
    await box.fill("Two callers had no telephone of their own; since then each library lends three.");
  }
  await supplier.press("Save and submit now");
  await expect(supplier.page).toHaveURL(/\/receipts\//);
  await officer.go(challenge);
  expect((await officer.page.goto(`${challenge}/responses`))!.status(), "sealed until the opening").toBe(403);
});
