import type { ru as later } from "./later-ru.ts";
import type { ru } from "./ru.ts";

type Plural = "zero" | "one" | "two" | "few" | "many" | "other";
type Base<Key extends string> = Key extends `${infer Stem}_${Plural}` ? Stem : Key;

/** Every text that the console can say; a plural goes by its stem (`queue.rows`, said with `count`). */
export type TextKey = Base<keyof typeof ru | keyof typeof later>;

/** What fills the gaps of a text. `count` also chooses the plural form. */
export type TextValues = Readonly<Record<string, string | number>>;
export type Say = (key: TextKey, values?: TextValues) => string;
