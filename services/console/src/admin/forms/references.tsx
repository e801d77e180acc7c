import type { DirectoryEntry } from "@docket/api-contract";
import { MultiSelect, Select } from "@mantine/core";
import type { Names } from "../../api/directory.ts";
import { useRead } from "../../moment/moment.ts";
import { useText } from "../../text/use-text.ts";

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** Which list of the directory a field refers to. */
const lists = {
  organizationId: "organizations",
  organizationIds: "organizations",
  contractId: "contracts",
  calendarId: "calendars",
  serviceManagerId: "managers",
  memberIds: "staff",
  add: "staff",
  remove: "staff",
  groupId: "groups",
  fallbackGroupId: "groups",
  authorisedPersonIds: "people",
  managerContactPersonIds: "people",
  requesterPersonId: "people",
} as const satisfies Readonly<Record<string, string>>;
export type Reference = keyof typeof lists;
export const isReference = (name: string): name is Reference => Object.hasOwn(lists, name);

const managing = new Set(["service_manager", "admin"]);
const choices = (entries: readonly DirectoryEntry[]): Choice[] =>
  entries.map(({ id, name }) => ({ value: id, label: name }));

/** What a field that refers to others may be set to; people are those of one organization. */
export function useChoices(names: Names, organizationId: string | undefined): (name: Reference) => readonly Choice[] {
  const calendars = useRead<{ items: readonly DirectoryEntry[] }>("/calendars", { query: { limit: 500 } });
  return (name) => {
    switch (lists[name]) {
      case "organizations":
        return choices(names.organizations);
      case "contracts":
        return choices(names.contracts.filter(({ active }) => active));
      case "calendars":
        return choices(calendars.data?.items ?? []);
      case "groups":
        return choices(names.groups);
      case "staff":
        return choices(names.staff.filter(({ active }) => active));
      case "managers":
        return choices(names.staff.filter(({ active, state }) => active && managing.has(String(state["role"]))));
      case "people": {
        const own = names.organizations.find(({ id }) => id === organizationId);
        const people = (own?.state["people"] ?? []) as readonly { personId: string; name: string }[];
        return people.map(({ personId, name: label }) => ({ value: personId, label }));
      }
    }
  };
}

interface PickProps {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly required?: boolean;
  readonly error?: string | undefined;
  readonly className?: string;
}

/** One of many by its name; what is chosen and not among them any more stays and shows itself. */
export function PickOne(
  props: PickProps & { readonly value: string; readonly onChange: (value: string) => void },
): React.ReactNode {
  const { t } = useText();
  const { value, onChange, choices: among, required = false, ...rest } = props;
  return (
    <Select
      {...rest}
      size="xs"
      searchable
      clearable={!required}
      withAsterisk={required}
      nothingFoundMessage={t("admin.notFound")}
      clearButtonProps={{ "aria-label": t("admin.clear") }}
      data={withKept(among, value === "" ? [] : [value])}
      value={value === "" ? null : value}
      onChange={(next) => onChange(next ?? "")}
    />
  );
}

export function PickMany(
  props: PickProps & { readonly value: readonly string[]; readonly onChange: (value: readonly string[]) => void },
): React.ReactNode {
  const { t } = useText();
  const { value, onChange, choices: among, required: _required, ...rest } = props;
  return (
    <MultiSelect
      {...rest}
      size="xs"
      searchable
      hidePickedOptions
      nothingFoundMessage={t("admin.notFound")}
      data={withKept(among, value)}
      value={[...value]}
      onChange={onChange}
    />
  );
}

const withKept = (among: readonly Choice[], kept: readonly string[]): Choice[] => [
  ...among,
  ...kept.filter((id) => !among.some(({ value }) => value === id)).map((id) => ({ value: id, label: id })),
];
