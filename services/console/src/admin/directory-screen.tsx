import type { DirectoryEntry } from "@docket/api-contract";
import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useNames } from "../api/directory.ts";
import { useSession } from "../api/session.ts";
import { useRead } from "../moment/moment.ts";
import { Table } from "../ops/table.tsx";
import type { TextKey } from "../text/keys.ts";
import { useText } from "../text/use-text.ts";
import { Stale } from "../ui/shown.tsx";
import { Empty, Failure, Loading } from "../ui/states.tsx";
import { OnlyNow } from "../ui/only-now.tsx";
import css from "./admin.module.css";
import { BuiltIn } from "./built-in.tsx";
import { Doing, DoLink } from "./forms/doing.tsx";
import { makes, mayDo } from "./forms/verbs.ts";
import { kindOf, kinds, type Kind } from "./kinds.ts";
import { EntryLink, fieldTitle, Value } from "./value.tsx";

interface Page {
  readonly items: readonly DirectoryEntry[];
  readonly nextPage: string | null;
}

/** what is called otherwise than by a name */
const nameTitle: Partial<Record<Kind, TextKey>> = {
  staff: "admin.field.personName",
  contract: "admin.field.number",
  plan: "admin.field.subject",
};

/** Everything that is kept, list by list, with a search by name. */
export function DirectoryScreen(): React.ReactNode {
  const { t } = useText();
  const navigate = useNavigate();
  const names = useNames();
  const { role } = useSession().account;
  const search = useSearch({ strict: false }) as { kind?: string; page?: string };
  const { kind, path, columns } = kindOf(search.kind);
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 300);
  const list = useRead<Page>(path, {
    query: { limit: 100, q: q === "" ? undefined : q, page: q === "" ? search.page : undefined },
  });
  useEffect(() => {
    document.title = `${t(`admin.kind.${kind}`)} · Docket`;
  }, [t, kind]);
  const more = list.data?.nextPage ?? null;
  return (
    <div className={css["page"]}>
      <header className={css["head"]}>
        <h1>{t(`admin.kind.${kind}`)}</h1>
        <TextInput
          size="xs"
          type="search"
          aria-label={t("admin.find")}
          placeholder={t("admin.find")}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {kind === "routing-rules" ? null : <DoLink command={makes[kind]} />}
      </header>
      <nav className={css["kinds"]} aria-label={t("admin.directory")}>
        {kinds.map((each) => (
          <Link
            key={each.kind}
            to="/admin"
            search={{ kind: each.kind } as never}
            aria-current={each.kind === kind ? "page" : undefined}
            onClick={() => setTyped("")}
          >
            {t(`admin.kind.${each.kind}`)}
          </Link>
        ))}
      </nav>
      <Doing kind={kind} />
      <Stale of={list} />
      {list.isError && list.data === undefined ? (
        <Failure error={list.error} retry={() => void list.refetch()} />
      ) : list.data === undefined ? (
        <Loading rows={8} />
      ) : list.data.items.length === 0 ? (
        <Empty title={t(q === "" ? "admin.none" : "admin.notFound")} />
      ) : (
        <Table
          title={t("admin.entries")}
          none={t("admin.none")}
          heads={[
            t(nameTitle[kind] ?? "admin.field.name"),
            ...columns.map((field) => fieldTitle(t, field)),
            t("admin.field.active"),
          ]}
          rows={list.data.items.map((entry) => [
            <EntryLink key="name" kind={kind} id={entry.id} name={entry.name} />,
            ...columns.map((field) => (
              <Value key={field} field={field} value={entry.state[field]} names={names} brief />
            )),
            t(entry.active ? "admin.yes" : "admin.no"),
          ])}
        />
      )}
      {more === null || q !== "" ? null : (
        <Button
          className={css["more"] ?? ""}
          size="xs"
          variant="default"
          onClick={() => void navigate({ to: "/admin", search: { kind, page: more } as never })}
        >
          {t("admin.more")}
        </Button>
      )}
      {kind === "calendar" && mayDo(role, "define-calendar") ? (
        <OnlyNow>
          <BuiltIn />
        </OnlyNow>
      ) : null}
    </div>
  );
}
