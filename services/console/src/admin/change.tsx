import type { ChangePreview, CommandReply } from "@docket/api-contract";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { post } from "../api/client.ts";
import { useNames } from "../api/directory.ts";
import { ApiError } from "../api/problem.ts";
import { queryClient } from "../api/query-client.ts";
import { numberText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { CommandButton } from "../ui/command-button.tsx";
import { Moment } from "../ui/moment.tsx";
import css from "./admin.module.css";
import { Differences } from "./differences.tsx";

type Faults = ReadonlyMap<string, string>;

interface ChangeProps {
  readonly title: string;
  /** the command as the gateway's address has it */
  readonly command: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** what is still missing in the form */
  readonly off?: string | null;
  /** the entry's revision that the form was filled from */
  readonly revision?: number | undefined;
  readonly onSaved?: (reply: CommandReply) => void;
  /** the fields; they are told what was refused of them */
  readonly children: (faults: Faults) => React.ReactNode;
}

/** A form for a change. It is saved only after what it would do was shown, and exactly as it was shown. */
export function Change(props: ChangeProps): React.ReactNode {
  const { title, command, body, off = null, revision, onSaved, children } = props;
  const { t } = useText();
  const text = JSON.stringify(body);
  const [looked, setLooked] = useState<{ readonly of: string; readonly preview: ChangePreview }>();
  const [faults, setFaults] = useState<Faults>(new Map());
  const key = useMemo(() => crypto.randomUUID(), [text]);
  const preview = looked?.of === text ? looked.preview : undefined;
  const refusing = async <T,>(ask: () => Promise<T>): Promise<T> => {
    setFaults(new Map());
    try {
      return await ask();
    } catch (refusal) {
      if (refusal instanceof ApiError) setFaults(refusal.fields);
      throw refusal;
    }
  };
  const look = (): Promise<void> =>
    refusing(async () => {
      const shown = await post<ChangePreview>(`/admin/preview/${command}`, body);
      setLooked({ of: text, preview: shown });
      const { reason } = shown;
      if (reason?.field != null) setFaults(new Map([[reason.field, reason.title]]));
    });
  const save = (): Promise<void> =>
    refusing(async () => {
      const options = { idempotencyKey: key, ...(revision === undefined ? {} : { revision }) };
      const reply = await post<CommandReply>(`/admin/commands/${command}`, body, options);
      setLooked(undefined);
      void queryClient.invalidateQueries();
      onSaved?.(reply);
    });
  return (
    <form className={css["form"]} aria-label={title} onSubmit={(event) => event.preventDefault()}>
      <h2>{title}</h2>
      {children(faults)}
      <div className={css["verbs"]}>
        <CommandButton type="submit" variant="default" timeless off={off} run={look}>
          {t("admin.change.look")}
        </CommandButton>
        <CommandButton off={preview?.allowed === true ? null : t("admin.change.lookFirst")} run={save}>
          {t("admin.change.save")}
        </CommandButton>
      </div>
      {preview === undefined ? null : <Outcome preview={preview} />}
    </form>
  );
}

const outcomes = ["missed", "earlier", "later", "routedElsewhere", "unchanged"] as const;

function Outcome({ preview }: { readonly preview: ChangePreview }): React.ReactNode {
  const { t, term } = useText();
  const names = useNames();
  const { allowed, reason, facts, openTickets, checked, counts, effectiveFrom, examples, before, after } = preview;
  if (!allowed)
    return (
      <p role="status">
        {t("admin.change.refused")} {reason?.title}
      </p>
    );
  return (
    <div role="status" className={css["outcome"]}>
      <p>
        {facts.length === 0 ? t("admin.change.nothing") : facts.map((fact) => fact.title).join(", ")}
        {effectiveFrom === null ? null : (
          <>
            . {t("admin.holdsFrom")} <Moment at={effectiveFrom} />
          </>
        )}
      </p>
      {before === null || after === null ? null : <Differences before={before} after={after} names={names} />}
      <p>{t("admin.change.open", { tickets: numberText(openTickets), checked: numberText(checked) })}</p>
      {checked === 0 ? null : (
        <ul>
          {outcomes.map((outcome) => (
            <li key={outcome}>{t(`admin.change.${outcome}`, { tickets: numberText(counts[outcome]) })}</li>
          ))}
        </ul>
      )}
      <ul>
        {examples.map(({ ticketId, number, what, before: old, after: next, missed }) => (
          <li key={`${ticketId}${what}`}>
            <Link to="/tickets/$ticket" params={{ ticket: ticketId } as never}>
              {number}
            </Link>
            : {term("clockKind", what)} {old === null ? "–" : <At told={old} />} →{" "}
            {next === null ? "–" : <At told={next} />}
            {missed ? `, ${t("admin.change.missedNow")}` : ""}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A deadline, or the name of a group. */
const At = ({ told }: { readonly told: string }): React.ReactNode =>
  /^\d{4}-\d\d-\d\dT/u.test(told) ? <Moment at={told} /> : told;
