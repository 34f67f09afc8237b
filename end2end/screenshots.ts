// Pictures of each kind of page for each role, at 1280 and 390 px, light and dark, into a folder:
//   SHOTS=folder … playwright test --config end2end --project js
// Not a test: it fails only where a page cannot be reached.
import { expect, test } from "@playwright/test";
import fs from "node:fs";
import path from "node:path";
import { kindOf, pagesOf, walker, walkers } from "./tests/walk";

const folder = process.env.SHOTS!;

for (const [role, email] of walkers) {
  test(`pictures for ${role}`, async ({ browser, javaScriptEnabled }) => {
    test.skip(!javaScriptEnabled, "they look the same");
    test.setTimeout(600_000);
    fs.mkdirSync(path.join(folder, role), { recursive: true });
    const person = await walker(browser, email);
    const { page } = person;
    const kinds = new Map<string, number>();
    for (const href of await pagesOf(person, role)) {
      const kind = kindOf(href);
      const n = (kinds.get(kind) ?? 0) + 1;
      kinds.set(kind, n);
      const name = (kind.replace(/^\//, "").replace(/[^a-z0-9{}-]+/gi, "_").replace(/[{}]/g, "") || "home") + (n > 1 ? `-${n}` : "");
      const answer = await page.goto(href);
      expect(answer!.status(), href).toBeLessThan(500);
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: width === 1280 ? 900 : 844 });
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          await page.screenshot({ path: path.join(folder, role, `${name}.${width}.${colorScheme}.png`), fullPage: true });
        }
      }
    }
    await person.end();
  });
}
