import type { TimelineEntry } from "@docket/api-contract";
import { SegmentedControl } from "@mantine/core";
import { memo, useEffect, useRef, useState } from "react";
import { useNames, type Names } from "../../api/directory.ts";
import { useSession } from "../../api/session.ts";
import { useText } from "../../text/use-text.ts";
import { FactLine, type Fact } from "../../ui/fact-line.tsx";
import { IconMail } from "../../ui/icons.ts";
import { Moment } from "../../ui/moment.tsx";
import { Empty } from "../../ui/states.tsx";
import { changeOf, filesOf, kindOf, saidText, type FactKind, type FileOf } from "./facts.tsx";
import { Files } from "./files.tsx";
import css from "./ticket.module.css";

export interface SentMail {
  readonly mailId: string;
  readonly kind: string;
  readonly to: string;
  readonly subject: string;
  readonly status: string;
  readonly createdAt: string;
  readonly sentAt: string | null;
  readonly error?: string | null;
  readonly text?: string | null;
}

interface TimelineProps {
  readonly items: readonly TimelineEntry[];
  readonly mails?: readonly SentMail[] | undefined;
  /** in whose files the attachments stand: `/tickets/{id}` */
  readonly filesAt: string;
  /** events that are drawn out (what a replay step brought) */
  readonly marked?: ReadonlySet<string>;
}

type Line = { readonly at: string; readonly key: string; readonly kind: FactKind } & (
  { readonly fact: TimelineEntry } | { readonly mail: SentMail }
);
const filters = ["all", "message", "note", "change", "clock", "mail"] as const;

/** Lines that are drawn at first, and as many more each time that earlier ones are wanted. */
const usual = 50;

/**
 * All that happened to a ticket in one order: what was said, changed, sent and judged; internal notes look like nothing else. A long
 * story begins with its newest part, and what was before is a button away.
 */
export const Timeline = memo(function Timeline({
  items,
  mails = noMails,
  filesAt,
  marked,
}: TimelineProps): React.ReactNode {
  const { t } = useText();
  const { account } = useSession();
  const names = useNames();
  const [filter, setFilter] = useState<(typeof filters)[number]>("all");
  const end = useRef<HTMLDivElement>(null);
  const lines: Line[] = [
    ...items.map((fact): Line => ({ at: fact.recordedAt, key: fact.eventId, kind: kindOf(fact), fact })),
    ...mails.map((mail): Line => ({ at: mail.sentAt ?? mail.createdAt, key: mail.mailId, kind: "mail", mail })),
  ].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const wanted = lines.filter(({ kind }) => filter === "all" || kind === filter);
  // By time and not by number: what is said from now on comes in addition, and nothing goes from before the reader's eyes.
  const [since, setSince] = useState<string | null>(null);
  if (since === null && items.length > 0) setSince(wanted.at(-usual)?.at ?? "");
  const earlier = wanted.findIndex(({ at }) => at >= (since ?? ""));
  const hidden = earlier === -1 ? wanted.length : earlier;
  const shown = wanted.slice(hidden);
  // The newest is what one comes for; after that the reader's place is his own.
  const began = useRef(false);
  useEffect(() => {
    if (began.current || items.length === 0) return;
    began.current = true;
    end.current?.scrollIntoView({ block: "end" });
  }, [items.length]);
  return (
    <section aria-label={t("timeline.title")} className={css["timeline"]}>
      <div className={css["timelineHead"]}>
        <SegmentedControl
          size="xs"
          aria-label={t("timeline.filter")}
          value={filter}
          onChange={(value) => setFilter(value as typeof filter)}
          data={filters
            .filter((value) => value !== "note" || account.role !== "requester")
            .map((value) => ({ value, label: t(`timeline.${value}`) }))}
        />
      </div>
      {wanted.length === 0 ? <Empty title={t("timeline.none")} /> : null}
      {hidden === 0 ? null : (
        <button
          type="button"
          className={css["earlier"]}
          data-earlier={hidden}
          onClick={() => setSince(wanted[Math.max(0, hidden - usual)]?.at ?? "")}
        >
          {t("timeline.earlier", { count: hidden })}
        </button>
      )}
      <ol className={css["lines"]} aria-live="polite" aria-relevant="additions">
        {shown.map((line) => (
          <li key={line.key} data-kind={line.kind} data-marked={marked?.has(line.key) === true || undefined}>
            {"fact" in line ? (
              <Entry fact={line.fact} filesAt={filesAt} names={names} />
            ) : (
              <MailLine mail={line.mail} />
            )}
          </li>
        ))}
      </ol>
      <div ref={end} />
    </section>
  );
});
const noMails: readonly SentMail[] = [];

interface EntryProps {
  readonly fact: TimelineEntry;
  readonly filesAt: string;
  readonly names: Names;
}

const Entry = memo(function Entry({ fact, filesAt, names }: EntryProps): React.ReactNode {
  const texts = useText();
  const said = saidText(fact);
  const files: readonly FileOf[] = filesOf(fact);
  const kind = kindOf(fact);
  const change = changeOf(fact, texts, names);
  return (
    <FactLine
      fact={fact as Fact}
      {...(change === undefined ? {} : { change })}
      {...(kind === "note" ? { title: texts.t("timeline.noteTitle") } : {})}
    >
      {said === null && files.length === 0 ? undefined : (
        <div
          className={css["said"]}
          data-kind={kind}
          data-from={fact.actor.role === "requester" ? "customer" : "staff"}
        >
          {said === null ? null : <p className={css["words"]}>{said}</p>}
          {files.length === 0 ? null : <Files files={files} at={filesAt} />}
        </div>
      )}
    </FactLine>
  );
});

function MailLine({ mail }: { readonly mail: SentMail }): React.ReactNode {
  const { t } = useText();
  return (
    <details className={css["mail"]}>
      <summary>
        <IconMail size={16} aria-hidden />
        <span>
          {t("timeline.mailTo", { to: mail.to })}: {mail.subject}
        </span>
        <span className={css["mailState"]} data-state={mail.status}>
          {t(`mail.${mail.status}` as "mail.sent")}
        </span>
        <Moment at={mail.sentAt ?? mail.createdAt} />
      </summary>
      <p className={css["words"]}>{mail.text ?? mail.error ?? t("timeline.mailNoText")}</p>
    </details>
  );
}
