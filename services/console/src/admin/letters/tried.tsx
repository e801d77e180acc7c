import type { MailFrame, MailKind, TriedMail } from "@docket/api-contract";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { addressOf, post } from "../../api/client.ts";
import { useText } from "../../text/use-text.ts";
import { messageOf } from "../../ui/states.tsx";
import css from "./letters.module.css";

interface TriedProps {
  readonly kind: string;
  readonly language: "ru" | "en";
  /** words that are being typed; what is left out is as it holds */
  readonly draft: {
    readonly words?: MailKind["languages"]["ru"]["inForce"];
    readonly frame?: MailFrame["languages"]["ru"]["inForce"];
  };
  readonly ticket: string | undefined;
}

/** The letter as it would be written: its subject, and its page in a frame that runs nothing. */
export function Tried({ kind, language, draft, ticket }: TriedProps): React.ReactNode {
  const { t } = useText();
  const asked = { kind, language, ...draft, ...(ticket === undefined ? {} : { ticket }) };
  const letter = useQuery({
    queryKey: ["letters", "tried", asked],
    // the frame shows what was found sound, never what is being typed
    queryFn: async () => ({ draft, ...(await post<TriedMail>("/admin/mail-preview", asked, { timeless: true })) }),
    placeholderData: keepPreviousData,
    retry: false,
  });
  if (letter.isError)
    return (
      <p className={css["refused"]} role="alert">
        {messageOf(letter.error, t("state.unreachableHint"), t("state.unexpected"))}
      </p>
    );
  if (letter.data === undefined) return <p role="status">{t("state.loading")}</p>;
  const { subject, sample, number } = letter.data;
  return (
    <figure className={css["tried"]}>
      <figcaption>
        <b data-subject>{subject}</b>
        <span>{t(sample ? "letters.sample" : "letters.real", { number })}</span>
      </figcaption>
      <iframe
        sandbox=""
        title={t(`letters.tried.${language}`)}
        src={addressOf("/admin/mail-preview/frame", {
          kind,
          language,
          ticket: number,
          ...(letter.data.draft.words === undefined ? {} : { draft: coded(letter.data.draft.words) }),
          ...(letter.data.draft.frame === undefined ? {} : { frame: coded(letter.data.draft.frame) }),
        })}
      />
    </figure>
  );
}

/** JSON in base64url, as the address of the frame takes it. */
function coded(words: object): string {
  const bytes = new TextEncoder().encode(JSON.stringify(words));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/u, "");
}
