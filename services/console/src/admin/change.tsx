import type { ChangePreview } from "@docket/api-contract";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { post } from "../api/client.ts";
import { queryClient } from "../api/query-client.ts";
import { numberText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { CommandButton } from "../ui/command-button.tsx";
import { Moment } from "../ui/moment.tsx";
import css from "./admin.module.css";

interface ChangeProps {
  readonly title: string;
  /** the command as the gateway's address has it */
  readonly command: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** what is still missing in the form */
  readonly off?: string | null;
  readonly children: React.ReactNode;
}

/** A form for a change. It is saved only after what it would do was shown, and exactly as it was shown. */
export function Change({ title, command, body, off = null, children }: ChangeProps): React.ReactNode {
  const { t } = useText();
  const text = JSON.stringify(body);
  const [looked, setLooked] = useState<{ readonly of: string; readonly preview: ChangePreview }>();
  const key = useMemo(() => crypto.randomUUID(), [text]);
  const preview = looked?.of === text ? looked.preview : undefined;
  const look = async (): Promise<void> =>
    setLooked({ of: text, preview: await post<ChangePreview>(`/admin/preview/${command}`, body) });
  return (
    <form className={css["form"]} aria-label={title} onSubmit={(event) => event.preventDefault()}>
      <h2>{title}</h2>
      {children}
      <div className={css["verbs"]}>
        <CommandButton type="submit" variant="default" timeless off={off} run={look}>
          {t("admin.change.look")}
        </CommandButton>
        <CommandButton
          off={preview?.allowed === true ? null : t("admin.change.lookFirst")}
          run={() => post(`/admin/commands/${command}`, body, { idempotencyKey: key })}
          onDone={() => {
            setLooked(undefined);
            void queryClient.invalidateQueries();
          }}
        >
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
  const { allowed, reason, facts, openTickets, checked, counts, effectiveFrom, examples } = preview;
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
      <p>{t("admin.change.open", { tickets: numberText(openTickets), checked: numberText(checked) })}</p>
      {checked === 0 ? null : (
        <ul>
          {outcomes.map((outcome) => (
            <li key={outcome}>{t(`admin.change.${outcome}`, { tickets: numberText(counts[outcome]) })}</li>
          ))}
        </ul>
      )}
      <ul>
        {examples.map(({ ticketId, number, what, before, after, missed }) => (
          <li key={`${ticketId}${what}`}>
            <Link to="/tickets/$ticket" params={{ ticket: ticketId } as never}>
              {number}
            </Link>
            : {term("clockKind", what)} {before === null ? "–" : <At told={before} />} →{" "}
            {after === null ? "–" : <At told={after} />}
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
