import type { IntakeReply } from "@docket/api-contract";
import { Button, Select, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { post } from "../../api/client.ts";
import { useNames } from "../../api/directory.ts";
import { ApiError } from "../../api/problem.ts";
import { decidesContacts, useSession } from "../../api/session.ts";
import { useText } from "../../text/use-text.ts";
import { CommandButton } from "../../ui/command-button.tsx";
import { OnlyNow } from "../../ui/only-now.tsx";
import { EntitlementForm, type Entitlement } from "./entitlement.tsx";
import css from "./intake.module.css";
import { guessCustomers } from "./people.ts";
import { Similar } from "./similar.tsx";

const empty = {
  personName: "",
  organization: "",
  phone: "",
  email: "",
  supportKey: "",
  contractNumber: "",
  subject: "",
  text: "",
  type: "",
  priority: "",
  product: "",
  productVersion: "",
  stepsToReproduce: "",
  region: "",
};
type Told = typeof empty;
const nobody: Entitlement = { organizationId: null, contractId: null, personId: null };

/** The form for the phone: who calls on the left, what for on the right; guesses while one types; kept until it is registered. */
export function PhoneScreen(): React.ReactNode {
  const { t } = useText();
  useEffect(() => {
    document.title = `${t("intake.phoneForm")} · Docket`;
  }, [t]);
  return (
    <OnlyNow>
      <PhoneForm />
    </OnlyNow>
  );
}

function PhoneForm(): React.ReactNode {
  const { t, term } = useText();
  const navigate = useNavigate();
  const names = useNames();
  const { account } = useSession();
  const decides = decidesContacts(account);
  const key = `docket.phone.${account.accountId}`;
  const [told, setTold] = useState<Told>(() => ({
    ...empty,
    ...(JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Told>),
  }));
  const [entitlement, setEntitlement] = useState<Entitlement>(nobody);
  const [faults, setFaults] = useState<ReadonlyMap<string, string>>(new Map());
  const requestKey = useMemo(() => crypto.randomUUID(), [JSON.stringify(told), JSON.stringify(entitlement)]);
  useEffect(() => localStorage.setItem(key, JSON.stringify(told)), [key, told]);
  const guesses = guessCustomers(names.organizations, {
    name: told.personName,
    phone: told.phone,
    email: told.email,
    organization: told.organization,
  });
  const field = (
    name: keyof Told,
    extra: { readonly required?: boolean; readonly type?: string } = {},
  ): React.ReactNode => (
    <TextInput
      label={t(`phone.${name}`)}
      withAsterisk={extra.required === true}
      type={extra.type ?? "text"}
      value={told[name]}
      error={faults.get(name)}
      onChange={(event) => setTold({ ...told, [name]: event.currentTarget.value })}
    />
  );
  const send = async (): Promise<void> => {
    setFaults(new Map());
    const filled = Object.fromEntries(
      Object.entries(told).flatMap(([name, value]) => (value.trim() === "" ? [] : [[name, value.trim()]])),
    );
    try {
      const { organizationId, contractId, personId } = entitlement;
      const reply = await post<IntakeReply>(
        "/contacts/phone",
        {
          text: "",
          ...filled,
          ...(organizationId === null || contractId === null
            ? {}
            : { verified: { organizationId, contractId, personId } }),
        },
        { idempotencyKey: requestKey },
      );
      localStorage.removeItem(key);
      setTold(empty);
      setEntitlement(nobody);
      notifications.show({
        closeButtonProps: { "aria-label": t("action.close") },
        message: reply.ticket === null ? t("phone.held") : t("intake.registered", { number: reply.ticket.number }),
      });
      await navigate(
        reply.ticket === null
          ? { to: "/intake/$contact", params: { contact: reply.contactId } as never }
          : { to: "/tickets/$ticket", params: { ticket: reply.ticket.number } as never },
      );
    } catch (refusal) {
      if (refusal instanceof ApiError) setFaults(refusal.fields);
      throw refusal;
    }
  };
  return (
    <form className={css["phone"]} onSubmit={(event) => event.preventDefault()} aria-labelledby="phone-title">
      <h1 id="phone-title">{t("intake.phoneForm")}</h1>
      <section aria-label={t("phone.who")}>
        <h2>{t("phone.who")}</h2>
        {field("personName")}
        {field("organization")}
        {field("phone", { type: "tel" })}
        {field("email", { type: "email" })}
        {field("supportKey")}
        {field("contractNumber")}
        {guesses.length === 0 || !decides ? null : (
          <div className={css["suggestions"]} role="group" aria-label={t("intake.suggestions")}>
            {guesses.map(({ organization, person }) => (
              <button
                key={organization.id + (person?.personId ?? "")}
                type="button"
                className={css["suggestion"]}
                aria-pressed={
                  entitlement.organizationId === organization.id && entitlement.personId === (person?.personId ?? null)
                }
                onClick={() =>
                  setEntitlement({
                    organizationId: organization.id,
                    contractId:
                      names.contracts.find(({ organizationId, active }) => organizationId === organization.id && active)
                        ?.id ?? null,
                    personId: person?.personId ?? null,
                  })
                }
              >
                <b>{organization.name}</b>
                <span>{person === null ? "" : [person.name, person.phones[0]].filter(Boolean).join(" · ")}</span>
              </button>
            ))}
          </div>
        )}
        {decides ? (
          <EntitlementForm value={entitlement} suggestions={[]} onChange={setEntitlement} />
        ) : (
          <p className={css["hint"]}>{t("intake.othersDecide")}</p>
        )}
      </section>
      <section aria-label={t("phone.what")}>
        <h2>{t("phone.what")}</h2>
        {field("subject", { required: true })}
        <Textarea
          label={t("phone.text")}
          autosize
          minRows={6}
          maxRows={18}
          value={told.text}
          error={faults.get("text")}
          onChange={(event) => setTold({ ...told, text: event.currentTarget.value })}
        />
        <div className={css["two"]}>
          <Select
            label={t("filter.type")}
            clearable
            clearButtonProps={{ "aria-label": t("queue.clear") }}
            data={["incident", "change", "consultation", "scheduled_work"].map((value) => ({
              value,
              label: term("ticketType", value),
            }))}
            value={told.type === "" ? null : told.type}
            onChange={(type) => setTold({ ...told, type: type ?? "" })}
            error={faults.get("type")}
          />
          <Select
            label={t("filter.priority")}
            clearable
            clearButtonProps={{ "aria-label": t("queue.clear") }}
            data={["high", "medium", "low"].map((value) => ({ value, label: term("priority", value) }))}
            value={told.priority === "" ? null : told.priority}
            onChange={(priority) => setTold({ ...told, priority: priority ?? "" })}
            error={faults.get("priority")}
          />
          {field("product")}
          {field("productVersion")}
          {field("region")}
        </div>
        {field("stepsToReproduce")}
        <Similar text={`${told.subject} ${told.text}`} organizationId={entitlement.organizationId} />
        <div className={css["foot"]}>
          <CommandButton
            off={told.subject.trim() === "" ? t("phone.needsSubject") : undefined}
            run={send}
            type="submit"
          >
            {entitlement.contractId === null ? t("phone.save") : t("intake.registerNow")}
          </CommandButton>
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              setTold(empty);
              setEntitlement(nobody);
            }}
          >
            {t("phone.clear")}
          </Button>
          <span className={css["hint"]}>{t("phone.kept")}</span>
        </div>
      </section>
    </form>
  );
}
