import { MultiSelect, Select, TextInput } from "@mantine/core";
import { useNames } from "../api/directory.ts";
import { useRead } from "../moment/moment.ts";
import { dayText } from "../text/format.ts";
import { isTarget } from "../text/target.ts";
import { useText } from "../text/use-text.ts";
import { PriorityMatrix } from "../ui/priority-matrix.tsx";
import css from "./what-if.module.css";
import { bases, clockKinds, promises, type OtherTerms, versionsOf, type Versioned, waits } from "./what-if-terms.ts";

interface FormProps {
  readonly terms: OtherTerms;
  change(part: Partial<OtherTerms>): void;
  /** the verb, and what stands beside it */
  readonly children: React.ReactNode;
}

const lines = ["1", "2", "3"] as const;
/** more are found by their name */
const mostShown = 200;

export const useCalendars = (): readonly Versioned[] =>
  useRead<{ items: readonly Versioned[] }>("/calendars", { query: { limit: 500 } }).data?.items ?? [];

/** What is to be otherwise: a version of any contract, or terms of one's own; a calendar with either; which clocks, which tickets. */
export function TermsForm({ terms, change, children }: FormProps): React.ReactNode {
  const { t, term } = useText();
  const names = useNames();
  const calendars = useCalendars();
  const since = (from: number): string => t("insight.since", { day: dayText(from) });
  const contracts = names.contracts.map((entry) => ({
    group: names.organization(entry.organizationId),
    items: versionsOf(entry).map(({ version, effectiveFrom }) => ({
      value: `${entry.id}@${version}`,
      label: `${entry.name}, ${t("insight.version", { version })}, ${since(effectiveFrom)}`,
    })),
  }));
  return (
    <form className={css["form"]} onSubmit={(event) => event.preventDefault()} aria-label={t("insight.terms")}>
      <div className={css["choices"]}>
        <Select
          size="xs"
          label={t("insight.policy")}
          searchable
          limit={mostShown}
          allowDeselect={false}
          value={terms.policy ?? ""}
          data={[
            { value: "", label: t("insight.asRecorded") },
            { value: "own", label: t("insight.policyOwn") },
            ...grouped(contracts),
          ]}
          onChange={(policy) => change({ policy: policy === "" ? null : policy })}
        />
        <Select
          size="xs"
          label={t("insight.calendar")}
          searchable
          allowDeselect={false}
          value={terms.calendar ?? ""}
          data={[
            { value: "", label: t("insight.asRecorded") },
            ...calendars.map((entry) => ({
              group: entry.name,
              items: [
                { value: entry.id, label: `${entry.name}: ${t("insight.allVersions")}` },
                ...versionsOf(entry).map(({ version, effectiveFrom }) => ({
                  value: `${entry.id}@${version}`,
                  label: `${entry.name}: ${t("insight.version", { version })}, ${since(effectiveFrom)}`,
                })),
              ],
            })),
          ]}
          onChange={(calendar) => change({ calendar: calendar === "" ? null : calendar })}
        />
        <MultiSelect
          size="xs"
          label={t("insight.clocks")}
          value={[...terms.clocks]}
          data={clockKinds.map((value) => ({ value, label: term("clockKind", value) }))}
          onChange={(chosen) => change({ clocks: clockKinds.filter((kind) => chosen.includes(kind)) })}
        />
        <Select
          size="xs"
          label={t("insight.by")}
          allowDeselect={false}
          value={terms.by}
          data={bases.map((value) => ({ value, label: t(`insight.by.${byNames[value]}`) }))}
          onChange={(by) => change({ by: bases.find((each) => each === by) ?? "registeredAt" })}
        />
      </div>
      {terms.policy === "own" ? <OwnTerms terms={terms} change={change} /> : null}
      <div className={css["verbs"]}>{children}</div>
    </form>
  );
}

const byNames = { registeredAt: "registered", resolvedAt: "resolved", closedAt: "closed" } as const;

interface Group {
  readonly group: string;
  readonly items: readonly { readonly value: string; readonly label: string }[];
}

/** A customer may have several contracts; his name stands once. */
const grouped = (groups: readonly Group[]): { group: string; items: { value: string; label: string }[] }[] =>
  [...Map.groupBy(groups, ({ group }) => group)].map(([group, all]) => ({
    group,
    items: all.flatMap(({ items }) => items),
  }));

function OwnTerms({ terms, change }: Pick<FormProps, "terms" | "change">): React.ReactNode {
  const { t, term } = useText();
  return (
    <>
      <div className={css["choices"]}>
        {waits.map((of) => (
          <Select
            key={of}
            size="xs"
            label={t(of === "customer" ? "insight.pauseCustomer" : "insight.pauseApproval")}
            allowDeselect={false}
            value={terms.pauses[of] ?? ""}
            data={[
              { value: "", label: t("insight.asRecorded") },
              { value: "stops", label: t("insight.stops") },
              { value: "runs", label: t("insight.runs") },
            ]}
            onChange={(said) =>
              change({ pauses: { ...terms.pauses, [of]: said === "stops" || said === "runs" ? said : null } })
            }
          />
        ))}
        {terms.clocks.includes("ola")
          ? lines.map((line) => (
              <Target
                key={line}
                label={t("insight.olaTarget", { line: term("line", line) })}
                value={terms.ola[line] ?? ""}
                onChange={(said) => change({ ola: { ...terms.ola, [line]: said } })}
              />
            ))
          : null}
      </div>
      <Matrix terms={terms} change={change} />
    </>
  );
}

/** Both promises of each type and priority. An empty field stays as it was recorded. */
function Matrix({ terms, change }: Pick<FormProps, "terms" | "change">): React.ReactNode {
  const { t } = useText();
  return (
    <PriorityMatrix name={t("insight.targets")} corner={t("insight.type")} caption={t("insight.targetsHint")}>
      {(type, priority) => {
        const cell = `${type}.${priority}`;
        const said = terms.targets[cell] ?? { reaction: "", resolution: "" };
        return promises.map((promise) => (
          <Target
            key={promise}
            label={t(`insight.promise.${promise}`)}
            value={said[promise]}
            onChange={(target) => change({ targets: { ...terms.targets, [cell]: { ...said, [promise]: target } } })}
          />
        ));
      }}
    </PriorityMatrix>
  );
}

interface TargetProps {
  readonly label: string;
  readonly value: string;
  onChange(said: string): void;
}

function Target({ label, value, onChange }: TargetProps): React.ReactNode {
  const { t } = useText();
  return (
    <TextInput
      size="xs"
      label={label}
      placeholder={t("insight.asIs")}
      error={value !== "" && !isTarget(value)}
      value={value}
      // a dot or a comma would end it in the address
      onChange={(event) => onChange(event.currentTarget.value.replaceAll(/[\s.,]/gu, "").toLowerCase())}
    />
  );
}
