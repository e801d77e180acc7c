import type { FilledTemplate, ReplyTemplate, TemplateField } from "@docket/api-contract";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { post } from "../../api/client.ts";
import { useText } from "../../text/use-text.ts";
import { messageOf } from "../../ui/states.tsx";
import letters from "../letters/letters.module.css";
import css from "./templates.module.css";

interface PreviewProps {
  readonly language: ReplyTemplate["language"];
  readonly body: string;
  readonly ticket: string | undefined;
}

/** The answer that a text makes of a real ticket, with what would be left to fill in by hand. */
export function TemplatePreview({ language, body, ticket }: PreviewProps): React.ReactNode {
  const { t } = useText();
  const asked = { language, body, ticket };
  const isEmpty = body.trim() === "" || ticket === undefined;
  const filled = useQuery({
    queryKey: ["templates", "preview", asked],
    queryFn: () => post<FilledTemplate>("/templates/preview", asked, { timeless: true }),
    enabled: !isEmpty,
    placeholderData: keepPreviousData,
    retry: false,
  });
  return (
    <figure className={`${letters["tried"]} ${css["preview"]}`} aria-label={t("templates.preview")}>
      <figcaption>
        <b>{t("templates.preview")}</b>
        {ticket === undefined ? null : <span>{t("templates.ofTicket", { number: ticket })}</span>}
      </figcaption>
      {isEmpty ? (
        <p>{t(ticket === undefined ? "templates.noTicket" : "templates.noText")}</p>
      ) : filled.isError ? (
        <p role="alert">{messageOf(filled.error, t("state.unreachableHint"), t("state.unexpected"))}</p>
      ) : filled.data === undefined ? (
        <p role="status">{t("state.loading")}</p>
      ) : (
        <>
          <div className={css["filled"]} data-filled>
            {filled.data.text
              .split(/(\{\{[^{}]*\}\})/u)
              .map((part, at) => (part.startsWith("{{") ? <mark key={at}>{part}</mark> : part))}
          </div>
          {filled.data.missing.length === 0 ? null : (
            <p>
              {t("templates.missing", {
                fields: filled.data.missing.map((name) => t(`templates.field.${name as TemplateField}`)).join(", "),
              })}
            </p>
          )}
          {filled.data.asks.length === 0 ? null : <p>{t("templates.asks", { asks: filled.data.asks.join(", ") })}</p>}
        </>
      )}
    </figure>
  );
}
