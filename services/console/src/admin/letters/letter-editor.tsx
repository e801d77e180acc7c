import type { ChangePreview, MailKind, TicketRow } from "@docket/api-contract";
import { Button, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { post } from "../../api/client.ts";
import { useNames } from "../../api/directory.ts";
import { ApiError } from "../../api/problem.ts";
import { queryClient } from "../../api/query-client.ts";
import { useRead } from "../../moment/moment.ts";
import { browserZone } from "../../text/format.ts";
import { useText } from "../../text/use-text.ts";
import { CommandButton } from "../../ui/command-button.tsx";
import { Moment } from "../../ui/moment.tsx";
import { OnlyNow } from "../../ui/only-now.tsx";
import admin from "../admin.module.css";
import { forgetKept, keptValues, keepValues } from "../forms/kept.ts";
import { instantOf } from "../forms/values.ts";
import { History } from "../history.tsx";
import css from "./letters.module.css";
import { Tried } from "./tried.tsx";

type Language = "ru" | "en";
export type Words = MailKind["languages"]["ru"]["inForce"];
const languages = ["ru", "en"] as const;

/** The words of one kind of letter in both languages, each beside the letter that they make of a real ticket. */
export function LetterEditor({ kind }: { readonly kind: MailKind }): React.ReactNode {
  const { t, term } = useText();
  const names = useNames();
  const navigate = useNavigate();
  const { ticket = "" } = useSearch({ strict: false }) as { ticket?: string };
  const newest = useRead<{ items: readonly TicketRow[] }>("/tickets", { query: { limit: 1, sort: "-registeredAt" } });
  const [about, setAbout] = useState(ticket);
  const shown = ticket === "" ? newest.data?.items[0]?.number : ticket;
  return (
    <>
      <header className={admin["head"]}>
        <h1>{term("letterKind", kind.kind)}</h1>
        <form
          className={css["about"]}
          onSubmit={(event) => {
            event.preventDefault();
            void navigate({
              to: "/admin/letters",
              search: ((before: object) => ({
                ...before,
                ticket: about.trim() === "" ? undefined : about.trim(),
              })) as never,
            });
          }}
        >
          <TextInput
            size="xs"
            label={t("letters.about")}
            placeholder={shown ?? ""}
            value={about}
            onChange={(event) => setAbout(event.currentTarget.value)}
          />
          <Button size="xs" type="submit" variant="default">
            {t("letters.show")}
          </Button>
        </form>
      </header>
      <p>{t("letters.hint")}</p>
      <OnlyNow>
        <div className={css["sides"]}>
          {languages.map((language) => (
            <Side key={`${language} ${kind.revision ?? -1}`} kind={kind} language={language} ticket={shown} />
          ))}
        </div>
      </OnlyNow>
      {kind.revision === null ? null : <History kind="letter" id={kind.kind} names={names} />}
    </>
  );
}

interface SideProps {
  readonly kind: MailKind;
  readonly language: Language;
  readonly ticket: string | undefined;
}
const parts = ["subject", "text", "after"] as const;

/** One language: what holds, what is typed, the letter it makes, and saving. */
function Side({ kind, language, ticket }: SideProps): React.ReactNode {
  const { t, term } = useText();
  const { builtIn, inForce, current, coming } = kind.languages[language];
  const place = `letter ${kind.kind} ${language}`;
  const [words, setWords] = useState<Words>(() => ({ ...inForce, ...(keptValues(place) as Partial<Words>) }));
  const [from, setFrom] = useState("");
  const [faults, setFaults] = useState<ReadonlyMap<string, string>>(new Map());
  const [field, setField] = useState<(typeof parts)[number]>("text");
  const [tried] = useDebouncedValue(words, 500);
  const write = (part: Partial<Words>): void => {
    setWords((before) => {
      const next = { ...before, ...part };
      keepValues(place, next);
      return next;
    });
  };
  const same = (one: Words, other: Words): boolean => parts.every((part) => one[part] === other[part]);
  const unchanged = same(words, inForce) && coming.length === 0;
  const body = { letterKind: kind.kind, language, effectiveFrom: from === "" ? null : instantOf(from) };
  const send = async (command: string, said: object): Promise<void> => {
    setFaults(new Map());
    // what the decider would refuse is shown at its field
    const preview = await post<ChangePreview>(`/admin/preview/${command}`, said);
    if (preview.reason?.field != null) setFaults(new Map([[preview.reason.field, preview.reason.title]]));
    await post(`/admin/commands/${command}`, said, { idempotencyKey: crypto.randomUUID() });
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
      <TextInput
        size="xs"
        label={t("letters.subject")}
        withAsterisk
        maxLength={200}
        error={faults.get("subject")}
        value={words.subject}
        onFocus={() => setField("subject")}
        onChange={(event) => write({ subject: event.currentTarget.value })}
      />
      {(["text", "after"] as const).map((part) => (
        <Textarea
          key={part}
          size="xs"
          label={t(`letters.${part}`)}
          withAsterisk={part === "text"}
          autosize
          minRows={part === "text" ? 4 : 2}
          maxRows={12}
          maxLength={part === "text" ? 2000 : 1500}
          error={faults.get(part)}
          value={words[part]}
          onFocus={() => setField(part)}
          onChange={(event) => write({ [part]: event.currentTarget.value })}
        />
      ))}
      <div className={css["placeholders"]} role="group" aria-label={t("letters.placeholders")}>
        {kind.placeholders.map(({ name }) => (
          <button key={name} type="button" onClick={() => write({ [field]: `${words[field]}{{${name}}}` })}>
            {term("letterPlaceholder", name)}
          </button>
        ))}
      </div>
      <Tried kind={kind.kind} language={language} words={tried} ticket={ticket} />
      <TextInput
        size="xs"
        type="datetime-local"
        label={t("letters.from")}
        description={browserZone}
        inputWrapperOrder={["label", "input", "description", "error"]}
        error={faults.get("effectiveFrom")}
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <div className={admin["verbs"]}>
        <CommandButton
          off={unchanged ? t("letters.unchanged") : null}
          run={() =>
            send("change-letter-text", { ...body, ...words }).catch((refusal: unknown) => {
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
          run={() => send("reset-letter-text", body)}
        >
          {t("letters.reset")}
        </CommandButton>
        <Button size="xs" variant="subtle" color="gray" disabled={same(words, builtIn)} onClick={() => write(builtIn)}>
          {t("letters.takeBuiltIn")}
        </Button>
      </div>
    </section>
  );
}
