// What travels: public pages are light, pages without an island bring no script, nothing is asked of another origin, and the
// browser has nothing to complain about, on any page of any role.
import { expect, test } from "@playwright/test";
import { complaintsOf, links, people, Person, ready } from "./town";
import { pagesOf, walker, walkers } from "./walk";

test("a public page weighs under 50 KB without fonts, and asks no other origin", async ({ browser, page, baseURL }) => {
  await page.goto("/challenges");
  const challenge = (await links(page, "/challenges/"))[0];
  for (const href of ["/", "/challenges", challenge, "/search?q=water", "/about", "/sign-in", "/register"]) {
    const { bytes, others } = await weigh(browser, href, baseURL!);
    expect.soft(others, href).toEqual([]);
    expect.soft(bytes, href).toBeLessThan(50_000);
    console.log(`      ${href}: ${bytes} bytes`);
  }
});

test("the scoring room brings under 150 KB of browser code", async ({ browser, baseURL, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled, "there is none without");
  const person = await Person.signedIn(browser, people.evaluator);
  await person.go("/work");
  await person.page.goto((await links(person.page, "/scoring"))[0]);
  const href = (await links(person.page, "/scoring/"))[0];
  const state = await person.context.storageState();
  const { code, others } = await weigh(browser, href, baseURL!, { storageState: state });
  expect(others).toEqual([]);
  expect(code).toBeLessThan(150_000);
  console.log(`      browser code: ${code} bytes`);
  await person.end();
});

async function weigh(browser: Parameters<typeof Person.visitor>[0], href: string, origin: string, options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  const kinds = new Map<string, string>();
  const others: string[] = [];
  let [bytes, code] = [0, 0];
  session.on("Network.responseReceived", ({ requestId, response, type }) => {
    kinds.set(requestId, /\.(wasm|js)(\?|$)/.test(response.url) ? "Code" : type);
    if (!response.url.startsWith(origin) && !response.url.startsWith("data:")) others.push(response.url);
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId);
    if (kind !== "Font") bytes += encodedDataLength;
    if (kind === "Code") code += encodedDataLength;
  });
  await page.goto(href, { waitUntil: "networkidle" });
  await context.close();
  return { bytes, code, others };
}

for (const [role, email] of walkers) {
  test(`${role}: no page brings a script that it has no island for, and the browser has no complaint`, async ({ browser, baseURL, javaScriptEnabled }) => {
    test.skip(!javaScriptEnabled, "without JavaScript the pages are the same");
    test.setTimeout(200_000);
    const person = await walker(browser, email);
    const { page } = person;
    const complaints = complaintsOf(page);
    let asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    const pages = await pagesOf(person, role);
    for (const href of pages) {
      asked = [];
      await page.goto(href, { waitUntil: "load" });
      const works = (await page.locator("[data-load=now]").count()) > 0;
      const code = asked.filter((url) => /\/pkg\/.*\.(wasm|js)(\?|$)/.test(url));
      if (!works) expect.soft(code, href).toEqual([]);
      // Else what it loads would be taken for the next page's.
      if (works) await ready(page);
      expect.soft(asked.filter((url) => !url.startsWith(baseURL!) && !url.startsWith("data:")), href).toEqual([]);
    }
    expect(complaints).toEqual([]);
    await person.end();
  });
}
