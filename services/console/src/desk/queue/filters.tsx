import { MultiSelect } from "@mantine/core";
import type { Names } from "../../api/directory.ts";
import type { TextKey } from "../../text/keys.ts";
import { useText } from "../../text/use-text.ts";
import { filterFields } from "./filter-fields.ts";
import css from "./queue.module.css";

const words: Partial<Record<(typeof filterFields)[number], readonly [group: string, values: readonly string[]]>> = {
  status: [
    "ticketStatus",
    [
      "registered",
      "classified",
      "assigned",
      "in_work",
      "waiting_customer",
      "waiting_approval",
      "result_confirmation",
      "closed",
    ],
  ],
  type: ["ticketType", ["incident", "change", "consultation", "scheduled_work"]],
  priority: ["priority", ["high", "medium", "low"]],
  line: ["line", ["1", "2", "3"]],
  channel: ["channel", ["email", "phone", "portal", "monitoring", "manager", "chat", "plan", "import"]],
  reactionState: ["clockState", ["running", "paused", "met", "missed", "cancelled"]],
  resolutionState: ["clockState", ["running", "paused", "met", "missed", "cancelled"]],
};

interface FilterFormProps {
  readonly names: Names;
  readonly values: Readonly<Record<string, string>>;
  onChange(change: Record<string, string | undefined>): void;
}

/** Narrows the queue at once; several values of one field mean any of them. */
export function FilterForm({ names, values, onChange }: FilterFormProps): React.ReactNode {
  const { t, term } = useText();
  const lists = {
    organizationId: names.organizations,
    groupId: names.groups,
    engineerId: names.staff,
  } as const;
  return (
    <div className={css["filters"]}>
      {filterFields.map((field) => {
        const [group, known] = words[field] ?? [];
        const data =
          field in lists
            ? lists[field as keyof typeof lists].map(({ id, name }) => ({ value: id, label: name }))
            : (known ?? []).map((value) => ({ value, label: term(group ?? "", value) }));
        return (
          <div key={field} data-filter-field={field}>
            <MultiSelect
              size="xs"
              label={t(`filter.${field}` as TextKey)}
              data={data}
              value={values[field] === undefined ? [] : values[field].split(",")}
              onChange={(chosen) => onChange({ [field]: chosen.length === 0 ? undefined : chosen.join(",") })}
              searchable
              clearable
              limit={100}
              comboboxProps={{ withinPortal: false }}
              clearButtonProps={{ "aria-label": t("queue.clear") }}
            />
          </div>
        );
      })}
    </div>
  );
}
