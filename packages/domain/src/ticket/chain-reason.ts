import type { ChainStep } from "../directory/shapes.ts";
import type { Language } from "../values.ts";
import { terms } from "../texts/terms.ts";

/** "1h30m" as people read it. */
function duration(text: string, hours: string, minutes: string): string {
  return text
    .replace(/(\d+)h/, `$1 ${hours} `)
    .replace(/(\d+)m/, `$1 ${minutes}`)
    .trim();
}

function sentence(
  at: string,
  words: Readonly<Record<"used" | "over" | "before" | "after" | "h" | "m", string>>,
): string {
  if (at.endsWith("%")) return at === "100%" ? words.over : words.used.replace("{}", at.slice(0, -1));
  const time = duration(at.slice(1), words.h, words.m);
  return (at.startsWith("-") ? words.before : words.after).replace("{}", time);
}

/**
 * Why a step of the policy's chain took a ticket under control, as a sentence in both languages: whoever reads the ticket later,
 * staff or auditor, reads the same fact.
 */
export function chainReason({ clock, at, level }: Pick<ChainStep, "clock" | "at" | "level">): string {
  const ru = sentence(at, {
    used: "использовано {} % срока",
    over: "срок истёк",
    before: "до срока осталось {}",
    after: "срок истёк {} назад",
    h: "ч",
    m: "мин",
  });
  const en = sentence(at, {
    used: "{}% of the time is used",
    over: "the deadline has passed",
    before: "{} are left to the deadline",
    after: "the deadline passed {} ago",
    h: "h",
    m: "min",
  });
  const name = terms.clockKind[clock];
  return `${name.ru}: ${ru} (шаг ${level} политики SLA) · ${name.en}: ${en} (step ${level} of the SLA policy)`;
}

/** The half of such a sentence that is in a language; any other reason as it is. */
export function reasonIn(reason: string, language: Language): string {
  const [ru, en, ...more] = reason.split(" · ");
  if (ru === undefined || en?.endsWith(" of the SLA policy)") !== true || more.length > 0) return reason;
  return language === "ru" ? ru : en;
}
