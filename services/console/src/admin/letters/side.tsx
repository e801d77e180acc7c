import type { ChangePreview, MailKind } from "@docket/api-contract";
import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { post } from "../../api/client.ts";
import { ApiError } from "../../api/problem.ts";
import { queryClient } from "../../api/query-client.ts";
import { browserZone } from "../../text/format.ts";
import { useText } from "../../text/use-text.ts";
import { CommandButton } from "../../ui/command-button.tsx";
import { MomentField } from "../../ui/moment-field.tsx";
import { Moment } from "../../ui/moment.tsx";
import admin from "../admin.module.css";
import { forgetKept, keptValues, keepValues } from "../forms/kept.ts";
import { instantOf } from "../forms/values.ts";
import css from "./letters.module.css";

export type Language = "ru" | "en";
export const languages = ["ru", "en"] as const;

interface Version<Words> {
  readonly version: number;
  readonly effectiveFrom: string;
  readonly words: Words | null;
}
interface InLanguage<Words> {
  readonly builtIn: Words;
  readonly inForce: Words;
  readonly current: Version<Words> | null;
  readonly coming: readonly Version<Words>[];
}

/** What the fields of a side are told and tell. */
export interface Writing<Words> {
  readonly words: Words;
  readonly faults: ReadonlyMap<string, string>;
  readonly write: (part: Partial<Words>) => void;
  /** a field into which placeholders may go has the focus */
  readonly enter: (part: keyof Words & string) => void;
}

interface SideProps<Words extends object> {
  readonly language: Language;
  readonly shown: InLanguage<Words>;
  /** what is written about, as the commands name it: the kind of letter, or the audience */
  readonly about: Readonly<Record<string, string>>;
  readonly commands: { readonly change: string; readonly reset: string };
  readonly placeholders: MailKind["placeholders"];
  readonly first: keyof Words & string;
  /** the same words in one form, so that they can be held against each other */
  readonly plain?: (words: Words) => Words;
  readonly fields: (writing: Writing<Words>) => React.ReactNode;
  /** the letter that they make */
  readonly tried: (words: Words) => React.ReactNode;
}

/** One language: what holds, what is typed, the letter it makes, and saving. */
export function Side<Words extends object>(props: SideProps<Words>): React.ReactNode {
  const { language, shown, about, commands, placeholders, first, plain = (words) => words } = props;
  const { t, term } = useText();
  const { builtIn, inForce, current, coming } = shown;
  const place = `letter ${Object.values(about).join(" ")} ${language}`;
  const [words, setWords] = useState<Words>(() => ({ ...plain(inForce), ...(keptValues(place) as Partial<Words>) }));
  const [from, setFrom] = useState("");
  const [faults, setFaults] = useState<ReadonlyMap<string, string>>(new Map());
  const [field, setField] = useState(first);
  const [tried] = useDebouncedValue(words, 500);
  const write = (part: Partial<Words>): void =>
    setWords((before) => {
      const next = { ...before, ...part };
      keepValues(place, next as Readonly<Record<string, unknown>>);
      return next;
    });
  const same = (one: Words, other: Words): boolean => said(plain(one)) === said(plain(other));
  const unchanged = same(words, inForce) && coming.length === 0;
  const body = { ...about, language, effectiveFrom: from === "" ? null : instantOf(from) };
  const send = async (command: string, what: object): Promise<void> => {
    setFaults(new Map());
    // what the decider would refuse is shown at its field
    const preview = await post<ChangePreview>(`/admin/preview/${command}`, what);
    if (preview.reason?.field != null) setFaults(new Map([[preview.reason.field, preview.reason.title]]));
    await post(`/admin/commands/${command}`, what, { idempotencyKey: crypto.randomUUID() });
    forgetKept(place);
    await queryClient.invalidateQueries();
  };
  const label = t(`letters.in.${language}`);
  return (
    <section className={css["side"]} aria-label={label} data-language={language}>
      <h2>{label}</h2>
      <p className={css["state"]}>
        {current?.words == null ? (
          t("letters.builtIn")
        ) : (
          <>
            {t("letters.own", { version: current.version })} <Moment at={current.effectiveFrom} />
          </>
        )}
        {coming.map(({ version, effectiveFrom, words: next }) => (
          <span key={version}>
            {". "}
            {t(next === null ? "letters.comingReset" : "letters.coming", { version })} <Moment at={effectiveFrom} />
          </span>
        ))}
      </p>
      {props.fields({ words, faults, write, enter: setField })}
      <div className={css["placeholders"]} role="group" aria-label={t("letters.placeholders")}>
        {placeholders.map(({ name }) => (
          <button
            key={name}
            type="button"
            onClick={() => write({ [field]: `${String(words[field])}{{${name}}}` } as unknown as Partial<Words>)}
          >
            {term("letterPlaceholder", name)}
          </button>
        ))}
      </div>
      {props.tried(tried)}
      <MomentField
        label={t("letters.from")}
        description={browserZone}
        inputWrapperOrder={["label", "input", "description", "error"]}
        error={faults.get("effectiveFrom")}
        value={from}
        onChange={setFrom}
      />
      <div className={admin["verbs"]}>
        <CommandButton
          off={unchanged ? t("letters.unchanged") : null}
          run={() =>
            send(commands.change, { ...body, ...plain(words) }).catch((refusal: unknown) => {
              if (refusal instanceof ApiError && refusal.fields.size > 0) setFaults(refusal.fields);
              throw refusal;
            })
          }
        >
          {t("letters.save")}
        </CommandButton>
        <CommandButton
          variant="default"
          off={current?.words == null && coming.length === 0 ? t("letters.builtIn") : null}
          run={() => send(commands.reset, body)}
        >
          {t("letters.reset")}
        </CommandButton>
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          disabled={same(words, builtIn)}
          onClick={() => write(plain(builtIn))}
        >
          {t("letters.takeBuiltIn")}
        </Button>
      </div>
    </section>
  );
}

/** In one order, whoever wrote it down. */
const said = (words: object): string =>
  JSON.stringify(words, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
