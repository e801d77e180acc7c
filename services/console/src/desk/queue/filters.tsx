import { MultiSelect } from "@mantine/core";
import { memo, useDeferredValue } from "react";
import type { Names } from "../../api/directory.ts";
import type { TextKey } from "../../text/keys.ts";
import { useText } from "../../text/use-text.ts";
import { allPriorities, channels, ticketStatuses, ticketTypes } from "../../ui/ticket-types.ts";
import { filterFields } from "./filter-fields.ts";
import css from "./queue.module.css";

const words: Partial<Record<(typeof filterFields)[number], readonly [group: string, values: readonly string[]]>> = {
  status: ["ticketStatus", ticketStatuses],
  type: ["ticketType", ticketTypes],
  priority: ["priority", allPriorities],
  line: ["line", ["1", "2", "3"]],
  channel: ["channel", channels],
  reactionState: ["clockState", ["running", "paused", "met", "missed", "cancelled"]],
  resolutionState: ["clockState", ["running", "paused", "met", "missed", "cancelled"]],
};

interface FilterFormProps {
  readonly names: Names;
  readonly values: Readonly<Record<string, string>>;
  onChange(change: Record<string, string | undefined>): void;
}

/** Fields that are drawn at once; those below follow a moment later, so that opening does not wait for all ten. */
const atOnce = 2;

/** Narrows the queue at once; several values of one field mean any of them. */
export function FilterForm({ names, values, onChange }: FilterFormProps): React.ReactNode {
  const all = useDeferredValue(true, false);
  return (
    <div className={css["filters"]}>
      {(all ? filterFields : filterFields.slice(0, atOnce)).map((field) => (
        <FilterField key={field} field={field} names={names} value={values[field]} onChange={onChange} />
      ))}
    </div>
  );
}

interface FilterFieldProps {
  readonly field: (typeof filterFields)[number];
  readonly names: Names;
  readonly value: string | undefined;
  readonly onChange: FilterFormProps["onChange"];
}

const FilterField = memo(function FilterField({ field, names, value, onChange }: FilterFieldProps): React.ReactNode {
  const { t, term } = useText();
  const lists = {
    organizationId: names.organizations,
    groupId: names.groups,
    engineerId: names.staff,
  } as const;
  const [group, known] = words[field] ?? [];
  const data =
    field in lists
      ? lists[field as keyof typeof lists].map(({ id, name }) => ({ value: id, label: name }))
      : (known ?? []).map((each) => ({ value: each, label: term(group ?? "", each) }));
  return (
    <div data-filter-field={field}>
      <MultiSelect
        size="xs"
        label={t(`filter.${field}` as TextKey)}
        data={data}
        value={value === undefined ? [] : value.split(",")}
        onChange={(chosen) => onChange({ [field]: chosen.length === 0 ? undefined : chosen.join(",") })}
        searchable
        clearable
        limit={100}
        comboboxProps={{ withinPortal: false }}
        clearButtonProps={{ "aria-label": t("queue.clear") }}
      />
    </div>
  );
});
