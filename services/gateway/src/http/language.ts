import type { Language } from "@docket/domain";

/** The language that an Accept-Language header prefers among ours; undefined when it names neither. */
export function languageOf(header: string | undefined): Language | undefined {
  if (header === undefined) return undefined;
  let best: { language: Language; weight: number } | undefined;
  for (const part of header.slice(0, 500).split(",")) {
    const [range = "", ...params] = part.trim().toLowerCase().split(";");
    const quality = params.map((param) => /^\s*q=([\d.]+)\s*$/.exec(param)?.[1]).find((value) => value !== undefined);
    const weight = quality === undefined ? 1 : Number(quality);
    const primary = range.trim().split("-")[0];
    if ((primary !== "ru" && primary !== "en") || !(weight > 0)) continue;
    if (best === undefined || weight > best.weight) best = { language: primary, weight };
  }
  return best?.language;
}

/** The language of an answer: what the request prefers, else the account's own. */
export const languageFor = (
  request: { readonly headers: { readonly "accept-language"?: string | undefined } },
  { language }: { readonly language: Language },
): Language => languageOf(request.headers["accept-language"]) ?? language;
