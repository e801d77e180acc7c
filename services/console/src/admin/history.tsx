import type { HistoryEntry } from "@docket/api-contract";
import type { Names } from "../api/directory.ts";
import { useMoment, useRead } from "../moment/moment.ts";
import { useText } from "../text/use-text.ts";
import { FactLine } from "../ui/fact-line.tsx";
import { Moment } from "../ui/moment.tsx";
import { Failure, Loading } from "../ui/states.tsx";
import css from "./admin.module.css";
import type { Kind } from "./kinds.ts";
import { TargetChanges } from "./parts.tsx";
import { fieldTitle, Value } from "./value.tsx";

interface HistoryProps {
  readonly kind: Kind;
  readonly id: string;
  readonly names: Names;
}

/** All that befell an entry, newest first: by whom, from what to what, and from when on it holds. */
export function History({ kind, id, names }: HistoryProps): React.ReactNode {
  const { t } = useText();
  const { asOf } = useMoment();
  const address = `/directory/${kind}/${encodeURIComponent(kind === "routing-rules" ? "current" : id)}/history`;
  const history = useRead<{ items: readonly HistoryEntry[] }>(address, { timeless: true });
  const facts = history.data?.items.filter(({ recordedAt }) => asOf === null || recordedAt <= asOf);
  return (
    <section className={css["section"]} aria-labelledby="admin-history">
      <h2 id="admin-history">{t("admin.history")}</h2>
      {history.isError ? (
        <Failure error={history.error} retry={() => void history.refetch()} />
      ) : facts === undefined ? (
        <Loading rows={4} />
      ) : (
        <ol className={css["facts"]}>
          {facts.map((fact) => (
            <li key={fact.eventId}>
              <FactLine fact={fact} title={fact.title}>
                {fact.effectiveFrom === null ? null : (
                  <div>
                    {t("admin.holdsFrom")} <Moment at={fact.effectiveFrom} />
                  </div>
                )}
                {fact.revision === 0
                  ? null
                  : fact.changes.map(({ field, before, after }) => (
                      <div key={field} className={css["change"]}>
                        <span>{fieldTitle(t, field)}:</span> <Value field={field} value={before} names={names} /> →{" "}
                        <Value field={field} value={after} names={names} />
                        {field === "policies" ? <TargetChanges before={before} after={after} /> : null}
                      </div>
                    ))}
              </FactLine>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
