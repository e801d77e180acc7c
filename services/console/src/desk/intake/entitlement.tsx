import type { EntitlementSuggestion } from "@docket/api-contract";
import { Select } from "@mantine/core";
import { useEffect } from "react";
import { useNames } from "../../api/directory.ts";
import { useText } from "../../text/use-text.ts";
import css from "./intake.module.css";
import { peopleOf } from "./people.ts";

export interface Entitlement {
  readonly organizationId: string | null;
  readonly contractId: string | null;
  readonly personId: string | null;
}

interface EntitlementFormProps {
  readonly value: Entitlement;
  readonly suggestions: readonly EntitlementSuggestion[];
  onChange(value: Entitlement): void;
}

/** Whom the contact is from and by which contract: guesses with their reasons, and the whole choice below. */
export function EntitlementForm({ value, suggestions, onChange }: EntitlementFormProps): React.ReactNode {
  const { t } = useText();
  const names = useNames();
  const organization = names.organizations.find(({ id }) => id === value.organizationId);
  const contracts = names.contracts.filter(({ organizationId }) => organizationId === value.organizationId);
  // The contracts may come after somebody has chosen the customer.
  const only = value.contractId === null ? contracts.find(({ active }) => active)?.id : undefined;
  useEffect(() => {
    if (only !== undefined) onChange({ ...value, contractId: only });
  }, [only]);
  return (
    <div className={css["entitlement"]}>
      {suggestions.length === 0 ? null : (
        <div role="group" aria-label={t("intake.suggestions")} className={css["suggestions"]}>
          {suggestions.map((each) => {
            const chosen =
              value.organizationId === each.organizationId &&
              value.contractId === each.contractId &&
              value.personId === each.personId;
            return (
              <button
                key={`${each.organizationId}${each.contractId ?? ""}${each.personId ?? ""}`}
                type="button"
                className={css["suggestion"]}
                aria-pressed={chosen}
                onClick={() =>
                  onChange({
                    organizationId: each.organizationId,
                    contractId: each.contractId,
                    personId: each.personId,
                  })
                }
              >
                <b>{each.organizationName}</b>
                <span>{[each.contractNumber, each.personName].filter(Boolean).join(" · ")}</span>
                <i>{each.because.map((because) => t(`intake.because.${because}`)).join(", ")}</i>
              </button>
            );
          })}
        </div>
      )}
      <Select
        label={t("column.customer")}
        searchable
        clearable
        withAsterisk
        clearButtonProps={{ "aria-label": t("queue.clear") }}
        data={names.organizations.map(({ id, name }) => ({ value: id, label: name }))}
        value={value.organizationId}
        onChange={(organizationId) =>
          onChange({
            organizationId,
            contractId:
              names.contracts.find((contract) => contract.organizationId === organizationId && contract.active)?.id ??
              null,
            personId: null,
          })
        }
      />
      <Select
        label={t("side.contract")}
        withAsterisk
        data={contracts.map(({ id, name, active }) => ({
          value: id,
          label: active ? name : `${name} (${t("side.inactive")})`,
        }))}
        value={value.contractId}
        onChange={(contractId) => onChange({ ...value, contractId })}
      />
      <Select
        label={t("intake.person")}
        clearable
        clearButtonProps={{ "aria-label": t("queue.clear") }}
        data={peopleOf(organization).map(({ personId, name, emails }) => ({
          value: personId,
          label: [name, emails[0]].filter(Boolean).join(", "),
        }))}
        value={value.personId}
        onChange={(personId) => onChange({ ...value, personId })}
      />
    </div>
  );
}
