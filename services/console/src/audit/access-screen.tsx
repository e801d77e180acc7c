import { Button, MultiSelect } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { numberText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { Moment } from "../ui/moment.tsx";
import { More } from "../ui/more.tsx";
import { Shown } from "../ui/shown.tsx";
import { Empty } from "../ui/states.tsx";
import { accessKinds, wordOfAccess, type Access } from "./access.ts";
import css from "./audit.module.css";
import { listOf, useConditions } from "./conditions.ts";
import { FoundHead, useFound } from "./found.tsx";
import { InstantInput, instantOf } from "./instant-input.tsx";
import { Typed } from "./typed.tsx";

const names = ["q", "ticket", "kind", "from", "to"] as const;

/** Who looked at what, and who took what out. */
export function AccessScreen(): React.ReactNode {
  const { t, term } = useText();
  const { search, moment, set, show } = useConditions("/audit/access", names);
  const { from, to, ...rest } = search;
  const query = { ...rest, "at.from": instantOf(from), "at.to": instantOf(to), ...moment };
  useEffect(() => {
    document.title = `${t("audit.accessTitle")} · Docket`;
  }, [t]);
  const found = useFound<Access>("/access-log", query);
  const first = found.data?.pages[0];
  return (
    <div className={css["search"]}>
      <FoundHead
        title={t("audit.accessTitle")}
        first={first}
        path="/access-log"
        query={query}
        formats={["csv", "ndjson"]}
        saved={{ area: "access", current: search, onOpen: show }}
      />
      <p className={css["about"]}>{t("audit.accessHint")}</p>
      <form className={css["conditions"]} role="search" onSubmit={(event) => event.preventDefault()}>
        <Typed label={t("audit.accessWords")} value={search.q} onChange={(q) => set({ q })} />
        <Typed label={t("audit.ticket")} value={search.ticket} onChange={(ticket) => set({ ticket })} />
        <MultiSelect
          size="xs"
          label={t("audit.accessKind")}
          clearable
          clearButtonProps={{ "aria-label": t("audit.clear") }}
          value={listOf(search.kind)}
          data={accessKinds.map((value) => ({ value, label: wordOfAccess(t, value) }))}
          onChange={(values) => set({ kind: values.join(",") })}
        />
        <InstantInput label={t("audit.from")} value={from} onChange={(value) => set({ from: value })} />
        <InstantInput label={t("audit.to")} value={to} onChange={(value) => set({ to: value })} />
        <Button size="xs" variant="default" onClick={() => show({})}>
          {t("audit.clear")}
        </Button>
      </form>
      <Shown of={found} rows={12}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Empty title={t("audit.noAccess")} hint={t("audit.noneHint")} />;
          return (
            <div className={css["tableFrame"]} tabIndex={0} role="region" aria-label={t("audit.accessTitle")}>
              <table className={css["table"]}>
                <thead>
                  <tr>
                    <th scope="col">{t("audit.when")}</th>
                    <th scope="col">{t("audit.who")}</th>
                    <th scope="col">{t("audit.accessKind")}</th>
                    <th scope="col">{t("audit.ticket")}</th>
                    <th scope="col">{t("audit.asked")}</th>
                    <th scope="col">{t("audit.taken")}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((row) => (
                    <tr key={row.accessId}>
                      <th scope="row">
                        <Moment at={row.at} />
                      </th>
                      <td>
                        {row.actorName ?? row.actorId}
                        <span className={css["quiet"]}> {term("role", row.actorRole)}</span>
                      </td>
                      <td>{wordOfAccess(t, row.kind)}</td>
                      <td>
                        {row.number === null ? (
                          "–"
                        ) : (
                          <Link to="/tickets/$ticket" params={{ ticket: row.number } as never}>
                            {row.number}
                          </Link>
                        )}
                      </td>
                      <td className={css["address"]}>{row.query}</td>
                      <td>
                        {row.items === null
                          ? "–"
                          : `${numberText(Number(row.items))}${row.complete === false ? `, ${t("audit.cutOff")}` : ""}`}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          );
        }}
      </Shown>
      <More of={found} />
    </div>
  );
}
