import type { Browser, BrowserContext, Page } from "playwright-core";
import { demoPassword } from "../demo/world.ts";

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
  const { url, login, language = "ru", scheme = "light", width = 1440, height = 900, zone = "Europe/Moscow" } = options;
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height },
    locale: language === "ru" ? "ru-RU" : "en-GB",
    colorScheme: scheme,
    timezoneId: zone,
    reducedMotion: "reduce",
  });
  await context.addInitScript(
    ([chosen, colours]) => {
      // Scripts also run in the frames that show mail, which have no storage.
      try {
        localStorage.setItem("docket.language", chosen ?? "ru");
        localStorage.setItem("mantine-color-scheme-value", colours ?? "light");
        localStorage.setItem("docket.tour", "seen");
      } catch {
        return;
      }
    },
    [language, scheme],
  );
  if (login !== null) {
    const answer = await context.request.post("/api/v1/login", { data: { login, password: demoPassword } });
    if (!answer.ok()) throw new Error(`${login} cannot sign in: ${answer.status()} ${await answer.text()}`);
  }
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
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
