import type { Browser, BrowserContext, Page } from "playwright-core";
import { demoPassword } from "../demo/world.ts";
import { lateTimers } from "./late-timers.ts";

export interface PersonOptions {
  /** `http://localhost:8080` */
  readonly url: string;
  /** a login of the demo; null: nobody is signed in */
  readonly login: string | null;
  readonly language?: "ru" | "en";
  readonly scheme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
  readonly zone?: string;
  /** the language of the browser itself, `en-US`; else that of the page */
  readonly locale?: string;
  /** false: a browser in which nobody has chosen anything yet; language and colours are the account's */
  readonly chosen?: boolean;
}

/** Somebody at a window of his own. */
export interface Person {
  readonly page: Page;
  readonly context: BrowserContext;
  /** what the page complained about: errors of scripts, refused policies, faults in the console */
  readonly complaints: readonly string[];
  /** opens an address of the console and waits until its screen stands */
  go(path: string): Promise<void>;
  leave(): Promise<void>;
}

/** Opens a window for somebody, signed in, in a language and a colour scheme. */
export async function person(browser: Browser, options: PersonOptions): Promise<Person> {
  const {
    url,
    login,
    language = "ru",
    scheme = "light",
    width = 1440,
    height = 900,
    zone = "Europe/Moscow",
    locale = language === "ru" ? "ru-RU" : "en-GB",
    chosen = true,
  } = options;
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height },
    locale,
    colorScheme: scheme,
    timezoneId: zone,
    reducedMotion: "reduce",
  });
  await context.addInitScript(
    ([words, colours]) => {
      // Scripts also run in the frames that show mail, which have no storage.
      try {
        if (words !== undefined) localStorage.setItem("docket.language", words);
        if (colours !== undefined) localStorage.setItem("mantine-color-scheme-value", colours);
        localStorage.setItem("docket.tour", "seen");
      } catch {
        return;
      }
    },
    chosen ? [language, scheme] : [],
  );
  if (login !== null) {
    const answer = await context.request.post("/api/v1/login", { data: { login, password: demoPassword } });
    if (!answer.ok()) throw new Error(`${login} cannot sign in: ${answer.status()} ${await answer.text()}`);
    // what an account has chosen follows it into every browser, so it is the account that chooses
    const { csrfToken } = (await answer.json()) as { csrfToken: string };
    if (chosen)
      await context.request.patch("/api/v1/preferences", {
        data: { language, scheme },
        headers: { "x-csrf-token": csrfToken },
      });
  }
  const page = await context.newPage();
  page.setDefaultTimeout(45_000);
  // To find what holds only on a fast machine: `DOCKET_SLOW=4` makes each page four times slower.
  const slow = Number(process.env["DOCKET_SLOW"] ?? 1);
  if (slow > 1) await (await context.newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: slow });
  // And `DOCKET_LATE=250` has all that a page does "a moment later" come a quarter of a second later.
  const late = Number(process.env["DOCKET_LATE"] ?? 0);
  if (late > 0) await page.addInitScript(lateTimers(late));
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("console", (message) => {
    // What the gateway refuses is an answer; the browser reports each as an error of loading.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      complaints.push(message.text());
  });
  return {
    page,
    context,
    complaints,
    async go(path) {
      await page.goto(path);
      await page.locator("main").first().waitFor();
    },
    leave: () => context.close(),
  };
}
