// A draft that others read before it is published: in public as a sounding, and by invitation, passage by passage.
import { expect, test } from "@playwright/test";
import { Person, dayFromNow, mailedLink, people } from "./town";

async function begun(officer: Person, title: string): Promise<string> {
  await officer.go("/challenges/new");
  await officer.fill({ title });
  await officer.press("Begin");
  const edit = new URL(officer.page.url()).pathname;
  await officer.go(`${edit}/outcomes`);
  await officer.fill({ "outcome-1-title": "Falls", "outcome-1-baseline": "9", "outcome-1-target": "4", "outcome-1-by": "June 2028" });
  await officer.press("Save and continue");
  return edit.replace(/\/edit$/, "");
}

test("a draft is shown for comments, and what changed because of it is said", async ({ browser, javaScriptEnabled }) => {
  const options = { javaScriptEnabled };
  const officer = await Person.signedIn(browser, people.officer, options);
  const title = `Sounded out ${javaScriptEnabled}`;
  const challenge = await begun(officer, title);
  await officer.go(`${challenge}/edit`);
  await officer.follow("Sounding: show this draft to everybody");
  await officer.press("Show it to everybody");
  await officer.sees("Give a date");
  await officer.fill({ comments_date: await dayFromNow(officer.page, 14) });
  await officer.press("Show it to everybody");
  await officer.sees("This is what everybody sees");
  const sounding = new URL(officer.page.url()).pathname;

  const visitor = await Person.visitor(browser, options);
  await visitor.go("/challenges");
  await visitor.follow("Drafts shown for comments");
  await visitor.follow(title);
  await visitor.sees("Falls");
  await visitor.follow("Sign in to comment");
  await expect(visitor.page).toHaveURL(/next=/);
  const supplier = await Person.signedIn(browser, people.supplier, options);
  await supplier.go(sounding);
  await supplier.press("Publish my comment");
  await supplier.sees("Fill this in");
  await supplier.page.getByLabel("What is it about?").selectOption("outcomes");
  await supplier.fill({ comment: "Falls of whom?" });
  await supplier.press("Publish my comment");
  await supplier.sees("Your comment is on this page.");
  expect((await supplier.page.request.get(challenge)).status(), "the draft itself").toBe(404);

  await officer.go(sounding);
  await officer.follow("Say what changed");
  await officer.page.getByLabel(/Falls of whom/).check();
  await officer.page.getByLabel("Taken up", { exact: true }).check();
  await officer.fill({ what: "Of people over 65." });
  await officer.press("Publish this");
  await visitor.go(sounding);
  await visitor.sees("Of people over 65.");
  await visitor.page.setViewportSize({ width: 320, height: 800 });
  expect(await visitor.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);

  await officer.go(`${challenge}/sounding`);
  await officer.page.locator("summary", { hasText: "Take it down" }).click();
  await officer.press("Take it down");
  await officer.sees("It is taken down.");
  expect((await visitor.page.goto(sounding))!.status()).toBe(404);
  for (const person of [officer, visitor, supplier]) await person.end();
});

test("an invited person comments on a passage, and loses the draft when it is revoked", async ({ browser, javaScriptEnabled }) => {
  const options = { javaScriptEnabled };
  const officer = await Person.signedIn(browser, people.officer, options);
  const challenge = await begun(officer, `Read by one ${javaScriptEnabled}`);
  // Letters of the other run lie in the same folder.
  const reader = javaScriptEnabled ? people.chair : people.conflicted;
  await officer.go(`${challenge}/comments`);
  await officer.fill({ email: reader });
  await officer.press("Invite");
  await officer.sees("The invitation is on its way.");
  const link = await mailedLink(reader, "/drafts/");

  const other = await Person.signedIn(browser, people.evaluator, options);
  expect((await other.page.goto(link))!.status()).toBe(404);
  const invited = await Person.signedIn(browser, reader, options);
  await invited.go(link);
  await invited.page.getByLabel("What is it about?").selectOption("outcomes");
  await invited.fill({ quote: "Broken legs", comment: "By the day or in all?" });
  await invited.press("Send my comment");
  await invited.sees("These words are not in this section");
  await invited.fill({ quote: "Falls" });
  await invited.press("Send my comment");
  await invited.sees("Your comment is with the authority.");

  await officer.go(`${challenge}/edit/outcomes`);
  await officer.sees("By the day or in all?");
  await officer.follow("Answer or resolve it");
  await officer.page.locator("summary", { hasText: "Answer it" }).click();
  await officer.fill({ answer: "In a year." });
  await officer.press("Send the answer");
  await invited.go(link);
  await invited.sees("In a year.");
  await officer.press(/^Revoke/);
  await officer.sees("The invitation is revoked.");
  expect((await invited.page.goto(link))!.status()).toBe(404);
  for (const person of [officer, other, invited]) await person.end();
});
