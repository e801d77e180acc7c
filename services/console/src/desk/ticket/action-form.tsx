import type { ActionField, TicketActions } from "@docket/api-contract";
import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import { ApiError, faultsAmong } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import { useStandstill } from "../../live/context.ts";
import { useText } from "../../text/use-text.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { IconAlert } from "../../ui/icons.ts";
import { messageOf } from "../../ui/states.tsx";
import { stopAtUnread } from "../../ui/unread.ts";
import { Conflict, meanwhileOf, type Meanwhile } from "./conflict.tsx";
import { sendCommand } from "./ticket-data.ts";
import css from "./ticket.module.css";
import { Field, type Values } from "./action-field.tsx";

export type Item = TicketActions["items"][number];

interface ActionFormProps {
  readonly item: Item;
  readonly actions: TicketActions;
  onClose(): void;
  onDone(): void;
}

/** A command as a form, made of what the gateway says it takes. A refusal stands in place; what was typed stays. */
export function ActionForm({ item, actions, onClose, onDone }: ActionFormProps): React.ReactNode {
  const { t } = useText();
  const standstill = useStandstill();
  const { account } = useSession();
  const [only] = useState(() => onlyOnes(item, actions));
  const [values, setValues] = useState<Values>(() => ({ ...beginnings(item), ...only }));
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const [meanwhile, setMeanwhile] = useState<readonly Meanwhile[]>([]);
  const [seen, setSeen] = useState(actions.revision);
  const key = useMemo(() => crypto.randomUUID(), [JSON.stringify(values), seen]);
  const asked = item.fields.filter(({ name }) => !(name in only));
  const faults = faultsAmong(
    error,
    asked.map(({ name }) => name),
  );
  const send = async (): Promise<void> => {
    setPending(true);
    setError(undefined);
    try {
      await sendCommand(actions.ticketId, item.command, bodyOf(item.fields, values), seen, key, account);
      onDone();
      onClose();
    } catch (refusal) {
      if (refusal instanceof ApiError && refusal.code === "stale_revision") {
        setMeanwhile(meanwhileOf(refusal.problem, account));
        setSeen(Number(refusal.problem["currentRevision"] ?? seen));
      } else setError(refusal);
    } finally {
      setPending(false);
    }
  };
  return (
    <Dialog onClose={onClose} title={item.title} size="md">
      <form
        className={css["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (!stopAtUnread(event.currentTarget)) void send();
        }}
      >
        <ActionFields
          item={{ ...item, fields: asked }}
          actions={actions}
          values={values}
          faults={faults}
          onChange={(value) => setValues((before) => ({ ...before, ...value }))}
        />
        {meanwhile.length === 0 ? null : <Conflict meanwhile={meanwhile} />}
        {error === undefined || faults.size > 0 ? null : (
          <p className={css["refusal"]} role="alert">
            <IconAlert size={16} aria-hidden /> {messageOf(error, t("state.unreachableHint"), t("state.unexpected"))}
          </p>
        )}
        <div className={css["formFoot"]}>
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" loading={pending} disabled={standstill !== null}>
            {meanwhile.length > 0 ? t("conflict.anyway", { action: item.title }) : item.title}
          </Button>
        </div>
        {standstill === null ? null : <p className={css["refusal"]}>{t(`action.off.${standstill}`)}</p>}
      </form>
    </Dialog>
  );
}

/** Where there is one proposal or escalation to choose from, it is meant. */
function onlyOnes({ fields }: Item, { choices }: TicketActions): Values {
  const open = choices.proposals.filter(({ state }) => state === "proposed");
  const proposals = (open.length > 0 ? open : choices.proposals).map(({ proposalId }) => proposalId);
  const escalations = choices.escalations.map(({ escalationId }) => escalationId);
  return Object.fromEntries(
    fields.flatMap(({ name, from }) => {
      const among = from === "proposals" ? proposals : from === "escalations" ? escalations : [];
      return among.length === 1 ? [[name, among[0]]] : [];
    }),
  ) as Values;
}

export function beginnings({ fields }: Item): Values {
  return Object.fromEntries(fields.flatMap(({ name, kind }) => (kind === "flag" ? [[name, false]] : [])));
}

/** Only what was filled in; the gateway fills the rest. */
export function bodyOf(fields: readonly ActionField[], values: Values): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap(({ name, kind }): [string, unknown][] => {
      const value = values[name];
      if (value === undefined || value === null || value === "") return [];
      if (kind === "instant") return [[name, new Date(String(value)).toISOString()]];
      if (name === "toLine") return [[name, Number(value)]];
      return [[name, value]];
    }),
  );
}

interface ActionFieldsProps {
  readonly item: Item;
  readonly actions: TicketActions;
  readonly values: Values;
  readonly faults: ReadonlyMap<string, string>;
  onChange(values: Values): void;
}

/** The fields of a command; when it happened earlier is asked for only when one says so. */
export function ActionFields({ item, actions, values, faults, onChange }: ActionFieldsProps): React.ReactNode {
  const { t } = useText();
  const earlier = item.fields.find(({ name }) => name === "occurredAt");
  const shared = { actions, command: item.command, values, onChange };
  return (
    <>
      {item.fields
        .filter((field) => field !== earlier)
        .map((field, index) => (
          <Field key={field.name} {...shared} field={field} first={index === 0} error={faults.get(field.name)} />
        ))}
      {earlier === undefined ? null : (
        <details className={css["earlier"]} {...(faults.has("occurredAt") ? { open: true } : {})}>
          <summary>{t("form.earlier")}</summary>
          <Field {...shared} field={earlier} first={false} error={faults.get("occurredAt")} />
        </details>
      )}
    </>
  );
}
