import type { HistoryEntry } from "@docket/api-contract";
import type { Names } from "../api/directory.ts";
import { useMoment, useRead } from "../moment/moment.ts";
import { useText } from "../text/use-text.ts";
import { FactLine } from "../ui/fact-line.tsx";
import { Moment } from "../ui/moment.tsx";
import { Stale } from "../ui/shown.tsx";
import { Failure, Loading } from "../ui/states.tsx";
import css from "./admin.module.css";
import { Difference } from "./differences.tsx";
import type { Kind } from "./kinds.ts";

interface HistoryProps {
  readonly kind: Kind | "letter";
  readonly id: string;
  readonly names: Names;
}

/** All that befell an entry of the directory. */
export const History = ({ kind, id, names }: HistoryProps): React.ReactNode => (
  <HistoryAt
    address={`/directory/${kind}/${encodeURIComponent(kind === "routing-rules" ? "current" : id)}/history`}
    names={names}
  />
);

/** All that an address tells of something's past, newest first: by whom, from what to what, and from when on it holds. */
export function HistoryAt({
  address,
  names,
}: Pick<HistoryProps, "names"> & { readonly address: string }): React.ReactNode {
  const { t } = useText();
  const { asOf } = useMoment();
  const history = useRead<{ items: readonly HistoryEntry[] }>(address, { timeless: true });
  const facts = history.data?.items.filter(({ recordedAt }) => asOf === null || recordedAt <= asOf);
  return (
    <section className={css["section"]} aria-labelledby="admin-history">
      <h2 id="admin-history">{t("admin.history")}</h2>
      <Stale of={history} />
      {history.isError && history.data === undefined ? (
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
                  : fact.changes.map((one) => (
                      <Difference
                        key={one.field}
                        field={one.field}
                        before={one.before}
                        after={one.after}
                        names={names}
                      />
                    ))}
              </FactLine>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
