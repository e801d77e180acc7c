import { Button, Menu, TextInput } from "@mantine/core";
import { useState } from "react";
import { patch } from "../api/client.ts";
import { queryClient } from "../api/query-client.ts";
import { useRead } from "../moment/moment.ts";
import { useText } from "../text/use-text.ts";
import { IconChevronDown, IconX } from "../ui/icons.ts";
import css from "./audit.module.css";

type Search = Readonly<Record<string, string | undefined>>;
interface Saved {
  readonly name: string;
  readonly search: Search;
}
interface Preferences {
  readonly other?: Readonly<Record<string, unknown>>;
}

/** Searches that somebody keeps under a name, with his account. */
export function SavedSearches({
  current,
  onOpen,
}: {
  readonly current: Search;
  onOpen(search: Search): void;
}): React.ReactNode {
  const { t } = useText();
  const [name, setName] = useState("");
  const preferences = useRead<Preferences>("/preferences", { timeless: true });
  const other = preferences.data?.other ?? {};
  const saved = (other["auditSearches"] as readonly Saved[] | undefined) ?? [];
  const keep = async (next: readonly Saved[]): Promise<void> => {
    await patch("/preferences", { other: { ...other, auditSearches: next } });
    await queryClient.invalidateQueries({ queryKey: ["preferences"] });
  };
  const save = async (): Promise<void> => {
    const wanted = name.trim();
    if (wanted === "") return;
    await keep([...saved.filter((each) => each.name !== wanted), { name: wanted, search: current }]);
    setName("");
  };
  return (
    <Menu position="bottom-end" width={320} closeOnItemClick={false}>
      <Menu.Target>
        <Button size="xs" variant="default" rightSection={<IconChevronDown size={13} />}>
          {t("audit.saved")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {saved.map((each) => (
          <div key={each.name} className={css["savedLine"]}>
            <Menu.Item onClick={() => onOpen(each.search)}>{each.name}</Menu.Item>
            <Menu.Item
              aria-label={t("audit.forget", { name: each.name })}
              onClick={() => void keep(saved.filter((one) => one.name !== each.name))}
            >
              <IconX size={13} aria-hidden />
            </Menu.Item>
          </div>
        ))}
        <form
          className={css["saveForm"]}
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <TextInput
            size="xs"
            aria-label={t("audit.saveName")}
            placeholder={t("audit.saveName")}
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            onKeyDown={(event) => event.stopPropagation()}
          />
          <Button size="xs" type="submit">
            {t("audit.save")}
          </Button>
        </form>
      </Menu.Dropdown>
    </Menu>
  );
}
