// Each kind of page for each role: axe finds nothing, nothing overflows at 320 px, and nothing is refused by the content
// security policy. Runs first, on the town as it was filled.
import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { Person, complaintsOf, links, people } from "./town";
import { pagesOf, walker, walkers } from "./walk";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** In the dark only the colours differ. */
async function sound(page: Page, what: string, where: "light" | "dark") {
  const axe = new AxeBuilder({ page });
  const found = await (where === "light" ? axe.withTags(RULES) : axe.withRules(["color-contrast"])).analyze();
  const told = found.violations.map((v) => `${v.id}: ${v.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  expect.soft(told, `${where} ${what}`).toEqual([]);
}

/** A page has one name, one heading and a language; no field of a form is without a label, no id is there twice. */
async function whole(page: Page, what: string) {
  const found = await page.evaluate(() => {
    const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
    const dead = [...document.querySelectorAll<HTMLAnchorElement>('main a[href^="#"]')]
      .map((a) => a.getAttribute("href")!.slice(1))
      .filter((id) => !document.getElementById(id));
    return {
      lang: document.documentElement.lang,
      title: document.title.includes(" – Wellposed"),
      headings: document.querySelectorAll("h1").length,
      twice: ids.filter((id, at) => ids.indexOf(id) !== at),
      dead,
    };
  });
  expect.soft(found, what).toEqual({ lang: "en", title: true, headings: 1, twice: [], dead: [] });
}

async function fits(page: Page, what: string) {
  // 320 px is what 1280 px become at 400 %.
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 800 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect.soft(over, `${what} at ${width} px`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

async function looks(page: Page, what: string) {
  await page.emulateMedia({ colorScheme: "light" });
  await sound(page, what, "light");
  await whole(page, what);
  await page.emulateMedia({ colorScheme: "dark" });
  await sound(page, what, "dark");
  await fits(page, what);
}

for (const [role, email] of walkers) {
  test(`${role}: every page is accessible, in light and dark, narrow and wide`, async ({ browser, javaScriptEnabled }) => {
    // axe needs a script; without JavaScript the pages are the same.
    test.skip(!javaScriptEnabled, "axe runs in the page");
    test.setTimeout(400_000);
    const person = await walker(browser, email, { viewport: { width: 1280, height: 900 } });
    const complaints = complaintsOf(person.page);
    const pages = await pagesOf(person, role);
    for (const href of pages) {
      await person.page.goto(href);
      await looks(person.page, href);
    }
    expect(complaints).toEqual([]);
    console.log(`      ${role}: ${pages.length} pages`);
    await person.end();
  });
}

test("titles are plain text", async ({ page }) => {
  for (const [href, title] of [
    ["/about", "How it works"],
    ["/sign-in", "Sign in"],
    ["/search?q=%3Cb%3E%26amp%3B", "<b>&amp; – Search"],
  ]) {
    await page.goto(href);
    expect.soft(await page.title()).toBe(`${title} – Wellposed`);
  }
});

test("a form that came back with errors is accessible, and each error leads to its field", async ({ browser, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled, "axe runs in the page");
  test.setTimeout(200_000);
  const come = async (
    email: string,
    address: string | ((page: Page) => Promise<string>),
    button: string,
    before?: (page: Page) => Promise<void>,
  ) => {
    const person = await walker(browser, email, { viewport: { width: 1280, height: 900 } });
    const { page } = person;
    const href = typeof address === "string" ? address : await address(page);
    await page.goto(href);
    await before?.(page);
    const [answer] = await Promise.all([
      // What saves itself beside it is no answer to the button.
      page.waitForResponse((response) => response.request().method() === "POST" && response.request().isNavigationRequest()),
      person.press(button),
    ]);
    expect.soft(answer.status(), href).toBe(422);
    await page.waitForLoadState();
    await expect.soft(page.getByRole("alert"), href).toContainText("There is a problem");
    await expect.soft(page, href).toHaveTitle(/^Error:/);
    await looks(page, `${href} with errors`);
    await person.end();
  };
  const section = (code: string) => async (page: Page) => {
    await page.goto("/work");
    return `${(await links(page, "/edit"))[0]}/${code}`;
  };
  const room = (end: string) => async (page: Page) => {
    await page.goto("/work");
    return (await links(page, end))[0];
  };
  await come("", "/sign-in", "Sign in");
  await come("", "/register", "Register");
  await come("", "/reset", "Send the link");
  await come("", "/reset/new?token=none", "Set the password");
  await come("", "/confirm?token=none", "Confirm my address");
  await come(people.supplier, "/organisations/new", "Register it");
  await come(people.supplier, "/account", "Change it");
  await come(people.administrator, "/clock", "Move the clock");
  await come(people.officer, "/challenges/new", "Begin");
  await come(people.officer, section("criteria"), "Save and continue", async (page) => {
    await page.locator('[name="criterion-1-weight"]').fill("abc");
  });
  await come(people.officer, section("timetable"), "Save and continue", async (page) => {
    await page.locator('[name="deadline_date"]').fill("");
  });
  await come(people.officer, room("/panel"), "Appoint");
  await come(people.hospitalOfficer, room("/recommend"), "Recommend");
  await come(people.chair, async (page) => `${await room("/moderation")(page)}/record`, "Put it before the members");
});

test("pages that refuse say why, and are accessible", async ({ browser, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled, "axe runs in the page");
  const person = await walker(browser, people.officer, { viewport: { width: 1280, height: 900 } });
  const { page } = person;
  await person.go("/work");
  const scoring = (await links(page, "/panel"))[0].replace(/panel$/, "scoring");
  for (const [href, status] of [["/no-such-page", 404], ["/clock", 404], [scoring, 403]] as const) {
    expect((await page.goto(href))!.status(), href).toBe(status);
    await looks(page, `${href}, refused`);
  }
  await person.end();
});

test("the keyboard comes first to the skip link, reaches everything, and focus is seen", async ({ browser, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled, "what has the focus is asked in the page");
  test.setTimeout(120_000);
  const visitor = await Person.visitor(browser, { viewport: { width: 1280, height: 900 } });
  await visitor.go("/");
  await visitor.page.keyboard.press("Tab");
  await expect(visitor.page.locator(":focus")).toHaveText("Skip to the main content");
  await visitor.page.keyboard.press("Enter");
  await visitor.page.keyboard.press("Tab");
  await expect(visitor.page.locator("main :focus")).toHaveCount(1);
  await visitor.end();

  const walk = async (person: Person, href: string) => {
    const { page } = person;
    await person.go(href);
    // Looks of everything that can have the focus, before any has it.
    const can = await page.evaluate(() => {
      const looks = (e: Element) => {
        // A choice shows its focus on the box that is drawn for it.
        const drawn = e.matches("input[type=radio], input[type=checkbox]") ? [e, e.nextElementSibling, e.parentElement] : [e];
        return drawn.flatMap((d) => (d ? ["", "::before", "::after"].map((part) => getComputedStyle(d, part || null)) : []))
          .map((s) => s.outline + s.boxShadow + s.backgroundColor + s.borderColor + s.borderWidth).join();
      };
      Object.assign(window, { looks });
      const all = [...document.querySelectorAll("a[href], button:enabled, input:enabled:not([type=hidden]), select, textarea, summary, [tabindex='0']")];
      const reachable = all.filter((e) => (e as HTMLElement).checkVisibility());
      reachable.forEach((e, at) => ((e as HTMLElement).dataset.at = String(at), (e as HTMLElement).dataset.looks = looks(e)));
      // Of radio buttons that go together one takes the focus.
      const groups = new Set(reachable.filter((e) => e.matches("input[type=radio]")).map((e) => (e as HTMLInputElement).name));
      return reachable.filter((e) => !e.matches("input[type=radio]")).length + groups.size;
    });
    const reached = new Set<string>();
    for (let presses = 0; presses < can * 2 + 30; presses++) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(() => {
        const e = document.activeElement as HTMLElement;
        if (!e?.dataset.at) return null;
        const rect = e.getBoundingClientRect();
        const { looks } = window as unknown as { looks: (e: Element) => string };
        const radio = e.matches("input[type=radio]");
        return {
          at: radio ? `radio ${(e as HTMLInputElement).name}` : e.dataset.at,
          seen: looks(e) !== e.dataset.looks,
          inView: rect.bottom > 0 && rect.top < innerHeight,
          html: e.outerHTML.slice(0, 120),
        };
      });
      if (!at) continue;
      if (reached.has(at.at)) break;
      reached.add(at.at);
      expect.soft(at.seen, `${href}: focus is seen on ${at.html}`).toBe(true);
      expect.soft(at.inView, `${href}: in view is ${at.html}`).toBe(true);
    }
    expect.soft(reached.size, `${href}: all is reached by Tab`).toBe(can);
  };
  const supplier = await Person.signedIn(browser, people.supplier, { viewport: { width: 1280, height: 900 } });
  for (const href of ["/", "/challenges", "/search?q=water", "/account", "/work"]) await walk(supplier, href);
  await supplier.end();
  const evaluator = await Person.signedIn(browser, people.evaluator, { viewport: { width: 1280, height: 900 } });
  await evaluator.go("/work");
  await evaluator.page.goto((await links(evaluator.page, "/scoring"))[0]);
  await walk(evaluator, (await links(evaluator.page, "/scoring/"))[0]);
  await evaluator.end();
});
