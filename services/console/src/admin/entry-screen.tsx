import type { DirectoryEntry } from "@docket/api-contract";
import type { CalendarEntry, Contract, Person, RoutingRules } from "@docket/domain";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { useNames } from "../api/directory.ts";
import { useRead } from "../moment/moment.ts";
import { useText } from "../text/use-text.ts";
import { Stale } from "../ui/shown.tsx";
import { Failure, Loading } from "../ui/states.tsx";
import css from "./admin.module.css";
import { CalendarYear } from "./calendar-year.tsx";
import { Doing, Verbs } from "./forms/doing.tsx";
import { History } from "./history.tsx";
import { kindOf } from "./kinds.ts";
import { People, Policies, Rules, Versions } from "./parts.tsx";
import { Related } from "./related.tsx";
import { fieldTitle, Value } from "./value.tsx";

/** These have a part of their own below, or stand in the heading. */
const apart = new Set(["name", "policies", "versions", "rules", "people", "active", "calendar"]);
const order = ["number", "subject", "organizationId", "contractId", "validFrom", "validTo", "terminatedLastDay"];
const place = (field: string): number => (order.includes(field) ? order.indexOf(field) : order.length);

/** One entry: its fields in words, what belongs to it, and its history. */
export function EntryScreen(): React.ReactNode {
  const { t } = useText();
  const names = useNames();
  const params = useParams({ strict: false }) as { kind?: string; entry?: string };
  const { kind, path } = kindOf(params.kind);
  const id = params.entry ?? "";
  const read = useRead<DirectoryEntry>(`${path}/${encodeURIComponent(id)}`);
  const entry = read.data;
  const name = entry?.name;
  useEffect(() => {
    if (name !== undefined) document.title = `${name} · Docket`;
  }, [name]);
  if (read.isError && read.data === undefined) return <Failure error={read.error} retry={() => void read.refetch()} />;
  if (entry === undefined) return <Loading rows={10} />;
  const { state } = entry;
  const part = <T,>(field: string): T | undefined => state[field] as T | undefined;
  const [people, policies, versions, rules] = [
    part<readonly Person[]>("people"),
    part<Contract["policies"]>("policies"),
    part<CalendarEntry["versions"]>("versions"),
    part<RoutingRules["rules"]>("rules"),
  ];
  return (
    <div className={css["page"]}>
      <header className={css["head"]}>
        <h1>{kind === "routing-rules" ? t(`admin.kind.${kind}`) : entry.name}</h1>
        <Link to="/admin" search={{ kind } as never}>
          {t(`admin.kind.${kind}`)}
        </Link>
      </header>
      <Stale of={read} />
      <Verbs kind={kind} entry={entry} />
      <Doing kind={kind} entry={entry} />
      <dl className={css["fields"]}>
        <dt>{t("admin.field.active")}</dt>
        <dd>{t(entry.active ? "admin.yes" : "admin.no")}</dd>
        {Object.entries(state)
          .filter(([field]) => !apart.has(field))
          .toSorted(([a], [b]) => place(a) - place(b))
          .map(([field, value]) => (
            <div key={field}>
              <dt>{field === `${kind}Id` ? t("admin.ownId") : fieldTitle(t, field)}</dt>
              <dd>{field === `${kind}Id` ? id : <Value field={field} value={value} names={names} />}</dd>
            </div>
          ))}
      </dl>
      {people === undefined ? null : <People people={people} />}
      {kind === "organization" ? (
        <Related
          of="contract"
          columns={["validFrom", "validTo"]}
          query={{ organizationId: id }}
          mine={({ organizationId }) => organizationId === id}
        />
      ) : null}
      {kind === "staff" ? (
        <Related
          of="group"
          columns={["line", "kind"]}
          mine={({ state: { memberIds } }) => (memberIds as readonly string[] | undefined)?.includes(id) === true}
        />
      ) : null}
      {policies === undefined ? null : <Policies policies={policies} />}
      {versions === undefined ? null : <Versions versions={versions} />}
      {rules === undefined ? null : <Rules rules={rules} names={names} />}
      {kind === "calendar" ? <CalendarYear entry={entry} /> : null}
      <History kind={kind} id={id} names={names} />
    </div>
  );
}
