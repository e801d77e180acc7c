import { Button, Select, TextInput } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useNames } from "../api/directory.ts";
import { useMoment } from "../moment/moment.ts";
import { useText } from "../text/use-text.ts";
import { now } from "../time/now.ts";
import css from "./insight.module.css";
import { dayOf } from "./report.ts";

export interface Scope {
  readonly from: string;
  /** exclusive */
  readonly to: string;
  /** filters in the reports' own names */
  readonly filters: Readonly<Record<string, string>>;
  readonly search: Readonly<Record<string, string>>;
  set(change: Readonly<Record<string, string | undefined>>): void;
}

const day = 86_400_000;
const filterNames = ["organization", "type", "priority", "line"] as const;

/** What the figures are about: a period and filters, all in the address. The usual period is the thirty days up to the moment shown. */
export function useScope(): Scope {
  const all = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const { asOf } = useMoment();
  const search = Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) =>
      value === undefined || value === "" || name === "asOf" ? [] : [[name, String(value as string | number)]],
    ),
  );
  const end = asOf === null ? now() : Date.parse(asOf);
  return {
    from: search["from"] ?? dayOf(end - 29 * day),
    to: search["to"] ?? dayOf(end + day),
    filters: Object.fromEntries(
      filterNames.flatMap((name) => (search[name] === undefined ? [] : [[name, search[name]]])),
    ),
    search,
    set: (change) =>
      void navigate({
        to: ".",
        replace: true,
        search: ((before: object) => ({
          ...before,
          ...Object.fromEntries(
            Object.entries(change).map(([name, value]) => [name, value === "" ? undefined : value]),
          ),
        })) as never,
      }),
  };
}

const periods = [
  ["insight.days7", 7],
  ["insight.days30", 30],
  ["insight.days90", 90],
  ["insight.days365", 365],
] as const;

/** The controls of the scope; the same on every screen of figures. */
export function ScopeBar({
  scope,
  children,
}: {
  readonly scope: Scope;
  readonly children?: React.ReactNode;
}): React.ReactNode {
  const { t, term } = useText();
  const names = useNames();
  const options = {
    organization: names.organizations.map(({ id, name }) => ({ value: id, label: name })),
    type: ["incident", "change", "consultation", "scheduled_work"].map((value) => ({
      value,
      label: term("ticketType", value),
    })),
    priority: ["high", "medium", "low"].map((value) => ({ value, label: term("priority", value) })),
    line: ["1", "2", "3"].map((value) => ({ value, label: term("line", value) })),
  };
  const lastDay = dayOf(Date.parse(scope.to) - day / 2);
  return (
    <form className={css["scope"]} onSubmit={(event) => event.preventDefault()} aria-label={t("insight.scope")}>
      <TextInput
        size="xs"
        type="date"
        label={t("insight.from")}
        value={scope.from}
        max={lastDay}
        onChange={(event) => scope.set({ from: event.currentTarget.value })}
      />
      <TextInput
        size="xs"
        type="date"
        label={t("insight.to")}
        value={lastDay}
        min={scope.from}
        onChange={(event) =>
          event.currentTarget.value === ""
            ? undefined
            : scope.set({ to: dayOf(Date.parse(event.currentTarget.value) + day * 1.5) })
        }
      />
      <span className={css["quick"]} role="group" aria-label={t("insight.period")}>
        {periods.map(([title, days]) => (
          <Button
            key={days}
            size="xs"
            variant="default"
            onClick={() => scope.set({ from: dayOf(Date.parse(scope.to) - days * day + day / 2) })}
          >
            {t(title)}
          </Button>
        ))}
      </span>
      {filterNames.map((name) => (
        <Select
          key={name}
          size="xs"
          label={t(`insight.${name}`)}
          placeholder={t("insight.any")}
          clearable
          clearButtonProps={{ "aria-label": t("insight.drop") }}
          data={options[name]}
          value={scope.filters[name] ?? null}
          onChange={(value) => scope.set({ [name]: value ?? undefined })}
        />
      ))}
      {children}
    </form>
  );
}
