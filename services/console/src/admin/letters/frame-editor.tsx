import type { MailFrame, MailKind } from "@docket/api-contract";
import { Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { useNames } from "../../api/directory.ts";
import { useText } from "../../text/use-text.ts";
import { OnlyNow } from "../../ui/only-now.tsx";
import { History } from "../history.tsx";
import { EditorHead, useTriedTicket } from "./editor-head.tsx";
import { LetterField } from "./letter-field.tsx";
import css from "./letters.module.css";
import { languages, Side, type Writing } from "./side.tsx";
import { Tried } from "./tried.tsx";

type FrameWords = MailFrame["languages"]["ru"]["inForce"];
type Label = keyof FrameWords["labels"];

/** Without the names that are the product's own anyway, and without those that say nothing. */
const plainly =
  (builtIn: FrameWords) =>
  (words: FrameWords): FrameWords => ({
    ...words,
    labels: Object.fromEntries(
      Object.entries(words.labels).filter(
        ([name, said]) => said !== undefined && said.trim() !== "" && said !== builtIn.labels[name as Label],
      ),
    ),
  });

/** What stands in every letter to an audience: greeting, button, signature and the names of facts; tried on any of its letters. */
export function FrameEditor({
  frame,
  kinds,
}: {
  readonly frame: MailFrame;
  readonly kinds: readonly MailKind[];
}): React.ReactNode {
  const { t, term } = useText();
  const names = useNames();
  const ticket = useTriedTicket();
  const own = kinds.filter(({ to }) => to === frame.audience);
  const [kind, setKind] = useState(own[0]?.kind ?? "registered");
  return (
    <>
      <EditorHead title={t(`letters.frame.${frame.audience}`)} ticket={ticket}>
        <Select
          size="xs"
          w={240}
          maw="100%"
          label={t("letters.triedOn")}
          allowDeselect={false}
          data={own.map((one) => ({ value: one.kind, label: term("letterKind", one.kind) }))}
          value={kind}
          onChange={(next) => setKind((next as MailKind["kind"] | null) ?? kind)}
        />
      </EditorHead>
      <p>{t("letters.frameHint")}</p>
      <OnlyNow>
        <div className={css["sides"]}>
          {languages.map((language) => {
            const { builtIn } = frame.languages[language];
            return (
              <Side<FrameWords>
                key={`${language} ${frame.revision ?? -1}`}
                language={language}
                shown={frame.languages[language]}
                about={{ audience: frame.audience }}
                commands={{ change: "change-letter-frame", reset: "reset-letter-frame" }}
                placeholders={frame.placeholders}
                first="signature"
                plain={plainly(builtIn)}
                fields={(writing) => <Fields writing={writing} builtIn={builtIn} />}
                tried={(words) => (
                  <Tried kind={kind} language={language} draft={{ frame: plainly(builtIn)(words) }} ticket={ticket} />
                )}
              />
            );
          })}
        </div>
      </OnlyNow>
      {frame.revision === null ? null : <History kind="letter" id={frame.id} names={names} />}
    </>
  );
}

interface FieldsProps {
  readonly writing: Writing<FrameWords>;
  readonly builtIn: FrameWords;
}

function Fields({ writing, builtIn }: FieldsProps): React.ReactNode {
  const { words, faults, write } = writing;
  const { t } = useText();
  const labels = Object.entries(builtIn.labels) as [Label, string][];
  return (
    <>
      <LetterField writing={writing} name="greeting" most={200} />
      <LetterField writing={writing} name="button" most={80} plain />
      <LetterField writing={writing} name="signature" most={500} lines={[2, 8]} />
      <details className={css["labels"]}>
        <summary>{t("letters.labels")}</summary>
        {labels.map(([name, usual]) => (
          <TextInput
            key={name}
            size="xs"
            label={usual}
            placeholder={usual}
            maxLength={80}
            error={faults.get(`labels.${name}`)}
            value={words.labels[name] ?? ""}
            onChange={(event) => write({ labels: { ...words.labels, [name]: event.currentTarget.value } })}
          />
        ))}
      </details>
    </>
  );
}
