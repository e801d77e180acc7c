import type { MailKind } from "@docket/api-contract";
import { Link, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useRead } from "../../moment/moment.ts";
import { useText } from "../../text/use-text.ts";
import { Failure, Loading } from "../../ui/states.tsx";
import admin from "../admin.module.css";
import { LetterEditor } from "./letter-editor.tsx";
import css from "./letters.module.css";

/** The kinds of letters on the left; on the right the words of one, and how it would look. */
export function LettersScreen(): React.ReactNode {
  const { t, term } = useText();
  const { kind: wanted } = useSearch({ strict: false }) as { kind?: string };
  const kinds = useRead<{ items: readonly MailKind[] }>("/admin/mail-kinds", { timeless: true });
  useEffect(() => {
    document.title = `${t("letters.title")} · Docket`;
  }, [t]);
  if (kinds.isError && kinds.data === undefined)
    return <Failure error={kinds.error} retry={() => void kinds.refetch()} />;
  if (kinds.data === undefined) return <Loading rows={12} />;
  const { items } = kinds.data;
  const chosen = items.find(({ kind }) => kind === wanted) ?? items[0];
  const list = (to: MailKind["to"]): React.ReactNode => (
    <section aria-label={t(`letters.to.${to}`)}>
      <h3>{t(`letters.to.${to}`)}</h3>
      <ul>
        {items
          .filter((one) => one.to === to)
          .map(({ kind, languages }) => {
            const changed = languages.ru.current?.words != null || languages.en.current?.words != null;
            return (
              <li key={kind}>
                <Link
                  to="/admin/letters"
                  search={((before: object) => ({ ...before, kind })) as never}
                  aria-current={kind === chosen?.kind ? "page" : undefined}
                >
                  {term("letterKind", kind)}
                  {changed ? <span className={css["changed"]}>{t("letters.changed")}</span> : null}
                </Link>
              </li>
            );
          })}
      </ul>
    </section>
  );
  return (
    <div className={css["screen"]}>
      <nav className={css["kinds"]} aria-label={t("letters.kinds")}>
        <h2>{t("letters.title")}</h2>
        {list("requester")}
        {list("staff")}
      </nav>
      <div className={`${admin["page"]} ${css["work"]}`}>
        {chosen === undefined ? null : <LetterEditor key={chosen.kind} kind={chosen} />}
      </div>
    </div>
  );
}
