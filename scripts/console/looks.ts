/** Both languages in both colour schemes: every screen is looked at four times. */
export const looks = [
  { language: "ru", scheme: "light" },
  { language: "en", scheme: "light" },
  { language: "ru", scheme: "dark" },
  { language: "en", scheme: "dark" },
] as const;
