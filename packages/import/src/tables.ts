/** A mapping's tables: the source's words to ours. A key with `*` in it stands for every word of that form. */

type Table<T> = Readonly<Record<string, T>>;
interface Pattern {
  readonly form: RegExp;
  readonly key: string;
}
const patternsOf = new WeakMap<Table<unknown>, readonly Pattern[]>();

/** What a table has for a word: the word itself first, then the patterns in their order; undefined when it has nothing. */
export function lookUp<T>(table: Table<T>, word: string): T | undefined {
  if (Object.hasOwn(table, word)) return table[word];
  let patterns = patternsOf.get(table);
  if (patterns === undefined) {
    patterns = Object.keys(table)
      .filter((key) => key.includes("*"))
      .map((key) => ({ form: formOf(key), key }));
    patternsOf.set(table, patterns);
  }
  const found = patterns.find(({ form }) => form.test(word));
  return found === undefined ? undefined : table[found.key];
}

/** Whether one of some words (or patterns) is meant by a word. */
export function isAmong(words: readonly string[], word: string): boolean {
  return words.some((one) => one === word || (one.includes("*") && formOf(one).test(word)));
}

const forms = new Map<string, RegExp>();

function formOf(pattern: string): RegExp {
  let form = forms.get(pattern);
  if (form === undefined) {
    const parts = pattern.split("*").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
    form = new RegExp(`^${parts.join("[^]*")}$`, "u");
    forms.set(pattern, form);
  }
  return form;
}
