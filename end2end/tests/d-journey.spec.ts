// The main job, end to end, with people and organisations of its own: publish -> answer -> open -> score -> decide.
// Runs last: it moves the installation's clock past a deadline.
import { expect, test } from "@playwright/test";
import { Person, dayFromNow, links, mailedLink, organisation, people, register } from "./town";

test("publish, answer, open, score, decide", async ({ browser }, info) => {
  test.setTimeout(300_000);
  const tag = `${info.project.name}${Date.now().toString(36)}`;
  const address = (who: string) => `${who}.${tag}@journey.example`;
  const title = `Quieter school streets ${tag}`;

  // A buyer with an officer and an approver, verified by the administrator.
  const officer = await register(browser, "Oda Officer", address("oda"));
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

  // A buyer with one officer says that one is enough to open responses; f-receipt.spec.ts has an opening by two.
  await officer.go("/account");
  await officer.follow(`Town of ${tag}`);
  await officer.follow("Who opens responses");
  await officer.page.getByLabel("One", { exact: true }).check();
  await officer.press("Save");
  await officer.sees("It holds for challenges that are approved from now on.");

  // The officer writes: an error is told and mended, nothing typed is lost.
  await officer.go("/challenges/new");
  await officer.press("Begin");
  await officer.sees("There is a problem");
  await officer.fill({ title });
  await officer.press("Begin");
  const edit = new URL(officer.page.url()).pathname;
  const challenge = edit.replace("/edit", "");
  const section = async (code: string, fields: Record<string, string>, also?: () => Promise<void>) => {
    await officer.go(`${edit}/${code}`);
    await officer.fill(fields);
    await also?.();
    await officer.press("Save and continue");
    await officer.sees("Saved.");
  };
  await section("problem", {
    summary: "Parents drive to the gate, and children cannot cross.",
    affected: "610 children of two schools, and those who live in the street.",
    now: "Each morning 340 cars stop within 100 metres of the gate.",
    source: "Count of March",
    why_now: "A third school opens in the autumn.",
    tried: "Signs, for a month.",
    statement: "# Now\n\nEach morning **340 cars** stop within 100 metres of the gate.",
  });
  await section("outcomes", {
    "outcome-1-title": "Cars at the gate",
    "outcome-1-baseline": "340",
    "outcome-1-target": "120",
    "outcome-1-by": "June 2028",
  });
  await section("limits", { limits: "The street stays open to buses." });
  await section("context", { context: "Two wardens stand there from 8:00 to 8:30.", data: "The counts since 2022, as a table." });
  await section("requirements", { "requirement-1-title": "Insured against injury of children during the pilot." });
  await section("terms", { conditions: "Half is paid at the start." }, async () => {
    await officer.page.locator('[name="property"][value="shared"]').check();
  });
  await section("budget", { budget: "60000", duration: "six months", "milestone-1-title": "Works at one gate" });
  await section("questions", { "question-1-label": "What changes on the first morning?", "question-1-words": "200" });
  await officer.go(`${edit}/criteria`);
  await officer.fill({ "criterion-1-name": "Effect", "criterion-1-weight": "60", "criterion-2-name": "Price", "criterion-2-weight": "30" });
  await officer.page.locator('[name="criterion-2-kind"]').selectOption("price-absolute");
  await officer.press("Save and continue");
  await officer.sees("All weights together must make 100; they make 90.00");
  await expect(officer.page.locator('[name="criterion-1-name"]')).toHaveValue("Effect");
  await section("criteria", { "criterion-2-weight": "40" });
  const day = await dayFromNow(officer.page, 1);
  await section("timetable", { deadline_date: day, deadline_time: "23:00" }, async () => {
    await officer.page.locator('[name="zone"]').selectOption("UTC");
    await officer.fill({ enquiry_date: day, enquiry_time: "22:00" });
  });
  await officer.go(`${edit}/categories`);
  await officer.fill({ find: "road safety" });
  await officer.press("Find categories");
  await officer.page.locator('main [type="checkbox"][name^="category-"]').first().check();
  await officer.press("Save and continue");
  await section("contact", { contact: "Oda Officer", place: "The school street" });
  await officer.go(edit);
  await officer.page.getByText("Change the team").click();
  await officer.page.getByLabel("Who").selectOption(address("abe"));
  await officer.page.locator('details [name="role"]').selectOption("approver");
  await officer.page.locator("details").getByRole("button", { name: "Save" }).click();
  await officer.sees("Abe Approver, approver");
  await officer.follow("Preview");
  await officer.sees("This is how the notice will look.");
  await officer.go(edit);
  await officer.press("Submit for review");
  await officer.sees("It is with the approver now.");

  // Before publication it is nobody's business.
  const visitor = await Person.visitor(browser);
  expect((await visitor.page.goto(challenge))!.status()).toBe(404);
  await approver.go("/work");
  await approver.follow(new RegExp(title));
  await approver.press("Send back");
  await approver.sees("Say what should change, in a section or about the whole");
  await approver.page.locator("summary", { hasText: /^Limits$/ }).click();
  await approver.fill({ "reason-limits": "Say which buses." });
  await approver.press("Send back");
  await officer.go(edit);
  await officer.sees("Say which buses.");
  await section("limits", { limits: "The street stays open to school buses." });
  await officer.go(edit);
  await officer.press("Submit for review");
  await approver.go("/work");
  await approver.follow(new RegExp(title));
  await approver.sees("What changed since version 1");
  await expect(approver.page.locator("ins", { hasText: "school" }).first()).toBeVisible();
  await approver.press("Approve");
  await approver.sees("It is approved");
  expect((await visitor.page.goto(challenge))!.status()).toBe(200);

  // A supplier finds it, answers, is told what is missing, submits, and submits again.
  const supplier = await register(browser, "Sam Supplier", address("sam"));
  await organisation(supplier, /company or another registered/, `Sidewalk ${tag}`);
  await expect(async () => {
    await supplier.go(`/search?q=${encodeURIComponent(tag)}`);
    // Its buyer, whose name has the word too, is found beside it.
    await expect(supplier.page.locator(".wp-hit", { hasText: "Quieter school streets" })).toHaveCount(1, { timeout: 1_000 });
  }).toPass();
  await supplier.page.locator(".wp-hit", { hasText: "Quieter school streets" }).locator("a").first().click();
  await supplier.press("Follow");
  await supplier.sees("You follow this challenge now.");
  await supplier.press("Answer this challenge");
  const response = new URL(supplier.page.url()).pathname;
  const answer = async (who: Person, text: string, price: string) => {
    const { page } = who;
    await page.locator('textarea[name^="question-"]').first().fill(text);
    await page.locator('input[name^="promise-"]').first().fill("110");
    await page.locator('input[name^="by-"]').first().fill("2027-06-30");
    await page.locator('textarea[name^="evidence-"]').first().fill("Counted at two schools before.");
    await page.locator('[name="price"]').fill(price);
    await who.press("Save and check before submitting");
  };
  await supplier.page.locator('textarea[name^="question-"]').first().fill("A walking bus from three corners.");
  await supplier.press("Save the draft");
  await supplier.sees("things are missing");
  await answer(supplier, "A walking bus from three corners.", "45000");
  await supplier.press("Submit");
  await supplier.sees("Your response is received. Keep this receipt.");
  await supplier.sees("This submission stands.");
  await supplier.page.goto(response);
  await answer(supplier, "A walking bus from four corners, led by pupils.", "48,000");
  await supplier.press("Submit");
  await supplier.sees("Receipt of submission 2");

  // A question is asked without a name and answered for all; what it leads to is an amendment, approved by a second person.
  await supplier.go(`${challenge}/enquiries`);
  await supplier.fill({ question: "May the barrier stand on the pavement?" });
  await supplier.press("Send the question");
  await supplier.sees("Your question is with the authority.");
  expect(await visitor.page.goto(`${challenge}/enquiries`).then(() => visitor.page.locator("body").innerText())).not.toContain("pavement");
  await officer.go(`${challenge}/amendment`);
  await officer.page.getByLabel("No", { exact: true }).check();
  await officer.fill({ reason: "The place was not said exactly." });
  await officer.press("Begin the amendment");
  await officer.follow("Place, language and contact");
  await officer.fill({ place: "The school street, from the bridge to the gate" });
  await officer.press("Save and continue");
  await officer.press("Propose to an approver");
  await officer.sees("A second person approves it.");
  await approver.go(`${challenge}/amendment`);
  await expect(approver.page.locator("ins", { hasText: "bridge" }).first()).toBeVisible();
  await approver.press("Approve and publish");
  await approver.sees("The new version is published.");
  await officer.go(`${challenge}/enquiries/answer`);
  await officer.page.getByLabel(/May the barrier stand/).check();
  await officer.fill({ question: "May something stand on the pavement?", answer: "Yes, if 1.5 metres stay free." });
  await officer.page.locator('[name="amendment"]').selectOption({ label: "Version 3" });
  const useful = officer.page.locator('[name="useful"][value="no"]');
  if (await useful.count()) await useful.check();
  await officer.press("Publish the answer");
  await officer.sees("The answer is published.");
  await visitor.go(`${challenge}/enquiries`);
  await visitor.sees("Yes, if 1.5 metres stay free.");
  await visitor.follow("Led to version 3");
  await visitor.sees("The place was not said exactly.");
  expect((await visitor.context.request.get(`${challenge}/dates.ics`)).headers()["content-type"]).toContain("text/calendar");

  // Another answers, withdraws, and answers again.
  const second = await register(browser, "Rae Rival", address("rae"));
  await organisation(second, /company or another registered/, `Rival ${tag}`);
  await second.go(challenge);
  await second.press("Answer this challenge");
  const rival = new URL(second.page.url()).pathname;
  await answer(second, "Barriers that open for residents.", "30000");
  await second.press("Submit");
  await second.page.goto(`${rival}/withdraw`);
  await second.press("Withdraw the submission");
  await second.sees("Your submission is withdrawn.");
  await second.page.goto(`${rival}/review`);
  await second.press("Submit");
  await second.sees("This submission stands.");

  // Sealed until a minute after the deadline, whoever asks.
  expect((await officer.page.goto(`${challenge}/responses`))!.status()).toBe(403);
  expect((await second.page.goto(response))!.status()).toBe(404);
  await officer.go(`${challenge}/opening`);
  await officer.sees("The responses are still sealed.");
  await supplier.page.goto(`${response}/review`);
  const hours = Math.ceil((Date.parse(`${day}T23:01:00Z`) - Date.parse((await administrator.page.locator(".wp-banner time").first().getAttribute("datetime"))!)) / 3_600_000);
  await administrator.go("/clock");
  await administrator.fill({ hours: String(hours) });
  await administrator.press("Move the clock");
  await administrator.sees("The clock was moved.");
  await supplier.press("Submit");
  await supplier.sees(/The deadline passed at .* your draft is kept/);

  await officer.go(`${challenge}/opening`);
  await officer.press("Open the responses");
  await officer.sees(`Sidewalk ${tag}`);

  // Nothing is scored before each response is checked; whom something is asked answers beside what it sent.
  await officer.go(challenge);
  await officer.sees("Checking");
  await officer.follow("Check");
  await officer.sees("2 things are to be settled.");
  const checked = await links(officer.page, `${challenge.slice(1)}/check/`);
  for (const page of [...new Set(checked.map((href) => href.split("?")[0]))]) {
    await officer.go(page);
    const rivals = (await officer.page.locator("h1").textContent())!.includes("Rival");
    if (rivals) {
      await officer.page.getByLabel("It excludes the response").check();
      await officer.fill({ reason: "There is no policy." });
      await officer.press("Record");
      await officer.sees("Nobody is excluded without having been asked.");
      await expect(officer.page.locator('[name="reason"]')).toHaveValue("There is no policy.");
      await officer.page.getByLabel("The supplier has to clarify").check();
      await officer.fill({ reason: "Which policy covers the children?", deadline_date: await dayFromNow(officer.page, 7), deadline_time: "12:00" });
      await officer.press("Record");
      await officer.sees("Recorded.");
      await second.page.goto(await mailedLink(address("rae"), "/clarifications"));
      await second.sees("Which policy covers the children?");
      await second.press("Send the answer");
      await second.sees("Fill this in");
      await second.fill({ "answer-requirement": "Policy 7712 of the Coast Mutual." });
      await second.press("Send the answer");
      await second.sees("Your answer was sent.");
      expect((await supplier.page.goto(`${rival}/clarifications`))!.status()).toBe(404);
      await officer.go(page);
      await officer.sees("Policy 7712 of the Coast Mutual.");
    }
    await officer.page.getByLabel("It passes").check();
    await officer.fill({ reason: "Insured as it says." });
    await officer.press("Record");
    await officer.sees("Every requirement of this response is settled.");
  }
  await second.page.goto(rival);
  await expect(second.page.locator("body")).not.toContainText("Checking");

  // A panel of two declares, scores and locks.
  const panel: Person[] = [];
  for (const [who, role] of [["cleo", "chair"], ["eve", "evaluator"]] as const) {
    panel.push(await register(browser, `${who} of the panel`, address(who)));
    await officer.go(`${challenge}/panel`);
    await officer.page.getByLabel("E-mail address", { exact: true }).fill(address(who));
    await officer.page.getByLabel("Role").selectOption(role);
    await officer.press("Appoint");
    await officer.sees("Appointed, and told by mail.");
  }
  for (const [at, member] of panel.entries()) {
    const { page } = member;
    expect((await page.goto(`${challenge}/scoring`))!.status()).toBe(403);
    await member.go(`${challenge}/declare`);
    await page.getByLabel("No, with none of them").check();
    await page.getByLabel(/I keep what I read here to myself/).check();
    await member.press("Declare");
    await member.sees("Declared.");
    expect((await page.goto(`${challenge}/moderation`))!.status()).toBe(403);
    await member.go(`${challenge}/scoring`);
    for (const cell of await links(page, `${challenge.slice(1)}/scoring/`)) {
      await page.goto(cell);
      const points = (await page.locator("h1").textContent())!.includes("Sidewalk") ? 4 + at : 2;
      if (info.project.name === "js") await page.waitForSelector("html[data-ready]");
      await page.locator(`label:has(input[name=points][value="${points}"])`).click();
      await page.locator("#reason").fill(`Because of what it says about the first morning: ${points}.`);
      await member.press("Save", "form.wp-score__panel");
      await expect(page.locator(".wp-saved")).toContainText("Saved");
    }
    await member.go(`${challenge}/scoring`);
    await member.press("Lock my scores");
    await member.sees("Your scores are locked.");
  }
  const [chair, evaluator] = panel;
  await evaluator.go(`${challenge}/moderation`);
  await evaluator.page.locator("#agenda tbody a").first().click();
  const form = evaluator.page.locator("form#revise");
  await form.getByLabel("4", { exact: true }).check();
  await form.locator('[name="reason"]').fill("After the discussion I agree on a four.");
  await form.getByRole("button", { name: "Revise" }).click();
  await evaluator.sees("Your score is revised, and the old one is kept.");
  expect((await evaluator.page.goto(`${challenge}/result`))!.status()).toBe(403);
  await chair.go(`${challenge}/moderation/record`);
  await chair.fill({ discussion: "We discussed the one difference and agreed." });
  await chair.press("Put it before the members");
  for (const member of panel.slice(1)) {
    await member.go(`${challenge}/moderation/record`);
    await member.press("I approve the record");
  }
  await chair.go(`${challenge}/moderation/record`);
  await chair.press("Close the record");
  await chair.sees("the scores are final");

  // 60 x 4 / 5 + 40 x (1 - 48000 / 60000) = 48 + 8, and 60 x 2 / 5 + 40 x (1 - 30000 / 60000) = 24 + 20.
  await expect(chair.page.locator("table.wp-ranking tbody tr").nth(0)).toContainText(/1.*Sidewalk.*56\.00/s);
  await expect(chair.page.locator("table.wp-ranking tbody tr").nth(1)).toContainText(/2.*Rival.*44\.00/s);

  // Recommended by the officer, approved by somebody who neither wrote nor scored, and told.
  await officer.go(`${challenge}/recommend`);
  await officer.page.getByLabel("Award", { exact: true }).check();
  await officer.page.locator('[name="reason"]').fill("The first in the ranking.");
  await officer.page.getByLabel(`Decision on Sidewalk ${tag}`).selectOption("awarded");
  await officer.page.getByLabel(`Reason for Sidewalk ${tag}`).fill("Strongest effect.");
  await officer.page.getByLabel(`Decision on Rival ${tag}`).selectOption("unsuccessful");
  await officer.page.getByLabel(`Reason for Rival ${tag}`).fill("Weaker effect at a lower price.");
  await officer.press("Recommend");
  await officer.sees("Recommended. An approver");
  await approver.go(`${challenge}/decision`);
  await approver.press("Approve the decision");
  await approver.sees("the letters are on their way");
  await second.go(`${rival}/letter`);
  await second.sees("Your response was not successful.");
  await second.sees("Weaker effect at a lower price.");
  await second.sees(`Awarded: Sidewalk ${tag}.`);
  await second.sees("Total 44.00 of 100, rank 2.");
  await second.sees("Because of what it says about the first morning: 2.");
  await expect(second.page.locator("body")).not.toContainText("Strongest effect.");
  await expect(second.page.locator("body")).not.toContainText("the first morning: 4.");
  expect((await second.page.goto(`${response}/letter`))!.status()).toBe(404);
  await mailedLink(address("rae"), "/letter");
  await supplier.page.goto(await mailedLink(address("sam"), "/letter"));
  await supplier.sees("Your response was awarded.");
  await supplier.sees("Total 56.00 of 100, rank 1.");
  await supplier.sees("After the discussion I agree on a four.");
  await expect(supplier.page.locator("body")).not.toContainText("Weaker effect at a lower price.");
  await visitor.go(`${challenge}/decision`);
  await visitor.sees(`Sidewalk ${tag}`);
  await expect(visitor.page.locator("body")).not.toContainText(`Rival ${tag}`);
  for (const person of [officer, approver, administrator, visitor, supplier, second, ...panel]) await person.end();
});
