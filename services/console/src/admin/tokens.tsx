import { Checkbox, Select, TextInput } from "@mantine/core";
import { useMemo, useState } from "react";
import { post, remove } from "../api/client.ts";
import { useNames } from "../api/directory.ts";
import { queryClient } from "../api/query-client.ts";
import { useRead } from "../moment/moment.ts";
import { Table } from "../ops/table.tsx";
import { browserZone } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { CommandButton } from "../ui/command-button.tsx";
import { MomentField } from "../ui/moment-field.tsx";
import { Moment } from "../ui/moment.tsx";
import { Stale } from "../ui/shown.tsx";
import { Failure, Loading } from "../ui/states.tsx";
import { OnlyNow } from "../ui/only-now.tsx";
import css from "./admin.module.css";
import { PickOne, useChoices } from "./forms/references.tsx";
import { instantOf } from "./forms/values.ts";

interface Token {
  readonly tokenId: string;
  readonly name: string;
  readonly role: string;
  readonly organizationId: string | null;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

const scopes = ["read", "command", "intake", "admin", "audit"] as const;
const roles = ["machine", "operator", "engineer", "service_manager", "auditor", "analyst", "admin"] as const;
const blank = { name: "", role: "machine", organizationId: "", expiresAt: "" };

const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ["admin"] });

/** The tokens of machines. A token is shown once, when it is made; afterwards only its hash is kept. */
export function Tokens(): React.ReactNode {
  const { t, term } = useText();
  const names = useNames();
  const tokens = useRead<{ items: readonly Token[] }>("/admin/tokens", { timeless: true });
  if (tokens.isError && tokens.data === undefined)
    return <Failure error={tokens.error} retry={() => void tokens.refetch()} />;
  if (tokens.data === undefined) return <Loading rows={4} />;
  const word = (scope: string): string => t(`admin.scope.${scope}` as "admin.scope.read");
  return (
    <>
      <Stale of={tokens} />
      <Table
        title={t("admin.tokens")}
        none={t("admin.noTokens")}
        heads={[
          t("admin.field.name"),
          t("admin.field.role"),
          t("admin.scopes"),
          t("admin.field.organizationId"),
          t("admin.createdAt"),
          t("admin.expiresAt"),
          t("admin.doing"),
        ]}
        rows={tokens.data.items.map((token) => [
          token.name,
          term("role", token.role),
          token.scopes.map(word).join(", "),
          names.organization(token.organizationId) || "–",
          <Moment key="at" at={token.createdAt} />,
          token.expiresAt === null ? t("admin.neverExpires") : <Moment key="until" at={token.expiresAt} />,
          token.revokedAt === null ? (
            <CommandButton
              key="revoke"
              size="compact-xs"
              variant="default"
              run={() => remove(`/admin/tokens/${token.tokenId}`)}
              onDone={refresh}
            >
              {t("admin.revoke")}
            </CommandButton>
          ) : (
            <span key="revoked">
              {t("admin.revoked")} <Moment at={token.revokedAt} />
            </span>
          ),
        ])}
      />
      <OnlyNow>
        <NewToken />
      </OnlyNow>
    </>
  );
}

function NewToken(): React.ReactNode {
  const { t, term } = useText();
  const [typed, setTyped] = useState(blank);
  const [may, setMay] = useState<readonly string[]>(["read"]);
  const [made, setMade] = useState<{ readonly name: string; readonly token: string }>();
  const choices = useChoices(useNames(), undefined);
  const key = useMemo(() => crypto.randomUUID(), [JSON.stringify(typed), may]);
  const set = (part: Partial<typeof blank>): void => setTyped((before) => ({ ...before, ...part }));
  return (
    <form className={css["form"]} aria-label={t("admin.newToken")} onSubmit={(event) => event.preventDefault()}>
      <h2>{t("admin.newToken")}</h2>
      <div className={css["inputs"]}>
        <TextInput
          size="xs"
          withAsterisk
          label={t("admin.field.name")}
          value={typed.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Select
          size="xs"
          label={t("admin.field.role")}
          allowDeselect={false}
          data={roles.map((value) => ({ value, label: term("role", value) }))}
          value={typed.role}
          onChange={(role) => set({ role: role ?? "machine" })}
        />
        <PickOne
          label={t("admin.field.organizationId")}
          choices={choices("organizationId")}
          value={typed.organizationId}
          onChange={(organizationId) => set({ organizationId })}
        />
        <MomentField
          label={t("admin.expiresAt")}
          description={browserZone}
          inputWrapperOrder={["label", "input", "description", "error"]}
          value={typed.expiresAt}
          onChange={(expiresAt) => set({ expiresAt })}
        />
      </div>
      <Checkbox.Group size="xs" label={t("admin.scopes")} value={[...may]} onChange={setMay}>
        <div className={css["scopes"]}>
          {scopes.map((scope) => (
            <Checkbox key={scope} size="xs" value={scope} label={t(`admin.scope.${scope}`)} />
          ))}
        </div>
      </Checkbox.Group>
      <CommandButton
        type="submit"
        off={typed.name.trim() === "" || may.length === 0 ? t("admin.fillAll") : null}
        run={async () => {
          const { name, token } = await post<{ name: string; token: string }>(
            "/admin/tokens",
            {
              name: typed.name.trim(),
              role: typed.role,
              organizationId: typed.organizationId === "" ? null : typed.organizationId,
              scopes: may,
              expiresAt: typed.expiresAt === "" ? null : instantOf(typed.expiresAt),
            },
            { idempotencyKey: key },
          );
          setMade({ name, token });
          setTyped(blank);
          refresh();
        }}
      >
        {t("admin.newToken")}
      </CommandButton>
      {made === undefined ? null : (
        <div role="status" className={css["secret"]}>
          <p>{t("admin.tokenOnce", { name: made.name })}</p>
          <code>{made.token}</code>{" "}
          <CommandButton
            size="compact-xs"
            variant="default"
            timeless
            run={() => navigator.clipboard.writeText(made.token)}
          >
            {t("admin.copy")}
          </CommandButton>
        </div>
      )}
    </form>
  );
}
