import type { MailKind } from "@docket/api-contract";
import { Textarea, TextInput } from "@mantine/core";
import { useNames } from "../../api/directory.ts";
import { useText } from "../../text/use-text.ts";
import { OnlyNow } from "../../ui/only-now.tsx";
import { History } from "../history.tsx";
import { EditorHead, useTriedTicket } from "./editor-head.tsx";
import css from "./letters.module.css";
import { languages, Side, type Writing } from "./side.tsx";
import { Tried } from "./tried.tsx";

type Words = MailKind["languages"]["ru"]["inForce"];

/** The words of one kind of letter in both languages, each beside the letter that they make of a real ticket. */
export function LetterEditor({ kind }: { readonly kind: MailKind }): React.ReactNode {
  const { t, term } = useText();
  const names = useNames();
  const ticket = useTriedTicket();
  return (
    <>
      <EditorHead title={term("letterKind", kind.kind)} ticket={ticket} />
      <p>{t("letters.hint")}</p>
      <OnlyNow>
        <div className={css["sides"]}>
          {languages.map((language) => (
            <Side<Words>
              key={`${language} ${kind.revision ?? -1}`}
              language={language}
              shown={kind.languages[language]}
              about={{ letterKind: kind.kind }}
              commands={{ change: "change-letter-text", reset: "reset-letter-text" }}
              placeholders={kind.placeholders}
              first="text"
              fields={(writing) => <Fields {...writing} />}
              tried={(words) => <Tried kind={kind.kind} language={language} draft={{ words }} ticket={ticket} />}
            />
          ))}
        </div>
      </OnlyNow>
      {kind.revision === null ? null : <History kind="letter" id={kind.kind} names={names} />}
    </>
  );
}

function Fields({ words, faults, write, enter }: Writing<Words>): React.ReactNode {
  const { t } = useText();
  return (
    <>
      <TextInput
        size="xs"
        label={t("letters.subject")}
        withAsterisk
        maxLength={200}
        error={faults.get("subject")}
        value={words.subject}
        onFocus={() => enter("subject")}
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
          onFocus={() => enter(part)}
          onChange={(event) => write({ [part]: event.currentTarget.value })}
        />
      ))}
    </>
  );
}
