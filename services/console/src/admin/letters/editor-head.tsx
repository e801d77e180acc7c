import type { TicketRow } from "@docket/api-contract";
import { Button, TextInput } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useRead } from "../../moment/moment.ts";
import { useText } from "../../text/use-text.ts";
import admin from "../admin.module.css";
import css from "./letters.module.css";

/** The ticket on which letters and templates are tried: the one that the address names, else the newest. */
export function useTriedTicket(): string | undefined {
  const { ticket = "" } = useSearch({ strict: false }) as { ticket?: string };
  const newest = useRead<{ items: readonly TicketRow[] }>("/tickets", { query: { limit: 1, sort: "-registeredAt" } });
  return ticket === "" ? newest.data?.items[0]?.number : ticket;
}

/** What is written, and about which ticket it is tried. */
export function EditorHead(props: {
  readonly title: string;
  readonly ticket: string | undefined;
  readonly children?: React.ReactNode;
}): React.ReactNode {
  const { t } = useText();
  const navigate = useNavigate();
  const { ticket = "" } = useSearch({ strict: false }) as { ticket?: string };
  const [about, setAbout] = useState(ticket);
  return (
    <header className={admin["head"]}>
      <h1>{props.title}</h1>
      {props.children}
      <form
        className={css["about"]}
        onSubmit={(event) => {
          event.preventDefault();
          void navigate({
            to: ".",
            search: ((before: object) => ({
              ...before,
              ticket: about.trim() === "" ? undefined : about.trim(),
            })) as never,
          });
        }}
      >
        <TextInput
          size="xs"
          label={t("letters.about")}
          placeholder={props.ticket ?? ""}
          value={about}
          onChange={(event) => setAbout(event.currentTarget.value)}
        />
        <Button size="xs" type="submit" variant="default">
          {t("letters.show")}
        </Button>
      </form>
    </header>
  );
}
