import type { TicketView } from "@docket/api-contract";
import { Menu, Popover } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { addressOf } from "../api/client.ts";
import { useRead } from "../moment/moment.ts";
import { useText } from "../text/use-text.ts";
import { IconAudit, IconEye, IconHistory, IconSend } from "../ui/icons.ts";
import { Moment } from "../ui/moment.tsx";
import { Shown } from "../ui/shown.tsx";
import { wordOfAccess, type Access } from "./access.ts";
import css from "./audit.module.css";
import { ChainState } from "./chain-state.tsx";
import { VerifyNow } from "./verification.tsx";

/** On a ticket's page, for auditors: whether its chain holds, its replay, a check of it now, evidence, and who read it. */
export function TicketPart({ ticket }: { readonly ticket: TicketView }): React.ReactNode {
  const { t } = useText();
  const [verifying, setVerifying] = useState(false);
  const file = (rest: Readonly<Record<string, string>>): string =>
    addressOf("/evidence", { ticket: ticket.number, ...rest });
  return (
    <div className={css["part"]}>
      <ChainState reference={ticket.number} />
      <Link to="/audit/replay/$ticket" params={{ ticket: ticket.number } as never}>
        <IconHistory size={15} aria-hidden /> {t("audit.replay")}
      </Link>
      <Popover opened={verifying} onChange={setVerifying} position="bottom-start" withArrow shadow="sm" width={420}>
        <Popover.Target>
          <button
            type="button"
            className={css["link"]}
            aria-expanded={verifying}
            onClick={() => setVerifying(!verifying)}
          >
            <IconAudit size={15} aria-hidden /> {t("audit.verify")}
          </button>
        </Popover.Target>
        <Popover.Dropdown className={css["scrolls"] ?? ""}>
          <p className={css["quiet"]}>{t("audit.verifyTicketHint")}</p>
          <VerifyNow ticket={ticket.number} />
        </Popover.Dropdown>
      </Popover>
      <Menu position="bottom-start">
        <Menu.Target>
          <button type="button" className={css["link"]}>
            <IconSend size={15} aria-hidden /> {t("audit.takeEvidence")}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component="a" href={file({})} download>
            {t("audit.takeOpen")}
          </Menu.Item>
          <Menu.Item component="a" href={file({ attachments: "true" })} download>
            {t("audit.takeWithFiles")}
          </Menu.Item>
          <Menu.Item component="a" href={file({ sealed: "true" })} download>
            {t("audit.takeSealed")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Readers number={ticket.number} />
    </div>
  );
}

/** Who read this: the latest, and the way to all of them. */
function Readers({ number }: { readonly number: string }): React.ReactNode {
  const { t, term } = useText();
  const [open, setOpen] = useState(false);
  const readers = useRead<{ items: readonly Access[] }>("/access-log", {
    query: { ticket: number, limit: 10 },
    enabled: open,
    staleTime: 0,
  });
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" withArrow shadow="sm" width={360}>
      <Popover.Target>
        <button type="button" className={css["link"]} aria-expanded={open} onClick={() => setOpen(!open)}>
          <IconEye size={15} aria-hidden /> {t("audit.whoRead")}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={css["scrolls"] ?? ""}>
        <Shown of={readers} rows={4}>
          {({ items }) =>
            items.length === 0 ? (
              <p className={css["quiet"]}>{t("audit.nobodyRead")}</p>
            ) : (
              <ul className={css["readers"]}>
                {items.map((row) => (
                  <li key={row.accessId}>
                    <Moment at={row.at} /> {row.actorName ?? row.actorId}, {term("role", row.actorRole)}
                    <span className={css["quiet"]}> {wordOfAccess(t, row.kind)}</span>
                  </li>
                ))}
              </ul>
            )
          }
        </Shown>
        <Link to="/audit/access" search={{ ticket: number } as never}>
          {t("audit.allReadings")}
        </Link>
      </Popover.Dropdown>
    </Popover>
  );
}
