import { Link, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useNames } from "../api/directory.ts";
import { useRead } from "../moment/moment.ts";
import { Table } from "../ops/table.tsx";
import { useText } from "../text/use-text.ts";
import { Moment } from "../ui/moment.tsx";
import { Shown } from "../ui/shown.tsx";
import css from "./admin.module.css";
import { HistoryAt } from "./history.tsx";

interface Rights {
  readonly accountId: string;
  readonly kind: "account" | "token";
  readonly name: string | null;
  readonly login: string | null;
  readonly role: string;
  readonly organizationId: string | null;
  readonly staffId: string | null;
  readonly scopes: readonly string[] | null;
  readonly expiresAt: string | null;
  readonly active: boolean;
  readonly since: string;
  readonly changedAt: string;
  readonly changedBy: string;
}

/** Who may what: every account and token, now or as of a past moment, and how each came to its rights. */
export function RightsScreen(): React.ReactNode {
  const { t, term } = useText();
  const names = useNames();
  const { of } = useSearch({ strict: false }) as { of?: string };
  const rights = useRead<{ items: readonly Rights[] }>("/rights");
  useEffect(() => {
    document.title = `${t("admin.rights.title")} · Docket`;
  }, [t]);
  const whose = (one: Rights): string =>
    one.organizationId === null ? names.person(one.staffId) || "–" : names.organization(one.organizationId);
  const may = ({ scopes, expiresAt }: Rights): React.ReactNode =>
    scopes === null ? (
      "–"
    ) : (
      <>
        {scopes.map((scope) => t(`admin.scope.${scope}` as "admin.scope.read")).join(", ")}
        {expiresAt === null ? null : (
          <>
            , {t("admin.expiresAt")} <Moment at={expiresAt} />
          </>
        )}
      </>
    );
  return (
    <div className={css["page"]}>
      <header className={css["head"]}>
        <h1>{t("admin.rights.title")}</h1>
      </header>
      <p>{t("admin.rights.hint")}</p>
      <Shown of={rights} rows={10}>
        {({ items }) => {
          const chosen = items.find(({ accountId }) => accountId === of);
          return (
            <>
              {(["account", "token"] as const).map((kind) => (
                <Table
                  key={kind}
                  title={t(kind === "account" ? "admin.accounts" : "admin.tokens")}
                  none={t("admin.none")}
                  heads={[
                    t("admin.field.name"),
                    ...(kind === "account" ? [t("admin.login")] : [t("admin.scopes")]),
                    t("admin.field.role"),
                    t("admin.whose"),
                    t("admin.mayEnter"),
                    t("admin.createdAt"),
                    t("admin.rights.changed"),
                    t("admin.history"),
                  ]}
                  rows={items
                    .filter((one) => one.kind === kind)
                    .toSorted((a, b) => (a.name ?? "").localeCompare(b.name ?? ""))
                    .map((one) => [
                      one.name ?? one.accountId,
                      kind === "account" ? (one.login ?? "–") : may(one),
                      term("role", one.role),
                      whose(one),
                      t(one.active ? "admin.yes" : "admin.no"),
                      <Moment key="since" at={one.since} />,
                      <span key="changed">
                        <Moment at={one.changedAt} />{" "}
                        {one.changedBy === "system" ? term("role", "system") : names.person(one.changedBy)}
                      </span>,
                      <Link
                        key="history"
                        to="."
                        search={
                          ((before: object) => ({
                            ...before,
                            of: one.accountId === of ? undefined : one.accountId,
                          })) as never
                        }
                        aria-label={`${t("admin.history")}: ${one.name ?? one.accountId}`}
                      >
                        {t("admin.history")}
                      </Link>,
                    ])}
                />
              ))}
              {chosen === undefined ? null : (
                <section aria-label={chosen.name ?? chosen.accountId}>
                  <h2>{chosen.name ?? chosen.accountId}</h2>
                  <HistoryAt key={chosen.accountId} address={`/rights/${chosen.accountId}/history`} names={names} />
                </section>
              )}
            </>
          );
        }}
      </Shown>
    </div>
  );
}
