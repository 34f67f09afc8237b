// Around the table: a chair and three evaluators moderate at once, each in a browser of their own, with and without a script.
import { expect, test } from "@playwright/test";
import { Person, complaintsOf, links, ready } from "./town";

const panel = ["ingrid@panel.example", "marcus@panel.example", "grace@panel.example", "noor@panel.example"];

test("a panel agrees item by item, notes dissent, and approves the record as it stands", async ({ browser }, info) => {
  test.setTimeout(120_000);
  const script = info.project.name === "js";
  const everybody = await Promise.all(panel.map((email) => Person.signedIn(browser, email)));
  const [chair, marcus, grace, noor] = everybody;
  const complaints = everybody.map((person) => complaintsOf(person.page));
  await chair.go("/work");
  const room = (await links(chair.page, "/moderation")).find((href) => href.endsWith("/moderation"))!;
  await Promise.all(everybody.map((person) => person.go(room)));
  for (const person of everybody) await person.sees(/\d of 8 agreed/);
  expect(await marcus.page.getByRole("button", { name: /^Agree on/ }).count(), "who does not lead agrees on nothing").toBe(0);

  // The widest disagreement comes first.
  const spreads = await chair.page.locator("#agenda tbody tr td:first-of-type").allTextContents();
  expect(spreads.length).toBe(8);
  const widths = spreads.map((text) => (text.includes("all agree") ? 0 : parseInt(text, 10)));
  expect(widths).toEqual([...widths].sort((a, b) => b - a));

  // Where all gave the same: one step, and still a reason.
  const equal = chair.page.locator("#equal li").first();
  if ((await equal.count()) > 0) {
    const button = equal.getByRole("button");
    const answered = chair.page.waitForEvent("domcontentloaded");
    await button.click();
    await answered;
    await chair.sees("Fill this in");
    await chair.page.locator("#equal textarea").first().fill("Every cause that the patients named is met by something that can be tried.");
    await chair.press(/^Agree on/, "#equal");
    await chair.sees("The agreed score is saved.");
  }

  // The same item, open before all of them; one is typing.
  const item = (await links(chair.page, "/moderation/")).filter((href) => !href.endsWith("/record"))[0];
  await Promise.all(everybody.map((person) => person.go(item)));
  for (const person of everybody) await person.sees("Scores and reasons");
  if (script) await ready(marcus.page);
  await marcus.page.getByText("I see it otherwise").click({ timeout: 5_000 }).catch(() => {});
  const typed = "The evenings are what matters, and they are not covered.";
  const dissent = marcus.page.locator('[name="dissent"]');
  if (!(await dissent.isVisible())) await marcus.page.getByText("I see it otherwise").click();
  await dissent.fill(typed);

  const reason = `The letter and the calls are tried, and the figures of a comparable trust are named (${info.project.name}).`;
  await chair.page.locator("form#agree").getByLabel("4", { exact: true }).check();
  await chair.fill({ reason });
  await chair.press("Save", "form#agree");
  await chair.sees("The agreed score is saved.");
  await chair.fill({ minutes: "Grace asked for the figures of each clinic; they were read out." });
  await chair.press("Add");
  await chair.sees("It is in the minutes.");

  if (script) {
    await expect(marcus.page.locator("#agreed")).toContainText(reason, { timeout: 15_000 });
    await expect(dissent, "what is being typed stays").toHaveValue(typed);
    await expect(grace.page.locator("#notes")).toContainText("they were read out", { timeout: 15_000 });
  } else {
    await grace.page.reload();
    await grace.sees(reason);
  }
  await marcus.press("Save my dissent");
  await marcus.sees("Your dissent is saved.");
  await marcus.sees(typed);

  // Every item is agreed on, then the record is put before the members.
  await chair.go(room);
  for (const href of (await links(chair.page, "/moderation/")).filter((href) => !href.endsWith("/record"))) {
    await chair.go(href);
    const points = chair.page.locator("form#agree");
    if ((await points.locator("input:checked").count()) === 0) await points.getByLabel("3", { exact: true }).check();
    if ((await points.locator("textarea").inputValue()) === "") {
      await chair.fill({ reason: `What it says of ${href.slice(-6)} is tried, and one thing is left open.` });
      await chair.press("Save", "form#agree");
    }
  }
  await chair.go(`${room}/record`);
  await chair.sees("8 of 8 agreed");
  await chair.fill({ discussion: "We spoke of evenings and of languages." });
  await chair.press(/^Put it before the members/);
  await chair.sees("The record is before the members");
  for (const member of [marcus, grace, noor]) {
    await member.go(`${room}/record`);
    await member.sees(reason);
    await member.press("I approve the record");
    await member.sees("You have approved the record.");
  }
  await chair.go(`${room}/record`);
  await expect(chair.page.locator("#members")).not.toContainText("Not approved yet");

  // Whatever is changed lapses what was approved before: it is not closed like that.
  await chair.go(item);
  await chair.fill({ minutes: "One thing more." });
  await chair.press("Add");
  await chair.go(`${room}/record`);
  await expect(chair.page.locator("#members")).toContainText("Not approved yet");
  await chair.press("Close the record");
  await chair.sees("has not approved the record as it stands");
  expect(complaints.flat()).toEqual([]);
  await Promise.all(everybody.map((person) => person.end()));
});
