// People of the demo town as actors with verbs, and small tools that the journeys share.
import { expect, type Browser, type BrowserContext, type Page } from "@playwright/test";
import fs from "node:fs";
import path from "node:path";

export const PASSWORD = "plain-demo-town";

export const people = {
  administrator: "ruth@wellposed.example",
  officer: "tom@aldermouth.example",
  approver: "margaret@aldermouth.example",
  hospitalOfficer: "elin@aldermouth-hospitals.example",
  hospitalOwner: "samir@aldermouth-hospitals.example",
  chair: "ingrid@panel.example",
  evaluator: "marcus@panel.example",
  conflicted: "yusuf@panel.example",
  supplier: "ada@hedgerow.example",
  other: "olu@causeway.example",
};

/** A browser of their own, signed in. */
export class Person {
  private constructor(readonly page: Page, readonly context: BrowserContext) {}

  static async visitor(browser: Browser, options = {}): Promise<Person> {
    const context = await browser.newContext(options);
    return new Person(await context.newPage(), context);
  }

  static async signedIn(browser: Browser, email: string, options = {}): Promise<Person> {
    const person = await Person.visitor(browser, options);
    await person.signIn(email);
    return person;
  }

  async signIn(email: string) {
    await this.page.goto("/sign-in");
    await this.page.getByLabel("E-mail address").fill(email);
    await this.page.getByLabel("Password").fill(PASSWORD);
    await this.press("Sign in");
    await expect(this.page).toHaveURL((url) => url.pathname === "/work");
  }

  async go(address: string) {
    const response = await this.page.goto(address);
    expect(response!.status(), address).toBeLessThan(400);
  }

  /** A button of the page's own part. One that posts its form has been answered when this returns: going elsewhere meanwhile would break it off. */
  async press(name: string | RegExp, within = "main") {
    const button = this.page.locator(within).getByRole("button", { name, exact: typeof name === "string" }).first();
    const posts = await button.evaluate((b: HTMLButtonElement) => b.type === "submit" && b.form?.method === "post" && b.form.enctype !== "multipart/form-data");
    const answered = posts ? this.page.waitForEvent("domcontentloaded") : undefined;
    await button.click();
    await answered;
  }

  async follow(name: string | RegExp) {
    await this.page.locator("main").getByRole("link", { name }).first().click();
  }

  async sees(text: string | RegExp) {
    await expect(this.page.locator("body")).toContainText(text);
  }

  async fill(fields: Record<string, string>) {
    for (const [name, value] of Object.entries(fields)) await this.page.locator(`[name="${name}"]`).first().fill(value);
  }

  async end() {
    await this.context.close();
  }
}

/** What the browser complains about: errors of scripts, files that are missing, what the content security policy refused. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    // Statuses of pages are the tests' own business.
    const status = /status of 4\d\d/.test(message.text()) && message.location().url.split("?")[0] === page.url().split("?")[0];
    if (message.type() === "error" && !status) complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
  return complaints;
}

/** Before the browser's part is there, a click on an island is a click on plain HTML. */
export async function ready(page: Page) {
  await page.waitForSelector("html[data-ready]", { timeout: 20_000 });
}

/** The newest link in a letter to an address. */
export async function mailedLink(to: string, contains: string): Promise<string> {
  const folder = path.join(process.env.E2E_DATA!, "mail");
  let link = "";
  await expect(async () => {
    const letters = fs
      .readdirSync(folder)
      .filter((name) => name.endsWith(".eml"))
      .map((name) => ({ at: fs.statSync(path.join(folder, name)).mtimeMs, text: fs.readFileSync(path.join(folder, name), "utf8") }))
      .filter((letter) => letter.text.includes(to))
      .sort((a, b) => b.at - a.at);
    for (const letter of letters) {
      const text = letter.text.replace(/=\r?\n/g, "").replace(/=3D/g, "=");
      const found = text.match(/https?:\/\/[^\s"<>]+/g)?.find((address) => address.includes(contains));
      if (found) link = found;
      if (link) break;
    }
    expect(link, `a letter to ${to} with ${contains}`).not.toBe("");
  }).toPass({ timeout: 15_000 });
  return new URL(link).pathname + new URL(link).search;
}

/** Addresses of the pages that a person's list leads to. */
export async function links(page: Page, contains: string): Promise<string[]> {
  const all = await page.locator("main a").evaluateAll((list) => list.map((a) => a.getAttribute("href") ?? ""));
  return [...new Set(all.filter((href) => href.includes(contains)))];
}

/** The date of a day from the installation's own clock, as a date field takes it. */
export async function dayFromNow(page: Page, days: number): Promise<string> {
  const text = await page.locator(".wp-banner time").first().getAttribute("datetime");
  return new Date(Date.parse(text!) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Somebody new, with a confirmed address, signed in. */
export async function register(browser: Browser, name: string, email: string): Promise<Person> {
  const person = await Person.visitor(browser);
  await person.go("/register");
  await person.fill({ name, email, password: PASSWORD });
  await person.page.getByLabel("Your time zone").selectOption("Europe/Paris");
  await person.press("Register");
  await person.sees("Look into your mail");
  await person.page.goto(await mailedLink(email, "/confirm"));
  await person.press("Confirm my address");
  await person.sees("Your address is confirmed.");
  await person.signIn(email);
  return person;
}

/** An organisation of theirs, for which they act from now on. */
export async function organisation(person: Person, kind: RegExp, name: string) {
  await person.go("/organisations/new");
  await person.page.getByLabel(kind).check();
  await person.page.getByLabel("Its name").fill(name);
  await person.press("Register it");
  await person.go("/account");
  await person.page.getByRole("button", { name: `Act as ${name}` }).click();
  await person.sees(name);
}

/** No page is wider than the screen: what is wider scrolls in a box of its own. */
export async function fits(page: Page) {
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(await page.evaluate(() => window.innerWidth));
}
