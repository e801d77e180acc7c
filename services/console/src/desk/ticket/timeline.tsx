import type { TimelineEntry } from "@docket/api-contract";
import { SegmentedControl } from "@mantine/core";
import { memo, useEffect, useMemo, useRef, useState } from "react";
import { useNames, type Names } from "../../api/directory.ts";
import { isCustomer, useSession } from "../../api/session.ts";
import { useText } from "../../text/use-text.ts";
import { FactLine, type Fact } from "../../ui/fact-line.tsx";
import { IconMail } from "../../ui/icons.ts";
import { Moment } from "../../ui/moment.tsx";
import { Empty } from "../../ui/states.tsx";
import { changeOf, filesOf, kindOf, saidText, type FactKind, type FileOf } from "./facts.tsx";
import { Files } from "./files.tsx";
import { aboutOf, storyOf, type Line, type SentMail } from "./story.ts";
import css from "./ticket.module.css";

interface TimelineProps {
  readonly items: readonly TimelineEntry[];
  readonly mails?: readonly SentMail[] | undefined;
  /** the ticket whose story it is */
  readonly number?: string;
  readonly subject?: string;
  /** in whose files the attachments stand: `/tickets/{id}` */
  readonly filesAt: string;
  /** events that are drawn out (what a replay step brought) */
  readonly marked?: ReadonlySet<string>;
}

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
  number = "",
  subject = "",
  filesAt,
  marked,
}: TimelineProps): React.ReactNode {
  const { t } = useText();
  const { account } = useSession();
  const names = useNames();
  const [filter, setFilter] = useState<(typeof filters)[number]>("all");
  const end = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => storyOf(items, mails), [items, mails]);
  const wanted = lines.filter((line) => filter === "all" || lineKind(line) === filter);
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
          <li key={line.key} data-kind={lineKind(line)} data-marked={marked?.has(line.key) === true || undefined}>
            {"fact" in line ? (
              <Entry fact={line.fact} filesAt={filesAt} names={names} />
            ) : (
              <MailLine mail={line.mail} about={aboutOf(line.mail.subject, { number, subject })} />
            )}
          </li>
        ))}
      </ol>
      <div ref={end} />
    </section>
  );
});
const noMails: readonly SentMail[] = [];
const lineKind = (line: Line): FactKind => ("fact" in line ? kindOf(line.fact) : "mail");

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

interface MailLineProps {
  readonly mail: SentMail;
  readonly about: string;
}

function MailLine({ mail, about }: MailLineProps): React.ReactNode {
  const { t } = useText();
  const customer = isCustomer(useSession().account);
  return (
    <details className={css["mail"]}>
      <summary>
        <IconMail size={14} aria-hidden />
        <span title={mail.subject}>{t("timeline.mailTo", { about, to: mail.to })}</span>
        <span className={css["mailState"]} data-state={mail.status}>
          {customer && mail.status !== "failed" ? null : t(`mail.${mail.status}` as "mail.sent")}
        </span>
        <Moment at={mail.sentAt ?? mail.createdAt} />
      </summary>
      <p className={css["words"]}>{mail.text ?? mail.error ?? t("timeline.mailNoText")}</p>
    </details>
  );
}
