// Proof: a receipt is read, kept as a file and checked by a stranger; an opening takes two, and its record is checked too.
import { expect, test } from "@playwright/test";
import fs from "node:fs";
import { Person, people } from "./town";

/** A link of the page that hands out a file: its text. */
async function download(person: Person, name: string): Promise<string> {
  const [file] = await Promise.all([person.page.waitForEvent("download"), person.follow(name)]);
  return fs.readFileSync((await file.path())!, "utf8");
}

/** What the public page says of a paper. */
async function check(stranger: Person, paper: string, content?: string) {
  const { page } = stranger;
  await stranger.go("/receipts/verify");
  await page.getByLabel("Receipt", { exact: true }).fill(paper);
  if (content !== undefined) {
    const file = { name: "content.json", mimeType: "application/json", buffer: Buffer.from(content) };
    await page.getByLabel("The content, if you want to check that too").setInputFiles(file);
  }
  await stranger.press("Check");
  await stranger.sees("What holds");
}

test("a receipt is kept and checked by a stranger", async ({ browser }) => {
  const supplier = await Person.signedIn(browser, people.supplier);
  await supplier.go("/work");
  const responses = await supplier.page.locator('main a[href^="/responses/"]').evaluateAll((list) => list.map((a) => a.getAttribute("href")!));
  let receipt: string | null = null;
  for (const address of responses.filter((address) => /^\/responses\/\w+$/.test(address))) {
    await supplier.go(address);
    const link = supplier.page.locator('main a[href^="/receipts/"]').first();
    receipt = (await link.count()) ? await link.getAttribute("href") : null;
    if (receipt) break;
  }
  expect(receipt, "a receipt of the supplier").not.toBeNull();
  await supplier.go(receipt!);
  await supplier.sees("Receipt of submission");
  const paper = await download(supplier, "Download the receipt");
  const content = await download(supplier, "Download what was received");
  const read = JSON.parse(paper);
  await supplier.sees(read.signature);
  await supplier.sees(read.record.hash);

  const stranger = await Person.visitor(browser);
  await check(stranger, paper, content);
  await stranger.sees("This service issued it, and nothing in it was changed.");
  await stranger.sees(`Position ${read.record.position} of our record has the hash that stands here.`);
  await stranger.sees("This is what was received.");
  // Any change is found, and an empty form is told by its field.
  await check(stranger, paper.replace(read.title, `${read.title}!`));
  await stranger.sees("This proves nothing");
  await check(stranger, paper, content.replace("{", '{"more":1,'));
  await stranger.sees("This is not what was received");
  await stranger.go("/receipts/verify");
  await stranger.press("Check");
  await stranger.sees("Paste a receipt, or choose its file.");
  const keys = await stranger.page.request.get("/.well-known/wellposed-keys.json");
  expect((await keys.json()).keys.at(-1).id).toBe(read.key);
  await stranger.end();
  await supplier.end();
});

test("an opening takes two, and leaves a record", async ({ browser }) => {
  const first = await Person.signedIn(browser, people.hospitalOfficer);
  const second = await Person.signedIn(browser, people.hospitalOwner);
  await first.go("/search?q=Quieter+nights+on+the+surgical+wards");
  const challenge = await first.page.locator('main a[href^="/challenges/"]', { hasText: "Quieter nights" }).first().getAttribute("href");
  const opening = `${challenge!.split("?")[0]}/opening`;
  await first.go(opening);
  // Whichever of the two journeys comes second finds it opened.
  if (await first.page.getByRole("button", { name: "Ask for the opening" }).count()) {
    await first.press("Ask for the opening");
    await first.sees("It is asked.");
    await first.sees("You asked for this opening. Another officer of the team has to confirm it.");
    await second.go(opening);
    await second.sees("asked for the opening.");
    await second.press("Confirm and open the responses");
    await second.sees("Oakhouse");
  }
  await second.go(opening);
  await second.sees("Record of the opening");
  const paper = await download(second, "Download the record");
  const stranger = await Person.visitor(browser);
  await check(stranger, paper);
  await stranger.sees("This service issued it, and nothing in it was changed.");
  await stranger.sees(/\d submissions were opened/);
  expect((await stranger.page.goto(opening))!.status()).toBe(404);
  for (const person of [first, second, stranger]) await person.end();
});
