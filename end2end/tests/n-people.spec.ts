// Those who help a supplier answer: who reads a draft by a link without an account, and a partner who signs it off by one.
import { expect, test, type Browser, type Page } from "@playwright/test";
import { Person, links, mailedLink, people, register } from "./town";

const answer = (page: Page) => page.locator('textarea[name^="question-"]').first();

/** A supplier at a draft of the town that can still be written. */
async function drafting(browser: Browser) {
  const person = await Person.signedIn(browser, people.supplier);
  await person.go("/work");
  for (const href of await links(person.page, "/responses/")) {
    await person.go(href);
    if ((await answer(person.page).count()) > 0) return { person, address: href };
  }
  throw new Error("the town has no open draft for this supplier");
}

test("somebody without an account reads a draft by a link, until it is taken back", async ({ browser }) => {
  const { person, address } = await drafting(browser);
  const whom = `The boss ${Date.now()}`;
  await person.follow("Let somebody read it who has no account");
  await person.press("Make the link");
  await person.sees("There is a problem");
  await person.fill({ whom });
  await person.press("Make the link");
  await person.sees("The link is made.");
  const card = person.page.locator(".wp-card", { hasText: whom });
  const link = await card.locator("input[readonly]").inputValue();
  const boss = await Person.visitor(browser);
  const path = new URL(link);
  const response = await boss.page.goto(path.pathname + path.search);
  expect(response!.status()).toBe(200);
  expect(response!.headers()["cache-control"]).toContain("no-store");
  expect(response!.headers()["x-robots-tag"]).toContain("noindex");
  await boss.sees("lets you read what it is about to send");
  expect(await boss.page.locator('main a[href^="/responses/"], main textarea, main form').count(), "it leads nowhere and changes nothing").toBe(0);
  await person.go(`${address}/links`);
  await expect(card).toContainText("Last used");
  await card.getByRole("button", { name: /Take it back/ }).click();
  await person.sees("The link is taken back.");
  expect((await boss.page.goto(path.pathname + path.search))!.status()).toBe(404);
  await boss.end();
  await person.end();
});

test("a partner signs off without an account, and the sign-off lapses with a change", async ({ browser }, info) => {
  const { person, address } = await drafting(browser);
  const partner = `Brook ${info.project.name} ${Date.now()}`;
  const email = `brook${Date.now()}@partner.example`;
  const at = `${address}/partners`;
  await person.go(at);
  await person.fill({
    "partner-1-name": partner,
    "partner-1-work": "Sensors and their care",
    "partner-1-share": "30",
    "partner-1-people": "Bea Brook",
    "partner-1-email": email,
  });
  await person.press("Save");
  await person.sees("Saved.");
  const card = person.page.locator(".wp-card", { hasText: partner });
  await expect(card).toContainText("Not asked");
  await card.getByRole("button", { name: /Ask to sign off/ }).click();
  await person.sees("The mail is on its way.");
  const there = await mailedLink(email, "/sign-off");
  const signer = await Person.visitor(browser);
  await signer.page.goto(there);
  await signer.sees("asks you to sign off what it is about to send");
  await signer.sees("Sensors and their care");
  const whole = (await signer.page.getByRole("button", { name: "Sign off" }).count()) > 0;
  if (whole) {
    await signer.press("Sign off");
    await signer.sees("Tick the box if you agree.");
    await signer.fill({ name: "Bea Brook" });
    await signer.page.locator('[name="agree"]').check();
    await signer.press("Sign off");
    await signer.sees("It is signed off.");
    await person.go(at);
    await expect(card).toContainText("Signed off");
    await person.fill({ "partner-1-work": "Sensors alone" });
    await person.press("Save");
    await expect(card).toContainText("Signed an earlier text");
  } else {
    await signer.sees("The draft is not complete yet.");
  }
  // The row is emptied again: other journeys find the draft as it was.
  await person.go(at);
  await person.fill({ "partner-1-name": "", "partner-1-work": "", "partner-1-share": "", "partner-1-people": "", "partner-1-email": "" });
  await person.press("Save");
  await expect(card).toHaveCount(0);
  await signer.end();
  await person.end();
});

test("who has no company registers as a person", async ({ browser }) => {
  const visitor = await Person.visitor(browser);
  await visitor.go("/challenges");
  const open = await links(visitor.page, "/challenges/");
  let told = false;
  for (const href of open.slice(0, 8)) {
    await visitor.go(href);
    told ||= (await visitor.page.getByText("You need no company to answer").count()) > 0;
    if (told) break;
  }
  expect(told, "a challenge says that no company is needed").toBe(true);
  // Somebody of their own: who of the town had another membership would act as it in the journeys that follow.
  const person = await register(browser, "Alma Alone", `alma${Date.now()}@alone.example`);
  await person.go("/organisations/new");
  const name = `Alma alone ${Date.now()}`;
  await person.page.getByLabel(/Yourself/).check();
  await person.page.getByLabel("Its name").fill(name);
  await person.press("Register it");
  await person.sees("The organisation is registered.");
  await person.end();
  await visitor.end();
});
