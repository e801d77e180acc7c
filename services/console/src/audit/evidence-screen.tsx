import { Checkbox, SegmentedControl, Select } from "@mantine/core";
import { useEffect } from "react";
import { addressOf, type Query } from "../api/client.ts";
import { useNames } from "../api/directory.ts";
import { useRead } from "../moment/moment.ts";
import { numberText } from "../text/format.ts";
import { termKeys } from "../text/i18n.ts";
import { useText } from "../text/use-text.ts";
import { Shown } from "../ui/shown.tsx";
import css from "./audit.module.css";
import { CheckFile } from "./check-file.tsx";
import { useConditions } from "./conditions.ts";
import { InstantInput, instantOf } from "./instant-input.tsx";
import { Typed } from "./typed.tsx";

const names = [
  "of",
  "ticket",
  "organizationId",
  "type",
  "priority",
  "status",
  "from",
  "to",
  "sealed",
  "attachments",
] as const;

/** Evidence out, and evidence in: a file that proves tickets to somebody else, and what a file that somebody brings is worth. */
export function EvidenceScreen(): React.ReactNode {
  const { t } = useText();
  useEffect(() => {
    document.title = `${t("audit.evidence")} · Docket`;
  }, [t]);
  return (
    <div className={css["search"]}>
      <header className={css["searchHead"]}>
        <h1>{t("audit.evidence")}</h1>
      </header>
      <Export />
      <section className={css["section"]}>
        <h2>{t("audit.check")}</h2>
        <p className={css["about"]}>{t("audit.checkHint")}</p>
        <CheckFile />
      </section>
    </div>
  );
}

function Export(): React.ReactNode {
  const { t, term } = useText();
  const people = useNames();
  const { search, set } = useConditions("/audit/evidence", names);
  const of = search.of === "filter" ? "filter" : "ticket";
  const filter: Query = {
    organizationId: search.organizationId,
    type: search.type,
    priority: search.priority,
    status: search.status,
    "registeredAt.from": instantOf(search.from),
    "registeredAt.to": instantOf(search.to),
  };
  const query: Query = {
    ...(of === "ticket" ? { ticket: search.ticket } : filter),
    sealed: search.sealed === "1" ? "true" : undefined,
    attachments: search.attachments === "1" ? "true" : undefined,
  };
  const choose = (name: "organizationId" | "type" | "priority" | "status", label: string, data: Options) => (
    <Select
      size="xs"
      label={label}
      placeholder={t("audit.any")}
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("audit.clear") }}
      data={data}
      value={search[name] ?? null}
      onChange={(value) => set({ [name]: value ?? "" })}
    />
  );
  const words = (group: string): Options => termKeys(group).map((value) => ({ value, label: term(group, value) }));
  return (
    <section className={css["section"]}>
      <h2>{t("audit.export")}</h2>
      <p className={css["about"]}>{t("audit.exportHint")}</p>
      <form className={css["conditions"]} onSubmit={(event) => event.preventDefault()} aria-label={t("audit.export")}>
        <SegmentedControl
          size="xs"
          aria-label={t("audit.exportOf")}
          value={of}
          data={[
            { value: "ticket", label: t("audit.oneTicket") },
            { value: "filter", label: t("audit.byFilter") },
          ]}
          onChange={(value) => set({ of: value === "filter" ? "filter" : "" })}
        />
        {of === "ticket" ? (
          <Typed
            label={t("audit.ticket")}
            placeholder="SC-000001"
            whole={/^[a-z]+-\d{6}$/iu}
            value={search.ticket}
            onChange={(ticket) => set({ ticket })}
          />
        ) : (
          <>
            {choose(
              "organizationId",
              t("column.customer"),
              people.organizations.map(({ id, name }) => ({ value: id, label: name })),
            )}
            {choose("type", t("column.type"), words("ticketType"))}
            {choose("priority", t("filter.priority"), words("priority"))}
            {choose("status", t("column.status"), words("ticketStatus"))}
            {(["from", "to"] as const).map((name) => (
              <InstantInput
                key={name}
                label={t(name === "from" ? "audit.registeredFrom" : "audit.registeredTo")}
                value={search[name]}
                onChange={(value) => set({ [name]: value })}
              />
            ))}
          </>
        )}
        <div className={css["options"]}>
          <Checkbox
            size="xs"
            label={t("audit.sealed")}
            checked={search.sealed === "1"}
            onChange={(event) => set({ sealed: event.currentTarget.checked ? "1" : "" })}
          />
          <Checkbox
            size="xs"
            label={t("audit.withFiles")}
            checked={search.attachments === "1"}
            onChange={(event) => set({ attachments: event.currentTarget.checked ? "1" : "" })}
          />
        </div>
      </form>
      {of === "ticket" ? (
        <OneTicket reference={search.ticket} href={addressOf("/evidence", query)} />
      ) : (
        <Counted filter={filter} href={addressOf("/evidence", query)} />
      )}
    </section>
  );
}

type Options = { value: string; label: string }[];

function OneTicket({ reference, href }: { readonly reference: string | undefined; readonly href: string }) {
  const { t } = useText();
  const found = useRead<{ number: string; subject: string }>(`/tickets/${reference ?? ""}`, {
    enabled: reference !== undefined,
    timeless: true,
  });
  if (reference === undefined) return <p className={css["quiet"]}>{t("audit.whichTicket")}</p>;
  return (
    <Shown of={found} rows={1}>
      {({ number, subject }) => (
        <p>
          <a className={css["take"]} href={href} download>
            {t("audit.takeFile")}
          </a>{" "}
          {number} {subject}
        </p>
      )}
    </Shown>
  );
}

function Counted({ filter, href }: { readonly filter: Query; readonly href: string }) {
  const { t } = useText();
  const found = useRead<{ total: number; totalCapped?: boolean }>("/tickets", {
    query: { ...filter, limit: 1, count: "true" },
    timeless: true,
  });
  return (
    <Shown of={found} rows={1}>
      {({ total, totalCapped }) =>
        total === 0 ? (
          <p className={css["quiet"]}>{t("audit.noTickets")}</p>
        ) : (
          <p>
            <a className={css["take"]} href={href} download>
              {t("audit.takeFile")}
            </a>{" "}
            {t("audit.ofTickets", { count: numberText(total) + (totalCapped === true ? "+" : "") } as never)}
          </p>
        )
      }
    </Shown>
  );
}
