import type { MailKind } from "@docket/api-contract";
import { useNames } from "../../api/directory.ts";
import { useText } from "../../text/use-text.ts";
import { OnlyNow } from "../../ui/only-now.tsx";
import { History } from "../history.tsx";
import { EditorHead, useTriedTicket } from "./editor-head.tsx";
import { LetterField } from "./letter-field.tsx";
import css from "./letters.module.css";
import { languages, Side } from "./side.tsx";
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
              fields={(writing) => (
                <>
                  <LetterField writing={writing} name="subject" most={200} />
                  <LetterField writing={writing} name="text" most={2000} lines={[4, 12]} />
                  <LetterField writing={writing} name="after" most={1500} lines={[2, 12]} optional />
                </>
              )}
              tried={(words) => <Tried kind={kind.kind} language={language} draft={{ words }} ticket={ticket} />}
            />
          ))}
        </div>
      </OnlyNow>
      {kind.revision === null ? null : <History kind="letter" id={kind.kind} names={names} />}
    </>
  );
}
