import type { Account } from "@docket/api-contract";
import { Checkbox, TextInput } from "@mantine/core";
import { useEffect, useMemo, useState } from "react";
import { post } from "../api/client.ts";
import { queryClient } from "../api/query-client.ts";
import { useRead } from "../moment/moment.ts";
import { Table } from "../ops/table.tsx";
import { numberText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { CommandButton } from "../ui/command-button.tsx";
import { Moment } from "../ui/moment.tsx";
import { Stale } from "../ui/shown.tsx";
import { Failure, Loading } from "../ui/states.tsx";
import { OnlyNow } from "../ui/only-now.tsx";
import css from "./admin.module.css";

interface Plan {
  readonly kind: string;
  readonly subjects: readonly string[];
  readonly shared: readonly string[];
  readonly streams: readonly string[];
  readonly files: number;
  readonly mails: number;
  readonly accounts: number;
}
interface Erasure {
  readonly erasureId: string;
  readonly kind: string;
  readonly by: { readonly id: string };
  readonly reason: string | null;
  readonly requestedAt: string;
  readonly step: string;
  readonly streams: number | null;
}

/** Erases the personal data of one subject for good, after it was shown what that touches; and tells what was erased. */
export function PrivacyScreen(): React.ReactNode {
  const { t } = useText();
  const erasures = useRead<{ items: readonly Erasure[] }>("/admin/privacy/erasures", {
    timeless: true,
    refetchInterval: 5_000,
  });
  const accounts = useRead<{ items: readonly Account[] }>("/admin/accounts", { timeless: true });
  /** an actor goes by his person, else by his account */
  const nameOf = (id: string): string =>
    accounts.data?.items.find((one) => [one.personId, one.staffId, one.accountId].includes(id))?.name ?? id;
  useEffect(() => {
    document.title = `${t("admin.privacy.title")} · Docket`;
  }, [t]);
  return (
    <div className={css["page"]}>
      <header className={css["head"]}>
        <h1>{t("admin.privacy.title")}</h1>
      </header>
      <OnlyNow>
        <Erase />
      </OnlyNow>
      <Stale of={erasures} />
      {erasures.isError && erasures.data === undefined ? (
        <Failure error={erasures.error} retry={() => void erasures.refetch()} />
      ) : erasures.data === undefined ? (
        <Loading rows={4} />
      ) : (
        <Table
          title={t("admin.privacy.done")}
          none={t("admin.privacy.none")}
          heads={[
            t("admin.privacy.when"),
            t("admin.privacy.kind"),
            t("admin.privacy.step"),
            t("admin.privacy.streams"),
            t("admin.privacy.by"),
            t("admin.change.reason"),
          ]}
          rows={erasures.data.items.map(({ requestedAt, kind, step, streams, by, reason }) => [
            <Moment key="at" at={requestedAt} />,
            t(`admin.subject.${kind}` as "admin.subject.person"),
            t(`admin.erasure.${step}` as "admin.erasure.done"),
            streams === null ? "–" : numberText(streams),
            nameOf(by.id),
            reason ?? "–",
          ])}
        />
      )}
    </div>
  );
}

function Erase(): React.ReactNode {
  const { t } = useText();
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const [sure, setSure] = useState(false);
  const [looked, setLooked] = useState<{ readonly of: string; readonly plan: Plan }>();
  const subject = typed.trim();
  const plan = looked?.of === subject ? looked.plan : undefined;
  const body = { subject, ...(reason.trim() === "" ? {} : { reason: reason.trim() }) };
  const key = useMemo(() => crypto.randomUUID(), [JSON.stringify(body)]);
  const off = plan === undefined ? t("admin.change.lookFirst") : sure ? null : t("admin.privacy.sureFirst");
  return (
    <form className={css["form"]} aria-label={t("admin.privacy.erase")} onSubmit={(event) => event.preventDefault()}>
      <p>{t("admin.privacy.hint")}</p>
      <div className={css["inputs"]}>
        <TextInput
          size="xs"
          label={t("admin.privacy.subject")}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setSure(false);
          }}
        />
        <TextInput
          size="xs"
          label={t("admin.privacy.reason")}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </div>
      <CommandButton
        type="submit"
        variant="default"
        timeless
        off={subject === "" ? t("admin.fillAll") : null}
        run={async () => setLooked({ of: subject, plan: await post<Plan>("/admin/privacy/plan", { subject }) })}
      >
        {t("admin.privacy.look")}
      </CommandButton>
      {plan === undefined ? null : (
        <div role="status">
          <p>
            {t("admin.privacy.touches", {
              kind: t(`admin.subject.${plan.kind}` as "admin.subject.person"),
              streams: numberText(plan.streams.length),
              files: numberText(plan.files),
              mails: numberText(plan.mails),
              accounts: numberText(plan.accounts),
            })}
          </p>
          {plan.shared.length === 0 ? null : (
            <p>{t("admin.privacy.shared", { addresses: numberText(plan.shared.length) })}</p>
          )}
          <Checkbox
            size="xs"
            label={t("admin.privacy.sure")}
            checked={sure}
            onChange={(event) => setSure(event.currentTarget.checked)}
          />
        </div>
      )}
      <CommandButton
        off={off}
        run={() => post("/admin/privacy/erasures", body, { idempotencyKey: key })}
        onDone={() => {
          setLooked(undefined);
          setTyped("");
          setReason("");
          setSure(false);
          void queryClient.invalidateQueries();
        }}
      >
        {t("admin.privacy.erase")}
      </CommandButton>
    </form>
  );
}
