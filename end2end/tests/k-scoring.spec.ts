// Scoring from declaration to result: a chair and three evaluators at once, each in a browser of their own, on a challenge of
// their own, with and without a script. Moves the installation's clock past that challenge's deadline.
import { expect, test, type Browser } from "@playwright/test";
import { Person, complaintsOf, dayFromNow, links, mailedLink, organisation, people, ready, register } from "./town";

/** A published challenge of the officer's, approved by a second person; its address. */
async function published(browser: Browser, officer: Person, tag: string, address: (who: string) => string): Promise<string> {
  await organisation(officer, /public authority/, `Town of ${tag}`);
  const approver = await register(browser, "Abe Approver", address("abe"));
  await officer.go("/account");
  await officer.follow(`Town of ${tag}`);
  await officer.page.getByLabel("E-mail address").fill(address("abe"));
  await officer.page.getByLabel("Role").selectOption("approver");
  await officer.press("Send the invitation");
  await officer.sees("The invitation is on its way.");
  await approver.page.goto(await mailedLink(address("abe"), "/invitation"));
  await approver.press("Accept");
  await approver.page.getByRole("button", { name: `Act as Town of ${tag}` }).click();
  const administrator = await Person.signedIn(browser, people.administrator);
  await administrator.go("/admin/buyers");
  await administrator.page.getByRole("button", { name: `Verify: Town of ${tag}` }).click();
  await administrator.sees("Recorded.");
  await administrator.end();
  await officer.go("/account");
  await officer.follow(`Town of ${tag}`);
  await officer.follow("Who opens responses");
  await officer.page.getByLabel("One", { exact: true }).check();
  await officer.press("Save");

  await officer.go("/challenges/new");
  await officer.fill({ title: `Dry cellars ${tag}` });
  await officer.press("Begin");
  const edit = new URL(officer.page.url()).pathname;
  const section = async (code: string, fields: Record<string, string>, also?: () => Promise<void>) => {
    await officer.go(`${edit}/${code}`);
    await officer.fill(fields);
    await also?.();
    await officer.press("Save and continue");
    await officer.sees("Saved.");
  };
  await section("problem", {
    summary: "After each heavy rain cellars of the old town stand under water.",
    affected: "210 households of the old town.",
    now: "Each year 40 cellars stand under water for a day or longer.",
    source: "Count of the fire brigade",
    why_now: "The next rains come in the autumn.",
    tried: "Pumps, for a season.",
    statement: "# Now\n\nEach year **40 cellars** stand under water.",
  });
  await section("outcomes", { "outcome-1-title": "Cellars under water", "outcome-1-baseline": "40", "outcome-1-target": "10", "outcome-1-by": "June 2028" });
  await section("limits", { limits: "No street is dug up." });
  await section("context", { context: "The fire brigade comes with two pumps.", data: "The counts since 2022, as a table." });
  await section("requirements", { "requirement-1-title": "Insured against damage to the houses." });
  await section("terms", { conditions: "Half is paid at the start." }, async () => {
    await officer.page.locator('[name="property"][value="shared"]').check();
  });
  await section("budget", { budget: "60000", duration: "six months", "milestone-1-title": "Works in one street" });
  await section("questions", { "question-1-label": "What changes with the first rain?", "question-1-words": "200" });
  await section("criteria", { "criterion-1-name": "Effect", "criterion-1-weight": "60", "criterion-2-name": "Price", "criterion-2-weight": "40" }, async () => {
    await officer.page.locator('[name="criterion-2-kind"]').selectOption("price-absolute");
  });
  const day = await dayFromNow(officer.page, 1);
  await section("timetable", { deadline_date: day, deadline_time: "23:00" }, async () => {
    await officer.page.locator('[name="zone"]').selectOption("UTC");
    await officer.fill({ enquiry_date: day, enquiry_time: "22:00" });
  });
  await officer.go(`${edit}/categories`);
  await officer.fill({ find: "water" });
  await officer.press("Find categories");
  await officer.page.locator('main [type="checkbox"][name^="category-"]').first().check();
  await officer.press("Save and continue");
  await section("contact", { contact: "Oda Officer", place: "The old town" });
  await officer.go(edit);
  await officer.page.getByText("Change the team").click();
  await officer.page.getByLabel("Who").selectOption(address("abe"));
  await officer.page.locator('details [name="role"]').selectOption("approver");
  await officer.page.locator("details").getByRole("button", { name: "Save" }).click();
  await officer.sees("Abe Approver, approver");
  await officer.go(edit);
  await officer.press("Submit for review");
  await officer.sees("It is with the approver now.");
  await approver.go("/work");
  await approver.follow(new RegExp(`Dry cellars ${tag}`));
  await approver.press("Approve");
  await approver.sees("It is approved");
  await approver.end();
  return edit.replace("/edit", "");
}

/** A supplier that answers and submits. */
async function answered(browser: Browser, challenge: string, name: string, email: string, text: string, price: string) {
  const supplier = await register(browser, `Member of ${name}`, email);
  await organisation(supplier, /company or another registered/, name);
  await supplier.go(challenge);
  await supplier.press("Answer this challenge");
  const { page } = supplier;
  await page.locator('textarea[name^="question-"]').first().fill(text);
  await page.locator('input[name^="promise-"]').first().fill("8");
  await page.locator('input[name^="by-"]').first().fill("2027-06-30");
  await page.locator('textarea[name^="evidence-"]').first().fill("Counted in two towns before.");
  await page.locator('[name="price"]').fill(price);
  await supplier.press("Save and check before submitting");
  await supplier.press("Submit");
  await supplier.sees("Your response is received. Keep this receipt.");
  await supplier.end();
}

test("a chair and three evaluators declare, score, lock, moderate and come to a result at once", async ({ browser }, info) => {
  test.setTimeout(300_000);
  const script = info.project.name === "js";
  const tag = `k${info.project.name}${Date.now().toString(36)}`;
  const address = (who: string) => `${who}.${tag}@scoring.example`;
  const officer = await register(browser, "Oda Officer", address("oda"));
  const day = await dayFromNow(officer.page, 1);
  const challenge = await published(browser, officer, tag, address);
  await answered(browser, challenge, `Alder ${tag}`, address("al"), "Flaps that close by themselves when the water comes.", "48000");
  await answered(browser, challenge, `Brook ${tag}`, address("bo"), "Sensors in every cellar that call the owner.", "30000");

  const administrator = await Person.signedIn(browser, people.administrator);
  await administrator.go("/clock");
  // To the minute after the deadline and no further: others still draft in this town, and sessions end after two days.
  const now = Date.parse((await administrator.page.locator(".wp-banner time").first().getAttribute("datetime"))!);
  await administrator.fill({ hours: String(Math.ceil((Date.parse(`${day}T23:01:00Z`) - now) / 3_600_000)) });
  await administrator.press("Move the clock");
  await administrator.sees("The clock was moved.");
  await administrator.end();
  await officer.go(`${challenge}/opening`);
  await officer.press("Open the responses");
  await officer.sees(`Alder ${tag}`);
  await officer.go(`${challenge}/check`);
  const checked = await links(officer.page, `${challenge.slice(1)}/check/`);
  for (const page of [...new Set(checked.map((href) => href.split("?")[0]))]) {
    await officer.go(page);
    await officer.page.getByLabel("It passes").check();
    await officer.fill({ reason: "Insured as it says." });
    await officer.press("Record");
    await officer.sees("Every requirement of this response is settled.");
  }

  const roles = [["cleo", "chair"], ["eve", "evaluator"], ["fay", "evaluator"], ["gil", "evaluator"]] as const;
  const panel: Person[] = [];
  for (const [who, role] of roles) {
    panel.push(await register(browser, `${who} of the panel`, address(who)));
    await officer.go(`${challenge}/panel`);
    await officer.page.getByLabel("E-mail address", { exact: true }).fill(address(who));
    await officer.page.getByLabel("Role").selectOption(role);
    await officer.press("Appoint");
    await officer.sees("Appointed, and told by mail.");
  }
  const complaints = panel.map((member) => complaintsOf(member.page));

  // All at once from here: declarations, then every cell, then the lock.
  await Promise.all(
    panel.map(async (member) => {
      expect((await member.page.goto(`${challenge}/scoring`))!.status(), "not before the declaration").toBe(403);
      await member.go(`${challenge}/declare`);
      await member.page.getByLabel("No, with none of them").check();
      await member.page.getByLabel(/I keep what I read here to myself/).check();
      await member.press("Declare");
      await member.sees("Declared.");
    }),
  );
  const given: Record<string, number[]> = { Alder: [4, 5, 4, 4], Brook: [2, 2, 3, 2] };
  const reason = (at: number, points: number) => `Member ${at} read what changes with the first rain, and finds ${points}.`;
  await Promise.all(
    panel.map(async (member, at) => {
      const { page } = member;
      await member.go(`${challenge}/scoring`);
      const cells = await links(page, `${challenge.slice(1)}/scoring/`);
      expect(cells.length).toBe(2);
      for (const cell of cells) {
        await member.go(cell);
        if (script) await ready(page);
        const points = given[(await page.locator("h1").textContent())!.includes("Alder") ? "Alder" : "Brook"][at];
        await page.locator(`label:has(input[name=points][value="${points}"])`).click();
        await page.locator("#reason").fill(reason(at, points));
        await member.press("Save", "form.wp-score__panel");
        await expect(page.locator(".wp-saved")).toContainText("Saved");
      }
      // What was saved is there again, and nobody else's is.
      await member.go(cells[0]);
      await expect(page.locator("#reason")).toHaveValue(new RegExp(`^Member ${at} `));
      for (const other of [0, 1, 2, 3].filter((one) => one !== at)) {
        await expect(page.locator("body")).not.toContainText(`Member ${other} read`);
      }
      expect((await page.goto(`${challenge}/moderation`))!.status(), "nothing before all have locked").toBe(403);
      expect((await page.goto(`${challenge}/result`))!.status()).toBe(403);
    }),
  );
  // The last lock reveals all together; until then nobody reads another's.
  const [chair, eve, fay, gil] = panel;
  if (script) {
    // Text that did not get through is told on the grid, and the lock waits for it.
    const { page, context } = gil;
    await gil.go(`${challenge}/scoring`);
    await gil.go((await links(page, `${challenge.slice(1)}/scoring/`))[0]);
    await ready(page);
    const whole = `${await page.locator("#reason").inputValue()} And more.`;
    await context.route("**/*", (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
    await page.locator("#reason").fill(whole);
    await expect(page.locator(".wp-saved")).toContainText("kept in this browser");
    const cell = new URL(page.url()).pathname;
    await gil.go(`${challenge}/scoring`);
    await ready(page);
    await page.getByRole("button", { name: "Lock my scores" }).click();
    await gil.sees("Not yet: this browser holds text of yours that is not saved.");
    await context.unroute("**/*");
    await page.getByRole("button", { name: "Lock my scores" }).click();
    // Saved from there; the grid is read anew before anything is locked.
    // The page is left meanwhile, and nothing can be asked of one that goes.
    await expect(async () => {
      expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("wp-score:")))).toEqual([]);
    }).toPass({ timeout: 15_000 });
    await gil.go(cell);
    await expect(page.locator("#reason")).toHaveValue(whole);
    complaints[panel.indexOf(gil)].length = 0; // the requests that were made to fail
  }
  for (const member of [gil, fay, eve]) {
    await member.go(`${challenge}/scoring`);
    await member.press("Lock my scores");
    await member.sees("Your scores are locked.");
    expect((await member.page.goto(`${challenge}/moderation`))!.status()).toBe(403);
  }
  await chair.go(`${challenge}/scoring`);
  await chair.press("Lock my scores");
  await chair.sees("Your scores are locked.");

  await Promise.all(panel.map((member) => member.go(`${challenge}/moderation`)));
  await chair.page.locator("#agenda tbody a").first().click();
  const item = new URL(chair.page.url()).pathname;
  await Promise.all([eve, fay, gil].map((member) => member.go(item)));
  for (const member of panel) await member.sees(/Member 0 read.*finds/);
  // One of them revises; the others see it, with a script by themselves.
  const before = await eve.page.locator("body").innerText();
  const to = before.includes(reason(1, 5)) ? "4" : "3";
  const revise = eve.page.locator("form#revise");
  await revise.getByLabel(to, { exact: true }).check();
  await revise.locator('[name="reason"]').fill("After the discussion I see it as the others do.");
  await eve.press("Revise", "form#revise");
  await eve.sees("Your score is revised, and the old one is kept.");
  if (!script) await fay.page.reload();
  await expect(fay.page.locator("body")).toContainText("After the discussion I see it as the others do.", { timeout: 15_000 });

  await chair.go(`${challenge}/moderation/record`);
  await chair.fill({ discussion: "We discussed the differences and who sees it otherwise." });
  await chair.press("Put it before the members");
  await Promise.all(
    [eve, fay, gil].map(async (member) => {
      await member.go(`${challenge}/moderation/record`);
      await member.press("I approve the record");
      await member.sees("You have approved the record.");
    }),
  );
  await chair.go(`${challenge}/moderation/record`);
  await chair.press("Close the record");
  await chair.sees("the scores are final");
  // Alder leads by far, whichever of the two items was revised: 60 x 4.25 / 5 + 8 or less, against 60 x 2.5 / 5 + 20.
  await expect(chair.page.locator("table.wp-ranking tbody tr").nth(0)).toContainText(`Alder ${tag}`);
  await Promise.all([eve, fay, gil].map((member) => member.go(`${challenge}/result`)));
  expect(complaints.flat()).toEqual([]);
  for (const person of [officer, ...panel]) await person.end();
});
