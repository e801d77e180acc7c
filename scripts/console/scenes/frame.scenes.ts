import { expect, it } from "vitest";
import { accessibilityFaults } from "../axe.ts";
import { demoTicket, inWork } from "../demo-ticket.ts";
import { looks } from "../looks.ts";
import { screenshot } from "../screenshots.ts";
import type { Stand } from "../stand.ts";

export const title = "the frame of the console";

export function scenes(stand: () => Stand): void {
  it("offers the demo's roles to whoever is not signed in, and lets them in", async () => {
    // the language that an account has chosen is spoken wherever it signs in
    await (await stand().person("olga")).leave();
    const visitor = await stand().person(null);
    await visitor.go("/queues/mine");
    await visitor.page.waitForURL(/\/login\?/u);
    await visitor.page.locator("[data-login=olga]").click();
    await visitor.page.waitForURL(/\/queues\/mine$/u);
    await visitor.page.getByRole("navigation").getByText("Моя линия").waitFor();
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });

  it("keeps a wrong password out and says so in place", async () => {
    const visitor = await stand().person(null, { language: "en" });
    await visitor.go("/login");
    await visitor.page.getByLabel("Login").fill("olga");
    await visitor.page.getByRole("textbox", { name: "Password" }).fill("wrong");
    await visitor.page.getByRole("button", { name: "Sign in", exact: true }).click();
    await visitor.page.getByRole("alert").waitFor();
    expect(new URL(visitor.page.url()).pathname).toBe("/login");
    await visitor.leave();
  });

  it("is one page for every address, strict about what may run, and cached by content", async () => {
    const { public: url } = stand().stack.urls;
    const visitor = await stand().person(null);
    const page = await visitor.context.request.get("/queues/anything", { headers: { accept: "text/html" } });
    expect(page.status()).toBe(200);
    expect(page.headers()["cache-control"]).toBe("no-store");
    const policy = page.headers()["content-security-policy"] ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/u);
    const html = await page.text();
    expect(html).not.toMatch(/<style|<script(?![^>]*src=)| style=/u);
    const script = /src="(\/assets\/[^"]+)"/u.exec(html)?.[1] ?? "";
    const asset = await fetch(`${url}${script}`);
    expect(asset.headers.get("cache-control")).toContain("immutable");
    expect((await fetch(`${url}/assets/none.js`)).status).toBe(404);
    expect((await fetch(`${url}/assets/..%2findex.html`)).status).toBe(404);
    expect((await fetch(`${url}/queues/mine`, { headers: { accept: "text/html" } })).status).toBe(404);
    expect((await visitor.context.request.get("/api/v1/none", { headers: { accept: "text/html" } })).status()).toBe(
      404,
    );
    await visitor.leave();
  });

  it("loads no more than 250 KB of compressed script before the first screen", async () => {
    for (const login of [null, "olga"] as const) {
      const visitor = await stand().person(login);
      // What is put off until after the first screen does not come before it however slow the machine is: neither what waits a
      // second, nor what looks every tenth of one whether the screen stands, and after a while no longer waits for it.
      await visitor.page.addInitScript(() => {
        const { setTimeout: later, setInterval: each } = globalThis;
        globalThis.setInterval = ((run: () => void, ms = 0) => each(run, ms === 100 ? 600_000 : ms)) as never;
        globalThis.setTimeout = ((run: () => void, ms = 0) => later(run, ms >= 1_000 ? 600_000 : ms)) as never;
      });
      let bytes = 0;
      visitor.page.on("response", (response) => {
        if (response.url().endsWith(".js")) bytes += Number(response.headers()["content-length"] ?? 0);
      });
      await visitor.go(login === null ? "/login" : "/queues/all-open");
      await visitor.page
        .locator(login === null ? "[data-login]" : "[role=row][data-number]")
        .first()
        .waitFor();
      expect(bytes).toBeGreaterThan(50_000);
      // Room is left for what is added: the limit that people were promised is 250.
      expect(bytes).toBeLessThan(235 * 1024);
      await visitor.leave();
    }
  });

  it("shows a past moment unmistakably, keeps it in the address, and comes back", async () => {
    const olga = await stand().person("olga");
    await olga.go("/queues/all-open");
    await olga.page.getByRole("button", { name: "Сейчас" }).click();
    await olga.page.getByRole("button", { name: "Час назад" }).click();
    await olga.page.waitForURL(/asOf=/u);
    await olga.page.getByText("Действия закрыты").waitFor();
    await olga.page.getByRole("navigation").getByText("Просрочены").click();
    await olga.page.waitForURL(/\/queues\/missed\?asOf=/u);
    await olga.page.reload();
    await olga.page.getByText("Действия закрыты").waitFor();
    await olga.page.getByRole("button", { name: "Вернуться в настоящее" }).click();
    await olga.page.waitForURL(/\/queues\/missed$/u);
    await olga.leave();
  });

  it("goes anywhere by keys, with a Russian keyboard, too, and finds tickets by their number", async () => {
    const olga = await stand().person("olga");
    await olga.go("/queues/mine");
    await olga.page.getByRole("navigation").getByText("Моя линия").waitFor();
    await olga.page.keyboard.press("g");
    await olga.page.keyboard.press("u");
    await olga.page.waitForURL(/\/queues\/unassigned/u);
    for (const [key, code] of [
      ["п", "KeyG"],
      ["ч", "KeyX"],
    ])
      await olga.page.evaluate(
        `document.dispatchEvent(new KeyboardEvent("keydown", { key: "${key}", code: "${code}", bubbles: true }))`,
      );
    await olga.page.waitForURL(/\/queues\/missed/u);
    await olga.page.keyboard.press("?");
    await olga.page.getByRole("dialog").getByText("Перейти").waitFor();
    await olga.page.keyboard.press("Escape");
    await olga.page.getByRole("dialog").waitFor({ state: "detached" });
    // the field comes later than the list; what is typed meanwhile goes into it, and is no key of the list
    await olga.go("/queues/all-open");
    await olga.page.locator("main h1").waitFor();
    await olga.page.keyboard.press("/");
    await olga.page.keyboard.type("oxjt vpn");
    await olga.page.keyboard.press("Enter");
    await olga.page.waitForURL(/\/queues\/all-open\?q=oxjt(?:[+]|%20)vpn$/u);
    await olga.page.keyboard.press("Control+k");
    const ticket = await demoTicket(stand(), inWork);
    await olga.page.getByRole("combobox").fill(ticket);
    await olga.page.getByRole("option", { name: new RegExp(ticket, "u") }).waitFor();
    await olga.page.keyboard.press("Enter");
    await olga.page.waitForURL(new RegExp(`/tickets/${ticket}`, "u"));
    // what Escape closes is the list of keys, and not the ticket below it
    await olga.go(`/queues/all-open/${ticket}`);
    await olga.page.locator("#ticket-title").waitFor();
    await olga.page.keyboard.press("?");
    await olga.page.getByRole("dialog").getByText("Перейти").waitFor();
    await olga.page.keyboard.press("Escape");
    await olga.page.getByRole("dialog").waitFor({ state: "detached" });
    expect(new URL(olga.page.url()).pathname).toBe(`/queues/all-open/${ticket}`);
    await olga.page.keyboard.press("Escape");
    await olga.page.locator("#ticket-title").waitFor({ state: "detached" });
    await olga.leave();
  });

  it.each([
    ["olga", "ru", 6],
    ["anna", "en", 7],
    ["alexey", "ru", 6],
    ["admin", "en", 6],
    ["miller", "en", 3],
  ] as const)("the tour of %s in %s leads through places that are there", async (login, language, steps) => {
    const visitor = await stand().person(login, { language });
    await visitor.context.addInitScript("localStorage.removeItem('docket.tour')");
    if (login === "olga") {
      // whoever follows a link is not led away from what it leads to
      await visitor.go("/queues/closed");
      await visitor.page.locator("main h1").waitFor();
      await visitor.page.waitForLoadState("networkidle");
      expect(await visitor.page.locator("[data-step]").count()).toBe(0);
    }
    await visitor.go("/");
    const card = visitor.page.locator("[data-step]");
    const seen = new Set<string>();
    for (let at = 1; at <= steps; at++) {
      await card.getByText(new RegExp(`: ${at} (?:из|of) ${steps}$`, "u")).waitFor();
      await visitor.page.locator("[data-step][data-found=true]").waitFor();
      await visitor.page.locator("[data-tour-here]").first().waitFor();
      seen.add((await card.getAttribute("data-step")) ?? "");
      await card.getByRole("button").last().click();
    }
    expect(seen.size).toBe(steps);
    await card.waitFor({ state: "detached" });
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });

  it("offers the roles in words that are never cut off, from a phone to a wall", async () => {
    for (const width of [320, 760, 1440, 3840]) {
      const visitor = await stand().person(null, { width });
      await visitor.go("/login");
      await visitor.page.locator("[data-login=olga]").waitFor();
      const cut = await visitor.page.evaluate(
        "[...document.querySelectorAll('[data-login], [data-login] *')].filter((part) => part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).display !== 'inline').map((part) => part.textContent)",
      );
      expect({ width, cut }).toEqual({ width, cut: [] });
      await visitor.leave();
    }
  });

  it("language, colours, density and columns follow the account to another browser", async () => {
    const here = await stand().person("inna");
    await here.go("/queues/all-open");
    await here.page.locator("[role=row][data-number]").first().waitFor();
    const menu = async (item: string): Promise<void> => {
      await here.page.getByRole("button", { name: "Инна Гусева: настройки и выход" }).click();
      await here.page.getByRole("menuitem", { name: item }).click();
    };
    await menu("Тёмные");
    await menu("Просторно");
    await here.page.getByRole("button", { name: "Столбцы" }).click();
    await here.page.getByRole("checkbox", { name: "Заказчик" }).click();
    await expect.poll(() => here.page.getByRole("columnheader", { name: "Заказчик" }).count()).toBe(0);
    await here.page.keyboard.press("Escape");
    await here.page.getByRole("banner").getByText("en", { exact: true }).click();
    await here.page.getByRole("columnheader", { name: "Subject" }).waitFor();
    const kept = async (): Promise<unknown> => (await here.context.request.get("/api/v1/preferences")).json();
    await expect
      .poll(kept)
      .toMatchObject({ language: "en", scheme: "dark", density: "roomy", columns: { "all-open": expect.anything() } });
    await here.leave();

    const there = await stand().person("inna", { chosen: false });
    await there.go("/queues/all-open");
    await there.page.getByRole("columnheader", { name: "Subject" }).waitFor();
    const look = (name: string): Promise<string | null> => there.page.locator("html").getAttribute(name);
    await expect.poll(() => look("data-mantine-color-scheme")).toBe("dark");
    await expect.poll(() => look("data-density")).toBe("roomy");
    await expect.poll(() => there.page.getByRole("columnheader", { name: "Customer" }).count()).toBe(0);
    expect(there.complaints).toEqual([]);
    await there.leave();
  });

  it.each(looks)("the way in is accessible: $language, $scheme", async (look) => {
    const visitor = await stand().person(null, look);
    await visitor.go("/login");
    await visitor.page.locator("[data-login=olga]").waitFor();
    expect(await accessibilityFaults(visitor.page)).toEqual([]);
    await screenshot(visitor.page, `login-${look.language}-${look.scheme}`);
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });
}
