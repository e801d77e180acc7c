import type { Preferences } from "@docket/api-contract";
import type { MantineColorScheme } from "@mantine/core";
import { get, patch } from "../api/client.ts";
import { currentLanguage, speak, type Language } from "../text/i18n.ts";
import { densityAtHand, setDensity, type Density } from "./look.ts";

/*
 * What somebody has chosen for himself follows his account: every choice goes to the gateway, and a browser in which he opens the
 * console takes over what stands there. This browser keeps a copy, so that the first drawing needs no question.
 */

type Schemes = { readonly scheme: MantineColorScheme; readonly setScheme: (scheme: MantineColorScheme) => void };

const toServer = { light: "light", dark: "dark", auto: "system" } as const;
const fromServer = { light: "light", dark: "dark", system: "auto" } as const;

/** Sends a choice to the account. It holds here whatever becomes of that: the next choice, or the next sign-in, tells it again. */
export function keepChoice(change: {
  readonly language?: Language;
  readonly scheme?: MantineColorScheme;
  readonly density?: Density;
  readonly columns?: Readonly<Record<string, readonly string[]>>;
}): void {
  const { scheme, ...rest } = change;
  const body = { ...rest, ...(scheme === undefined ? {} : { scheme: toServer[scheme] }) };
  void patch("/preferences", body, { timeless: true }).catch(() => undefined);
}

export function chooseLanguage(language: Language): void {
  void speak(language, { remember: true });
  keepChoice({ language });
}

/** Takes over what the account has chosen elsewhere; an account that has chosen nothing yet gets what holds here. */
export async function followAccount({ scheme, setScheme }: Schemes): Promise<void> {
  const chosen = await get<Preferences>("/preferences");
  if (chosen.revision < 0) {
    keepChoice({ language: currentLanguage(), scheme, density: densityAtHand() });
    return;
  }
  for (const [view, ids] of Object.entries(chosen.columns)) localStorage.setItem(columnsKey(view), ids.join(","));
  for (const listener of listeners) listener();
  if (chosen.density !== densityAtHand()) setDensity(chosen.density);
  if (fromServer[chosen.scheme] !== scheme) setScheme(fromServer[chosen.scheme]);
  if (chosen.language !== currentLanguage()) await speak(chosen.language, { remember: true });
}

const columnsKey = (view: string): string => `docket.columns.${view}`;
const listeners = new Set<() => void>();

/** The columns chosen for a view, as they stand side by side; null while nobody has chosen. */
export const columnsAtHand = (view: string): string | null => localStorage.getItem(columnsKey(view));

export function setColumns(view: string, ids: readonly string[]): void {
  localStorage.setItem(columnsKey(view), ids.join(","));
  for (const listener of listeners) listener();
  keepChoice({ columns: { [view]: ids } });
}

export function onColumns(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
