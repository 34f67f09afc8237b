// Being told: somebody without an account keeps a search and confirms the address once; a supplier publishes a solution that it
// finds; one click in the mail stops it. Around it: the feed, the buyer's page, partners, the library.
import { expect, test } from "@playwright/test";
import { Person, mailedLink, people } from "./town";

/** The newest link, waited for as long as "at once" may take: the end of the minute and a little. */
async function toldWithin(to: string, contains: string): Promise<string> {
  let link = "";
  await expect(async () => {
    link = await mailedLink(to, contains);
  }).toPass({ timeout: 100_000 });
  return link;
}

test("a search is kept without an account, told once and stopped by one click", async ({ browser, javaScriptEnabled }) => {
  test.setTimeout(180_000);
  const options = { javaScriptEnabled };
  const word = javaScriptEnabled ? "Quillwort" : "Marshtrefoil";
  const address = `${word.toLowerCase()}@reader.example`;
  const citizen = await Person.visitor(browser, options);
  await citizen.go(`/search?q=${word}`);
  const feed = await citizen.page.locator('link[type="application/atom+xml"]').getAttribute("href");
  expect(feed).toBe(`/search.atom?q=${word}`);
  expect((await citizen.page.request.get(feed!)).headers()["content-type"]).toContain("application/atom+xml");
  await citizen.follow("Save this search");
  await citizen.press("Save");
  await citizen.sees("Write an e-mail address");
  await citizen.fill({ email: address });
  await citizen.page.getByLabel("At once").check();
  await citizen.press("Save");
  await citizen.sees("We sent a link to this address");
  await citizen.go(await mailedLink(address, "/alerts/confirm"));
  await citizen.press("Yes, tell me");
  await citizen.sees("Confirmed. You will be told.");
  await citizen.sees(word);
  // Confirmed once: the next one needs no mail.
  await citizen.go("/alerts/new?q=another&kind=solution");
  await citizen.fill({ email: address });
  await citizen.press("Save");
  await citizen.sees("Saved. You will be told.");

  const supplier = await Person.signedIn(browser, people.supplier, options);
  await supplier.go("/library");
  await supplier.follow("Publish a solution");
  await supplier.fill({ title: `${word} counted from the air`, summary: "Counts in an hour", problem: "Nobody knew how many.", how: "Pictures." });
  await supplier.fill({ "proved-1-what": "Hours of counting", "proved-1-before": "40", "proved-1-after": "1" });
  await supplier.press("Publish");
  await supplier.sees("Without your consent nothing is published");
  await expect(supplier.page.locator('[name="proved-1-before"]')).toHaveValue("40");
  await supplier.page.getByLabel("I agree that everybody may read this").check();
  await supplier.press("Publish");
  await supplier.sees("Published. Everybody can read it.");
  const solution = new URL(supplier.page.url()).pathname;

  const officer = await Person.signedIn(browser, people.officer, options);
  await officer.go(solution);
  await officer.press("We have this problem too");
  await expect(officer.page).toHaveURL(/\/challenges\/new/);
  await citizen.go(solution);
  await citizen.sees("One buyer says: we have this problem too");

  // The mail that asked for a yes has a link that stops, too: the one that told is waited for.
  await toldWithin(address, solution);
  const stop = await mailedLink(address, "/alerts/stop");
  await citizen.go(stop);
  await citizen.sees(word);
  await citizen.press("Stop");
  await citizen.sees("No more mail comes about this.");
  await citizen.go("/alerts");
  await citizen.sees("One thing found so far.");
  await citizen.page.setViewportSize({ width: 390, height: 800 });
  for (const page of ["/alerts", "/alerts/new?q=x", solution, "/library"]) {
    await citizen.go(page);
    expect(await citizen.page.evaluate(() => document.documentElement.scrollWidth), page).toBeLessThanOrEqual(390);
  }

  await supplier.go(solution);
  await supplier.follow("Change or withdraw");
  await supplier.press("Withdraw");
  await supplier.sees("Withdrawn.");
  expect((await citizen.page.goto(solution))!.status()).toBe(404);
  for (const person of [citizen, supplier, officer]) await person.end();
});

test("a buyer is followed, and a supplier looks for a partner in public", async ({ browser, javaScriptEnabled }) => {
  const options = { javaScriptEnabled };
  const supplier = await Person.signedIn(browser, people.other, options);
  await supplier.go("/challenges");
  // Not just the first: what stands first depends on the journeys before, and the town's own note must stay.
  await supplier.follow("Bus stops that a blind passenger can find");
  await supplier.sees("Follow this buyer");
  const challenge = new URL(supplier.page.url()).pathname;
  await supplier.follow("Follow this buyer");
  await supplier.press("Save");
  await supplier.sees("Everything new from");
  await supplier.press(/^Stop/);
  await supplier.sees("Stopped. No more mail comes about this.");

  await supplier.go(`${challenge}/partners`);
  await supplier.press("Publish the note");
  await supplier.sees("Fill this in");
  await supplier.fill({ brings: "Sensors that last ten years", seeks: "Somebody who digs", contact: "partners@causeway.example" });
  await supplier.press("Publish the note");
  await supplier.sees("Your note is public.");
  const citizen = await Person.visitor(browser, options);
  await citizen.go(challenge);
  await citizen.follow(/looks? for a partner/);
  await citizen.sees("Somebody who digs");
  await supplier.press("Take it back");
  await citizen.go(`${challenge}/partners`);
  await expect(citizen.page.locator("main")).not.toContainText("Somebody who digs");
  expect((await citizen.page.request.get(`${challenge}/reach`)).status(), "for the team alone").toBe(404);
  for (const person of [supplier, citizen]) await person.end();
});
