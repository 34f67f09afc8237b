// Each kind of page for each role: axe finds nothing, nothing overflows at 320 px, pages are light, and nothing is refused by
// the content security policy. Runs first, on the town as it was filled.
import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { Person, links, people } from "./town";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

async function pagesOf(person: Person, role: string): Promise<string[]> {
  const { page } = person;
  const pages = ["/", "/challenges", "/challenges?show=past", "/search?q=water", "/search?q=xyzzyqwert", "/about"];
  await person.go("/challenges");
  const challenge = (await links(page, "/challenges/"))[0];
  pages.push(challenge);
  if (role === "visitor") return [...pages, "/sign-in", "/register", "/reset", "/no-such-page"];
  await person.go("/work");
  const own = await page.locator("main a").evaluateAll((list) => list.map((a) => a.getAttribute("href") ?? ""));
  pages.push("/work", "/account", "/organisations/new", ...new Set(own.filter((href) => href.startsWith("/"))));
  for (const href of [...pages]) {
    const room = href.match(/^\/challenges\/[0-9a-z]{13}$/)?.[0];
    if (!room || room === challenge) continue;
    await page.goto(room);
    pages.push(...(await links(page, room + "/")));
  }
  for (const href of [...pages]) {
    if (/\/(edit|responses|scoring)$/.test(href)) {
      await page.goto(href);
      pages.push(...(await links(page, href + "/")).slice(0, 6));
    }
  }
  // One of each kind of page is enough: the town has twenty challenges.
  const kinds = new Map(pages.reverse().map((href) => [href.replace(/[0-9a-z]{13}/g, "{id}"), href]));
  return [...kinds.values()];
}

/** In the dark only the colours differ. */
async function sound(page: Page, href: string, where: "light" | "dark") {
  const axe = new AxeBuilder({ page });
  const found = await (where === "light" ? axe.withTags(RULES) : axe.withRules(["color-contrast"])).analyze();
  const told = found.violations.map((v) => `${v.id}: ${v.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  expect(told, `${where} ${href}`).toEqual([]);
  expect(await page.locator("h1").count(), `one first heading on ${href}`).toBe(1);
}

const { other, conflicted, ...walkers } = people;
for (const [role, email] of Object.entries({ visitor: "", ...walkers })) {
  test(`${role}: every page is accessible, in light and dark, narrow and wide`, async ({ browser, javaScriptEnabled }) => {
    // axe needs a script; without JavaScript the pages are the same.
    test.skip(!javaScriptEnabled, "axe runs in the page");
    test.setTimeout(300_000);
    const person = email ? await Person.signedIn(browser, email) : await Person.visitor(browser);
    const { page } = person;
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) complaints.push(`${page.url()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
    const pages = await pagesOf(person, role);
    for (const href of pages) {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto(href);
      await sound(page, href, "light");
      await page.emulateMedia({ colorScheme: "dark" });
      await sound(page, href, "dark");
      for (const width of [390, 320]) {
        await page.setViewportSize({ width, height: 800 });
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(over, `${href} at ${width} px`).toBeLessThanOrEqual(0);
      }
    }
    expect(complaints).toEqual([]);
    console.log(`      ${role}: ${pages.length} pages`);
    await person.end();
  });
}

test("the keyboard comes first to the skip link, and focus is seen", async ({ page }) => {
  await page.goto("/");
  await page.keyboard.press("Tab");
  await expect(page.locator(":focus")).toHaveText("Skip to the main content");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const outline = await page.locator(":focus").evaluate((e) => getComputedStyle(e).outlineStyle + getComputedStyle(e).boxShadow);
  expect(outline).not.toBe("nonenone");
});

test("a public page weighs under 50 KB without fonts, and asks no other origin", async ({ browser, baseURL }) => {
  for (const href of ["/", "/challenges", "/search?q=water", "/about", "/sign-in"]) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    const kinds = new Map<string, string>();
    let bytes = 0;
    session.on("Network.responseReceived", (event) => {
      kinds.set(event.requestId, event.type);
      expect(event.response.url.startsWith(baseURL!) || event.response.url.startsWith("data:"), event.response.url).toBe(true);
    });
    session.on("Network.loadingFinished", (event) => {
      if (kinds.get(event.requestId) !== "Font") bytes += event.encodedDataLength;
    });
    await page.goto(href, { waitUntil: "networkidle" });
    expect(bytes, href).toBeLessThan(50_000);
    console.log(`      ${href}: ${bytes} bytes`);
    await context.close();
  }
});
