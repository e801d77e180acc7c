/** An e-mail address as it is compared: case and surrounding space say nothing. */
export function normaliseEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** Letters of different alphabets that look alike on paper and are mixed up when a key is typed from it. */
const lookAlike: Readonly<Record<string, string>> = {
  А: "A",
  В: "B",
  Е: "E",
  К: "K",
  М: "M",
  Н: "H",
  О: "O",
  Р: "P",
  С: "C",
  Т: "T",
  У: "Y",
  Х: "X",
};

/** A support key or a contract's number as it is compared: spaces, dashes' kinds, case and look-alike letters say nothing. */
export function normaliseKey(key: string): string {
  return key
    .replace(/[\s#№]+/gu, "")
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[‐-―−]/gu, "-")
    .replace(/[АВЕКМНОРСТУХ]/gu, (letter) => lookAlike[letter] ?? letter);
}

/** An organization's name as it is compared: quotes, legal form, case and punctuation say nothing. */
export function normaliseName(name: string): string {
  const words = name
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll("ё", "е")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
    .split(" ");
  const bare = words.filter((word) => !legalForms.has(word));
  return (bare.length > 0 ? bare : words).join(" ");
}

const legalForms: ReadonlySet<string> = new Set([
  "ооо",
  "оао",
  "зао",
  "пао",
  "ао",
  "ип",
  "нко",
  "llc",
  "ltd",
  "inc",
  "gmbh",
  "jsc",
  "plc",
]);

/** A phone number as it is compared: its digits, with the Russian trunk 8 as 7. Empty when it has too few. */
export function normalisePhone(phone: string): string {
  const digits = phone.replace(/\D+/g, "");
  if (digits.length < 7) return "";
  return digits.length === 11 && digits.startsWith("8") ? `7${digits.slice(1)}` : digits;
}

/** A product's or region's name as it is compared. */
export function normaliseTerm(term: string): string {
  return term.normalize("NFKC").trim().toLowerCase();
}
