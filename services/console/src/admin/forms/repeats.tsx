import { Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { useText } from "../../text/use-text.ts";

const usual = {
  daily: "FREQ=DAILY",
  weekly: "FREQ=WEEKLY",
  monthly: "FREQ=MONTHLY",
  quarterly: "FREQ=MONTHLY;INTERVAL=3",
  yearly: "FREQ=YEARLY",
} as const;
const names = Object.keys(usual) as (keyof typeof usual)[];

interface RepeatsProps {
  readonly label: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (rule: string) => void;
}

/** How often planned work comes round: the usual ways by name, any other as the rule itself. */
export function Repeats({ label, value, error, onChange }: RepeatsProps): React.ReactNode {
  const { t } = useText();
  const known = names.find((name) => usual[name] === value);
  const [own, setOwn] = useState(value !== "" && known === undefined);
  return (
    <>
      <Select
        size="xs"
        label={label}
        withAsterisk
        allowDeselect={false}
        error={own ? undefined : error}
        data={[
          ...names.map((name) => ({ value: name as string, label: t(`admin.repeats.${name}`) })),
          { value: "own", label: t("admin.repeats.own") },
        ]}
        value={own ? "own" : (known ?? null)}
        onChange={(name) => {
          setOwn(name === "own");
          if (name !== "own") onChange(usual[name as keyof typeof usual]);
        }}
      />
      {own ? (
        <TextInput
          size="xs"
          label={t("admin.repeats.rule")}
          error={error}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      ) : null}
    </>
  );
}
