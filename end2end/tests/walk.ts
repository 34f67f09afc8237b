// Which pages there are for whom: what a person's own list leads to, one of each kind. Shared by the tests that look at every
// page and by the pictures.
import { Person, links, people } from "./town";

// An id has a figure in it; "organisations" is as long and has none.
const ID = /(?<=\/)(?=[a-z]*[0-9])[0-9a-z]{13}(?=\/|$)/g;
/** These look different at each stage of a challenge or response; of all others one is enough. */
const SEVERAL = new Set(["/challenges/{id}", "/challenges/{id}/edit", "/responses/{id}"]);

/// Calendars and documents are saved, not shown.
const isDownload = (href: string) => /\.(ics|json)(\?|$)|\/files\/[0-9a-z]{13}$|\/responses\/[0-9a-z]{13}\/document$/.test(href);

export const kindOf = (href: string) => href.replace(ID, "{id}");

export async function pagesOf(person: Person, role: string): Promise<string[]> {
  const { page } = person;
  // What is public is looked at as the visitor sees it; whoever is signed in sees the same under another header.
  const open = ["/challenges", "/challenges?show=past", "/search?q=water", "/search?q=xyzzyqwert", "/about"];
  const pages = ["/", ...(role === "visitor" ? open : [])];
  await person.go("/challenges");
  const challenge = (await links(page, "/challenges/"))[0];
  pages.push(challenge);
  await person.go("/challenges?show=past");
  for (const href of await links(page, "/challenges/")) {
    await page.goto(href);
    const decision = await links(page, `${href}/decision`);
    if (decision.length > 0) {
      pages.push(href, decision[0]);
      break;
    }
  }
  const tokens = ["/confirm?token=none", "/invitation?token=none", "/reset/new?token=none"];
  if (role === "visitor") return [...pages, ...tokens, "/sign-in", "/register", "/reset", "/no-such-page"];
  if (role === "administrator") pages.push("/admin/buyers", "/clock");
  await person.go("/work");
  pages.push("/work", "/account", "/organisations/new", ...(await links(page, "/")));
  await person.go("/account");
  pages.push(...(await links(page, "/organisations/")));
  // The rooms of a challenge, the pages of a response, and one step further in.
  const seen = new Set<string>();
  for (const room of [/^\/challenges\/[0-9a-z]{13}$/, /^\/responses\/[0-9a-z]{13}$/, /\/(edit|responses|scoring|panel|moderation)$/]) {
    for (const href of [...pages]) {
      if (!room.test(href) || isDownload(href) || href === challenge || seen.has(href)) continue;
      seen.add(href);
      await page.goto(href);
      const found = await links(page, /^\/(challenges|responses)\//.test(href) ? "/" : href);
      pages.push(...found.filter((to) => to.startsWith(`${href}/`) || to.startsWith("/receipts/")));
      // An open draft can be read again before it is sent.
      if (/^\/responses\/[0-9a-z]{13}$/.test(href)) pages.push(`${href}/review`);
    }
  }
  const kinds = new Map<string, string[]>();
  for (const href of new Set(pages)) {
    if (href.includes("#") || !href.startsWith("/") || isDownload(href)) continue;
    const kind = kindOf(href);
    const list = kinds.get(kind) ?? [];
    if (list.length < (SEVERAL.has(kind) ? 2 : 1)) kinds.set(kind, [...list, href]);
  }
  return [...kinds.values()].flat();
}

const { conflicted, other, ...some } = people;
/** Everybody whose pages are looked at, the visitor first. */
export const walkers: [string, string][] = Object.entries({ visitor: "", ...some });

export async function walker(browser: Parameters<typeof Person.visitor>[0], email: string, options = {}): Promise<Person> {
  return email ? Person.signedIn(browser, email, options) : Person.visitor(browser, options);
}
