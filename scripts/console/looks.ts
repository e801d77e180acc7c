/**
 * Both languages and both schemes. The other two pairs differ from these by their colours alone, and `accessibilityFaults` looks at
 * each page's colours in both schemes.
 */
export const looks = [
  { language: "ru", scheme: "light" },
  { language: "en", scheme: "dark" },
] as const;
