import type { DirectoryEntry } from "@docket/api-contract";
import type { Query } from "../api/client.ts";
import { useNames } from "../api/directory.ts";
import { useRead } from "../moment/moment.ts";
import { Table } from "../ops/table.tsx";
import { useText } from "../text/use-text.ts";
import { Shown } from "../ui/shown.tsx";
import { kindOf, type Kind } from "./kinds.ts";
import { EntryLink, fieldTitle, Value } from "./value.tsx";

interface RelatedProps {
  readonly of: Kind;
  /** fields of their state that are shown beside their names */
  readonly columns: readonly string[];
  /** what the other list is asked for */
  readonly query?: Query;
  mine(entry: DirectoryEntry): boolean;
}

/** The entries of another list that belong to the one shown: a customer's contracts, the groups that somebody works in. */
export function Related({ of, columns, query, mine }: RelatedProps): React.ReactNode {
  const { t } = useText();
  const names = useNames();
  const list = useRead<{ items: readonly DirectoryEntry[] }>(kindOf(of).path, { query: { limit: 500, ...query } });
  return (
    <Shown of={list} rows={2}>
      {({ items }) => (
        <Table
          title={t(`admin.kind.${of}`)}
          none={t("admin.none")}
          heads={[
            t(of === "contract" ? "admin.field.number" : "admin.field.name"),
            ...columns.map((field) => fieldTitle(t, field)),
            t("admin.field.active"),
          ]}
          rows={items
            .filter(mine)
            .map((entry) => [
              <EntryLink key="name" kind={of} id={entry.id} name={entry.name} />,
              ...columns.map((field) => (
                <Value key={field} field={field} value={entry.state[field]} names={names} brief />
              )),
              t(entry.active ? "admin.yes" : "admin.no"),
            ])}
        />
      )}
    </Shown>
  );
}
