import type { MailFrame, MailKind } from "@docket/api-contract";
import { Link, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useRead } from "../../moment/moment.ts";
import { useText } from "../../text/use-text.ts";
import { Stale } from "../../ui/shown.tsx";
import { Failure, Loading } from "../../ui/states.tsx";
import admin from "../admin.module.css";
import { FrameEditor } from "./frame-editor.tsx";
import { LetterEditor } from "./letter-editor.tsx";
import css from "./letters.module.css";

/** The kinds of letters on the left; on the right the words of one, and how it would look. */
export function LettersScreen(): React.ReactNode {
  const { t, term } = useText();
  const { kind: wanted } = useSearch({ strict: false }) as { kind?: string };
  const kinds = useRead<{ items: readonly MailKind[]; frames: readonly MailFrame[] }>("/admin/mail-kinds", {
    timeless: true,
  });
  useEffect(() => {
    document.title = `${t("letters.title")} · Docket`;
  }, [t]);
  if (kinds.isError && kinds.data === undefined)
    return <Failure error={kinds.error} retry={() => void kinds.refetch()} />;
  if (kinds.data === undefined) return <Loading rows={12} />;
  const { items, frames } = kinds.data;
  const frame = frames.find(({ id }) => id === wanted);
  const chosen = frame === undefined ? (items.find(({ kind }) => kind === wanted) ?? items[0]) : undefined;
  const link = (kind: string, title: string, { ru, en }: MailKind["languages"] | MailFrame["languages"]) => (
    <li key={kind}>
      <Link
        to="/admin/letters"
        search={((before: object) => ({ ...before, kind })) as never}
        aria-current={kind === (frame?.id ?? chosen?.kind) ? "page" : undefined}
      >
        {title}
        {ru.current?.words != null || en.current?.words != null ? (
          <span className={css["changed"]}>{t("letters.changed")}</span>
        ) : null}
      </Link>
    </li>
  );
  const list = (to: MailKind["to"]): React.ReactNode => (
    <section aria-label={t(`letters.to.${to}`)}>
      <h3>{t(`letters.to.${to}`)}</h3>
      <ul>
        {items
          .filter((one) => one.to === to)
          .map(({ kind, languages }) => link(kind, term("letterKind", kind), languages))}
      </ul>
    </section>
  );
  return (
    <div className={css["screen"]}>
      <nav className={css["kinds"]} aria-label={t("letters.kinds")}>
        <h2>{t("letters.title")}</h2>
        <section aria-label={t("letters.frames")}>
          <h3>{t("letters.frames")}</h3>
          <ul>{frames.map(({ id, audience, languages }) => link(id, t(`letters.frame.${audience}`), languages))}</ul>
        </section>
        {list("requester")}
        {list("staff")}
      </nav>
      <div className={`${admin["page"]} ${css["work"]}`}>
        <Stale of={kinds} />
        {frame === undefined ? null : <FrameEditor key={frame.id} frame={frame} kinds={items} />}
        {chosen === undefined ? null : <LetterEditor key={chosen.kind} kind={chosen} />}
      </div>
    </div>
  );
}
