import { Checkbox, Select, TextInput } from "@mantine/core";
import { useMemo, useState } from "react";
import { post } from "../api/client.ts";
import { queryClient } from "../api/query-client.ts";
import { useRead } from "../moment/moment.ts";
import { useText } from "../text/use-text.ts";
import { CommandButton } from "../ui/command-button.tsx";
import { DayField } from "../ui/day-field.tsx";
import { Stale } from "../ui/shown.tsx";
import { Failure } from "../ui/states.tsx";
import { TimeField } from "../ui/time-field.tsx";
import css from "./admin.module.css";

interface BuiltIns {
  readonly items: readonly {
    readonly source: string;
    readonly title: string;
    readonly years: readonly number[];
    readonly zones: readonly string[];
  }[];
}

const blank = { calendarId: "", name: "", zone: "Europe/Moscow", from: "09:00", to: "18:00", since: "" };

/** Takes over a calendar that comes with the product: a new one, or a new version of one that is there. */
export function BuiltIn(): React.ReactNode {
  const { t } = useText();
  const builtIns = useRead<BuiltIns>("/calendars/built-in", { timeless: true, staleTime: 600_000 });
  const [typed, setTyped] = useState(blank);
  const [shorten, setShorten] = useState(true);
  const source = builtIns.data?.items[0];
  const key = useMemo(() => crypto.randomUUID(), [JSON.stringify(typed), shorten]);
  if (builtIns.isError && builtIns.data === undefined)
    return <Failure error={builtIns.error} retry={() => void builtIns.refetch()} />;
  if (source === undefined) return null;
  const common = (name: keyof typeof blank) => ({
    size: "xs" as const,
    label: t(`admin.import.${name}`),
    value: typed[name],
  });
  const set = (name: keyof typeof blank, value: string): void => setTyped((before) => ({ ...before, [name]: value }));
  const field = (name: keyof typeof blank): React.ReactNode => (
    <TextInput {...common(name)} onChange={(event) => set(name, event.currentTarget.value)} />
  );
  const whole = Object.values(typed).every((value) => value.trim() !== "");
  const run = (): Promise<unknown> =>
    post(
      "/admin/calendars/built-in",
      {
        calendarId: typed.calendarId.trim(),
        name: typed.name.trim(),
        source: source.source,
        zone: typed.zone,
        hours: [[typed.from, typed.to]],
        shortenPreHoliday: shorten,
        effectiveFrom: startOfDay(typed.since, typed.zone),
      },
      { idempotencyKey: key },
    );
  return (
    <form className={css["form"]} aria-labelledby="admin-import" onSubmit={(event) => event.preventDefault()}>
      <h2 id="admin-import">{t("admin.import.title")}</h2>
      <Stale of={builtIns} />
      <p>
        {source.title}, {source.years[0]}–{source.years.at(-1)}. {t("admin.import.hint")}
      </p>
      <div className={css["inputs"]}>
        {field("calendarId")}
        {field("name")}
        <Select
          size="xs"
          searchable
          allowDeselect={false}
          label={t("admin.import.zone")}
          data={[...source.zones]}
          value={typed.zone}
          onChange={(zone) => setTyped((before) => ({ ...before, zone: zone ?? before.zone }))}
        />
        <TimeField {...common("from")} onChange={(value) => set("from", value)} />
        <TimeField {...common("to")} onChange={(value) => set("to", value)} />
        <DayField {...common("since")} onChange={(value) => set("since", value)} />
      </div>
      <Checkbox
        size="xs"
        label={t("admin.import.shorten")}
        checked={shorten}
        onChange={(event) => setShorten(event.currentTarget.checked)}
      />
      <CommandButton
        type="submit"
        off={whole ? null : t("admin.fillAll")}
        run={run}
        onDone={() => void queryClient.invalidateQueries()}
      >
        {t("admin.import.do")}
      </CommandButton>
    </form>
  );
}

/** Midnight of a local date in a zone. */
function startOfDay(date: string, timeZone: string): string {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  const there = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  const ahead = Date.parse(`${there.format(midnight).replace(" ", "T")}Z`) - midnight;
  return new Date(midnight - ahead).toISOString();
}
