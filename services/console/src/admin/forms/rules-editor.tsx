import type { RoutingRule } from "@docket/domain";
import { Button, Select, TagsInput, TextInput } from "@mantine/core";
import { term } from "../../text/i18n.ts";
import { useText } from "../../text/use-text.ts";
import { allPriorities, ticketTypes } from "../../ui/ticket-types.ts";
import css from "../policy.module.css";
import { fieldTitle } from "../value.tsx";
import { faultOf } from "./field-input.tsx";
import { Moves } from "./moves.tsx";
import { PickMany, PickOne, type Choice } from "./references.tsx";
import { moved, replaced, without } from "./values.ts";

interface RulesEditorProps {
  readonly rules: readonly RoutingRule[];
  readonly onChange: (rules: readonly RoutingRule[]) => void;
  readonly groups: readonly Choice[];
  readonly organizations: readonly Choice[];
  readonly faults: ReadonlyMap<string, string>;
}
type When = RoutingRule["when"];
const pick = ["least_loaded", "nobody"] as const;
const free = ["products", "regions", "textContains"] as const;

/** The rules in the order in which they are tried: the first that fits takes the ticket. */
export function RulesEditor({ rules, onChange, groups, organizations, faults }: RulesEditorProps): React.ReactNode {
  const { t } = useText();
  const add = (): void => {
    const taken = new Set(rules.map(({ ruleId }) => ruleId));
    const ruleId = Array.from({ length: rules.length + 1 }, (_, at) => `rule-${at + 1}`).find((id) => !taken.has(id));
    onChange([
      ...rules,
      {
        ruleId: ruleId ?? crypto.randomUUID(),
        when: {},
        to: { groupId: groups[0]?.value ?? "", pick: "least_loaded", skills: [] },
      },
    ]);
  };
  const choices: Record<string, readonly Choice[]> = {
    types: ticketTypes.map((value) => ({ value, label: term("ticketType", value) })),
    priorities: allPriorities.map((value) => ({ value, label: term("priority", value) })),
    organizationIds: organizations,
  };
  return (
    <ol className={css["rules"]} aria-label={t("admin.field.rules")}>
      {rules.map((rule, at) => {
        const change = (part: Partial<RoutingRule>): void => onChange(replaced(rules, at, { ...rule, ...part }));
        // a condition without values is no condition
        const when = (field: keyof When, values: readonly string[]): void => {
          const { [field]: _before, ...others } = rule.when;
          change({ when: (values.length === 0 ? others : { ...others, [field]: values }) as When });
        };
        const label = t("admin.ruleAt", { place: at + 1 });
        return (
          <li key={at}>
            <fieldset className={css["rule"]}>
              <legend>
                {label}{" "}
                <Moves
                  of={label}
                  first={at === 0}
                  last={at === rules.length - 1}
                  onMove={(by) => onChange(moved(rules, at, by))}
                  onRemove={() => onChange(without(rules, at))}
                />
              </legend>
              <TextInput
                size="xs"
                label={t("admin.ownId")}
                withAsterisk
                error={faultOf(faults, `rules.${at}.ruleId`)}
                value={rule.ruleId}
                onChange={(event) => change({ ruleId: event.currentTarget.value.trim() })}
              />
              {(["types", "priorities", "organizationIds"] as const).map((field) => (
                <PickMany
                  key={field}
                  label={fieldTitle(t, field)}
                  choices={choices[field] ?? []}
                  error={faultOf(faults, `rules.${at}.when.${field}`)}
                  value={rule.when[field] ?? []}
                  onChange={(values) => when(field, values)}
                />
              ))}
              {free.map((field) => (
                <TagsInput
                  key={field}
                  size="xs"
                  label={fieldTitle(t, field)}
                  acceptValueOnBlur
                  error={faultOf(faults, `rules.${at}.when.${field}`)}
                  value={[...(rule.when[field] ?? [])]}
                  onChange={(values) => when(field, values)}
                />
              ))}
              <PickOne
                label={t("admin.to")}
                required
                choices={groups}
                error={faultOf(faults, `rules.${at}.to.groupId`)}
                value={rule.to.groupId}
                onChange={(groupId) => change({ to: { ...rule.to, groupId } })}
              />
              <Select
                size="xs"
                label={t("admin.pick")}
                allowDeselect={false}
                data={pick.map((value) => ({ value, label: t(`admin.pick.${value}`) }))}
                value={rule.to.pick}
                onChange={(value) => change({ to: { ...rule.to, pick: value as (typeof pick)[number] } })}
              />
              <TagsInput
                size="xs"
                label={t("admin.field.skills")}
                acceptValueOnBlur
                value={[...rule.to.skills]}
                onChange={(skills) => change({ to: { ...rule.to, skills } })}
              />
            </fieldset>
          </li>
        );
      })}
      <li>
        <Button size="compact-xs" variant="default" onClick={add}>
          {t("admin.addRule")}
        </Button>
      </li>
    </ol>
  );
}
