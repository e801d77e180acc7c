import type { SavedScreen } from "@docket/api-contract";
import { Button, Checkbox, Menu, TextInput } from "@mantine/core";
import { useState } from "react";
import { post, remove } from "../api/client.ts";
import { queryClient } from "../api/query-client.ts";
import { useStandstill } from "../live/context.ts";
import { useRead } from "../moment/moment.ts";
import { useText } from "../text/use-text.ts";
import { CommandButton } from "./command-button.tsx";
import { IconChevronDown, IconLink, IconUsers, IconX } from "./icons.ts";
import { Stale } from "./shown.tsx";
import css from "./ui.module.css";

type Search = Readonly<Record<string, string | undefined>>;

interface SavedProps {
  readonly area: SavedScreen["area"];
  /** what the button says */
  readonly label: string;
  /** the words of the address that make the question */
  readonly current: Search;
  onOpen(search: Readonly<Record<string, string>>): void;
}

/** Questions under a name: one's own and those that others share; whoever opens one has its whole question in the address. */
export function SavedScreens({ area, label, current, onOpen }: SavedProps): React.ReactNode {
  const { t } = useText();
  const standstill = useStandstill();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const [copied, setCopied] = useState<string>();
  const saved = useRead<{ items: readonly SavedScreen[] }>("/saved-screens", { query: { area }, timeless: true });
  const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ["saved-screens"] });
  const save = async (): Promise<void> => {
    const search = Object.fromEntries(Object.entries(current).filter(([, value]) => value !== undefined));
    await post("/saved-screens", { area, name: name.trim(), search, shared });
    setName("");
    await refresh();
  };
  const copy = (): void => {
    const { href } = window.location;
    void navigator.clipboard
      ?.writeText(href)
      .then(() => setCopied(t("saved.copied")))
      .catch(() => setCopied(href));
  };
  const items = saved.data?.items ?? [];
  return (
    <Menu position="bottom-end" width={340} closeOnItemClick={false} onClose={() => setCopied(undefined)}>
      <Menu.Target>
        <Button size="xs" variant="default" rightSection={<IconChevronDown size={13} />}>
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Stale of={saved} />
        {items.length === 0 ? <Menu.Label>{t("saved.none")}</Menu.Label> : null}
        {items.map((each) => (
          <div key={each.screenId} className={css["savedLine"]}>
            <Menu.Item onClick={() => onOpen(each.search)}>
              {each.name}
              {each.shared ? (
                <span className={css["savedBy"]}>
                  <IconUsers size={13} aria-hidden /> {each.own ? t("saved.forAll") : (each.owner ?? "")}
                </span>
              ) : null}
            </Menu.Item>
            {each.own ? (
              <Menu.Item
                aria-label={t("saved.forget", { name: each.name })}
                data-writes
                disabled={standstill !== null}
                onClick={() => void remove(`/saved-screens/${each.screenId}`).then(refresh)}
              >
                <IconX size={13} aria-hidden />
              </Menu.Item>
            ) : null}
          </div>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLink size={14} aria-hidden />} onClick={copy}>
          {copied ?? t("saved.copy")}
        </Menu.Item>
        <Menu.Divider />
        <form className={css["saveForm"]} onSubmit={(event) => event.preventDefault()}>
          <TextInput
            size="xs"
            aria-label={t("saved.name")}
            placeholder={t("saved.name")}
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            onKeyDown={(event) => event.stopPropagation()}
          />
          <Checkbox
            size="xs"
            label={t("saved.shared")}
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
          <CommandButton type="submit" run={save} off={name.trim() === "" ? t("saved.needsName") : undefined}>
            {t("saved.save")}
          </CommandButton>
        </form>
      </Menu.Dropdown>
    </Menu>
  );
}
