import type { Account } from "@docket/api-contract";
import { Button, Select, TextInput } from "@mantine/core";
import { useEffect, useMemo, useState } from "react";
import { patch, post } from "../api/client.ts";
import { useNames } from "../api/directory.ts";
import { queryClient } from "../api/query-client.ts";
import { useSession } from "../api/session.ts";
import { useRead } from "../moment/moment.ts";
import { Table } from "../ops/table.tsx";
import { useText } from "../text/use-text.ts";
import { CommandButton } from "../ui/command-button.tsx";
import { Moment } from "../ui/moment.tsx";
import { Stale } from "../ui/shown.tsx";
import { Failure, Loading } from "../ui/states.tsx";
import { BeginButton, OnlyNow } from "../ui/only-now.tsx";
import css from "./admin.module.css";
import { PickOne, useChoices } from "./forms/references.tsx";
import { idFrom } from "./forms/values.ts";
import { Tokens } from "./tokens.tsx";

type AdminAccount = Account & { readonly login: string; readonly disabled: boolean; readonly createdAt: string };

const accountRoles = [
  "requester",
  "operator",
  "engineer",
  "expert",
  "service_manager",
  "auditor",
  "analyst",
  "admin",
] as const;

const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ["admin"] });

/** Who may sign in, and which machines have tokens. */
export function AccessScreen(): React.ReactNode {
  const { t, term } = useText();
  const names = useNames();
  const { account: me } = useSession();
  const accounts = useRead<{ items: readonly AdminAccount[] }>("/admin/accounts", { timeless: true });
  const [changing, setChanging] = useState<string>();
  useEffect(() => {
    document.title = `${t("admin.access")} · Docket`;
  }, [t]);
  if (accounts.isError && accounts.data === undefined)
    return <Failure error={accounts.error} retry={() => void accounts.refetch()} />;
  if (accounts.data === undefined) return <Loading rows={10} />;
  const chosen = accounts.data.items.find(({ accountId }) => accountId === changing);
  return (
    <div className={css["page"]}>
      <header className={css["head"]}>
        <h1>{t("admin.access")}</h1>
      </header>
      <Stale of={accounts} />
      <Table
        title={t("admin.accounts")}
        none={t("admin.none")}
        heads={[
          t("admin.login"),
          t("admin.field.personName"),
          t("admin.field.role"),
          t("admin.whose"),
          t("admin.createdAt"),
          t("admin.mayEnter"),
          t("admin.doing"),
        ]}
        rows={accounts.data.items.map((account) => [
          account.login,
          account.name,
          term("role", account.role),
          account.organizationId === null
            ? names.person(account.staffId) || "–"
            : names.organization(account.organizationId),
          <Moment key="at" at={account.createdAt} />,
          t(account.disabled ? "admin.no" : "admin.yes"),
          <span key="do" className={css["partVerbs"]}>
            <BeginButton
              size="compact-xs"
              variant="default"
              aria-label={`${t("admin.edit")}: ${account.login}`}
              onClick={() => setChanging(account.accountId === changing ? undefined : account.accountId)}
            >
              {t("admin.edit")}
            </BeginButton>
            <CommandButton
              size="compact-xs"
              variant="default"
              off={account.accountId === me.accountId ? t("admin.notYourself") : null}
              run={() => patch(`/admin/accounts/${account.accountId}`, { disabled: !account.disabled })}
              onDone={refresh}
            >
              {t(account.disabled ? "admin.letIn" : "admin.shutOut")}
            </CommandButton>
          </span>,
        ])}
      />
      <OnlyNow>
        {chosen === undefined ? (
          <NewAccount />
        ) : (
          <ChangeAccount key={chosen.accountId} account={chosen} onDone={() => setChanging(undefined)} />
        )}
      </OnlyNow>
      <Tokens />
    </div>
  );
}

const least = 8;

function ChangeAccount(props: { readonly account: AdminAccount; readonly onDone: () => void }): React.ReactNode {
  const { t, term } = useText();
  const { account, onDone } = props;
  const [name, setName] = useState(account.name);
  const [role, setRole] = useState<string>(account.role);
  const [password, setPassword] = useState("");
  const short = password !== "" && password.length < least;
  const title = t("admin.changeAccount", { login: account.login });
  return (
    <form className={css["form"]} aria-label={title} onSubmit={(event) => event.preventDefault()}>
      <h2>{title}</h2>
      <div className={css["inputs"]}>
        <TextInput
          size="xs"
          label={t("admin.field.personName")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          size="xs"
          label={t("admin.field.role")}
          allowDeselect={false}
          data={accountRoles.map((value) => ({ value, label: term("role", value) }))}
          value={role}
          onChange={(value) => setRole(value ?? role)}
        />
        <TextInput
          size="xs"
          type="password"
          autoComplete="new-password"
          label={t("admin.newPassword")}
          description={t("admin.passwordHint", { least })}
          inputWrapperOrder={["label", "input", "description", "error"]}
          error={short}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
      </div>
      <div className={css["verbs"]}>
        <CommandButton
          type="submit"
          off={name.trim() === "" || short ? t("admin.fillAll") : null}
          run={() =>
            patch(`/admin/accounts/${account.accountId}`, {
              name: name.trim(),
              role,
              ...(password === "" ? {} : { password }),
            })
          }
          onDone={() => {
            refresh();
            onDone();
          }}
        >
          {t("admin.change.save")}
        </CommandButton>
        <Button size="xs" variant="default" onClick={onDone}>
          {t("admin.leaveAsIs")}
        </Button>
      </div>
    </form>
  );
}

const blank = {
  login: "",
  name: "",
  role: "engineer",
  password: "",
  organizationId: "",
  personId: "",
  staffId: "",
  language: "ru",
};

function NewAccount(): React.ReactNode {
  const { t, term } = useText();
  const [typed, setTyped] = useState(blank);
  const names = useNames();
  const choices = useChoices(names, typed.organizationId);
  const key = useMemo(() => crypto.randomUUID(), [JSON.stringify(typed)]);
  const customer = typed.role === "requester";
  const set = (part: Partial<typeof blank>): void => setTyped((before) => ({ ...before, ...part }));
  const whole =
    typed.login.trim() !== "" &&
    typed.name.trim() !== "" &&
    typed.password.length >= least &&
    (!customer || typed.organizationId !== "");
  const orNull = (id: string): string | null => (id === "" ? null : id);
  return (
    <form className={css["form"]} aria-label={t("admin.newAccount")} onSubmit={(event) => event.preventDefault()}>
      <h2>{t("admin.newAccount")}</h2>
      <div className={css["inputs"]}>
        <Select
          size="xs"
          label={t("admin.field.role")}
          allowDeselect={false}
          data={accountRoles.map((value) => ({ value, label: term("role", value) }))}
          value={typed.role}
          onChange={(role) => set({ role: role ?? "engineer", organizationId: "", personId: "", staffId: "" })}
        />
        {customer ? (
          <>
            <PickOne
              label={t("admin.field.organizationId")}
              required
              choices={choices("organizationId")}
              value={typed.organizationId}
              onChange={(organizationId) => set({ organizationId, personId: "" })}
            />
            <PickOne
              label={t("admin.field.person")}
              choices={choices("requesterPersonId")}
              value={typed.personId}
              onChange={(personId) =>
                set({
                  personId,
                  name: choices("requesterPersonId").find(({ value }) => value === personId)?.label ?? typed.name,
                })
              }
            />
          </>
        ) : (
          <PickOne
            label={t("admin.staffMember")}
            choices={choices("memberIds")}
            value={typed.staffId}
            onChange={(staffId) =>
              set({ staffId, ...(staffId === "" ? {} : { name: names.person(staffId), login: staffId }) })
            }
          />
        )}
        <TextInput
          size="xs"
          withAsterisk
          label={t("admin.field.personName")}
          value={typed.name}
          onChange={(event) => {
            const name = event.currentTarget.value;
            set({ name, ...(typed.login === idFrom(typed.name) ? { login: idFrom(name) } : {}) });
          }}
        />
        <TextInput
          size="xs"
          withAsterisk
          label={t("admin.login")}
          value={typed.login}
          onChange={(event) => set({ login: event.currentTarget.value })}
        />
        <TextInput
          size="xs"
          withAsterisk
          type="password"
          autoComplete="new-password"
          label={t("admin.password")}
          description={t("admin.passwordHint", { least })}
          inputWrapperOrder={["label", "input", "description", "error"]}
          value={typed.password}
          onChange={(event) => set({ password: event.currentTarget.value })}
        />
        <Select
          size="xs"
          label={t("admin.field.language")}
          allowDeselect={false}
          data={[
            { value: "ru", label: t("admin.russian") },
            { value: "en", label: t("admin.english") },
          ]}
          value={typed.language}
          onChange={(language) => set({ language: language ?? "ru" })}
        />
      </div>
      <CommandButton
        type="submit"
        off={whole ? null : t("admin.fillAll")}
        run={() =>
          post(
            "/admin/accounts",
            {
              login: typed.login.trim(),
              name: typed.name.trim(),
              role: typed.role,
              password: typed.password,
              organizationId: orNull(typed.organizationId),
              personId: orNull(typed.personId),
              staffId: orNull(typed.staffId),
              language: typed.language,
            },
            { idempotencyKey: key },
          )
        }
        onDone={() => {
          setTyped(blank);
          refresh();
        }}
      >
        {t("admin.newAccount")}
      </CommandButton>
    </form>
  );
}
