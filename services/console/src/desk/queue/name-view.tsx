import { Switch, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { post } from "../../api/client.ts";
import { useText } from "../../text/use-text.ts";
import { CommandButton } from "../../ui/command-button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import css from "./queue.module.css";

/** Gives the list as it stands a name, for oneself or for all. */
export function NameView({ content, onClose }: { readonly content: object; onClose(): void }): React.ReactNode {
  const { t } = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  return (
    <Dialog onClose={onClose} title={t("views.saveAs")}>
      <form className={css["columnsMenu"]} onSubmit={(event) => event.preventDefault()}>
        <TextInput
          data-autofocus
          label={t("views.name")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={100}
        />
        <Switch
          label={t("views.shared")}
          checked={shared}
          onChange={(event) => setShared(event.currentTarget.checked)}
        />
        <CommandButton
          type="submit"
          off={name.trim() === "" ? t("views.needsName") : undefined}
          run={async () => {
            const made = await post<{ viewId: string }>("/views", { name: name.trim(), shared, ...content });
            await client.invalidateQueries({ queryKey: ["views"] });
            onClose();
            await navigate({ to: "/queues/$view", params: { view: made.viewId } as never, search: {} as never });
          }}
        >
          {t("action.save")}
        </CommandButton>
      </form>
    </Dialog>
  );
}
