import type { Account, Problem, TimelineEntry } from "@docket/api-contract";
import { useText } from "../../text/use-text.ts";
import { IconAlert } from "../../ui/icons.ts";
import { Moment } from "../../ui/moment.tsx";
import css from "./ticket.module.css";

/** What somebody else did in the meantime. */
export interface Meanwhile {
  readonly revision: number;
  readonly title: string;
  readonly by: string;
  readonly at: string;
  readonly said: string | null;
}

interface Since {
  readonly title: string;
  readonly revision: number;
  readonly by: { readonly id: string; readonly name: string | null; readonly role?: string };
  readonly at: string;
}

/** Out of the gateway's refusal of a command that had not seen it: what other people did; the machine's own notes are no conflict. */
export const meanwhileOf = (problem: Problem, self: Pick<Account, "staffId" | "personId">): readonly Meanwhile[] =>
  ((problem["since"] as readonly Since[] | undefined) ?? [])
    .filter(({ by }) => by.role !== "system" && by.id !== self.staffId && by.id !== self.personId)
    .map(({ title, revision, by, at }) => ({ title, revision, by: by.name ?? by.id, at, said: null }));

/** Facts of other people after a revision; what the machine notes by itself is no conflict. */
export const othersSince = (
  items: readonly TimelineEntry[],
  revision: number,
  self: string | null,
  titleOf: (type: string) => string,
  saidOf: (fact: TimelineEntry) => string | null,
): readonly Meanwhile[] =>
  items
    .filter((fact) => fact.revision > revision && fact.actor.role !== "system" && fact.actor.id !== self)
    .map((fact) => ({
      revision: fact.revision,
      title: titleOf(fact.type),
      by: fact.actor.name ?? fact.actor.id,
      at: fact.occurredAt,
      said: saidOf(fact),
    }));

/** Shows what happened meanwhile; what was typed stays where it is. */
export function Conflict({
  meanwhile,
  children,
}: {
  readonly meanwhile: readonly Meanwhile[];
  readonly children?: React.ReactNode;
}): React.ReactNode {
  const { t } = useText();
  return (
    <div className={css["conflict"]} role="alert">
      <p>
        <IconAlert size={16} aria-hidden /> <b>{t("conflict.title")}</b> {t("conflict.hint")}
      </p>
      <ul>
        {meanwhile.map(({ revision, title, by, at, said }) => (
          <li key={revision}>
            {by}: {title} <Moment at={at} />
            {said === null ? null : <blockquote>{said}</blockquote>}
          </li>
        ))}
      </ul>
      {children}
    </div>
  );
}
