import type { TicketActions } from "@docket/api-contract";
import { Button, Menu, Tooltip } from "@mantine/core";
import { memo, useState } from "react";
import { useSession } from "../../api/session.ts";
import { useActions } from "../../keys/registry.ts";
import { useStandstill } from "../../live/context.ts";
import { useText } from "../../text/use-text.ts";
import { CommandButton } from "../../ui/command-button.tsx";
import { IconChevronDown } from "../../ui/icons.ts";
import { ActionForm, type Item } from "./action-form.tsx";
import css from "./ticket.module.css";
import { sendCommand } from "./ticket-data.ts";

/** What the composer does needs no button of its own. */
const written = new Set(["comment", "ask-customer", "answer-customer"]);
/** The usual next steps, in the order of the work. */
const usual = [
  "assign",
  "accept",
  "resolve",
  "confirm",
  "return-to-work",
  "approve-change",
  "refuse-change",
  "hand-over",
  "start-change",
  "release-escalation",
];
/** needs nothing but the click */
const isPlain = ({ fields }: Item): boolean => fields.every(({ name, required }) => name === "occurredAt" && !required);

interface ActionBarProps {
  readonly actions: TicketActions;
  /** who has the ticket */
  readonly engineerId: string | null;
  onDone(): void;
}

/** Everything that can be done to the ticket: the usual steps as buttons, the rest in a menu, and what cannot be done with the reason. */
export const ActionBar = memo(function ActionBar({ actions, engineerId, onDone }: ActionBarProps): React.ReactNode {
  const { t } = useText();
  const standstill = useStandstill();
  const { account } = useSession();
  const [open, setOpen] = useState<Item | null>(null);
  const items = actions.items.filter(({ command }) => !written.has(command));
  const allowed = items.filter((item) => item.allowed);
  const fresh = actions.status === "registered";
  // whom it is assigned to begins with it; others pass it on
  const isMine = account.staffId !== null && account.staffId === engineerId;
  const near = [...(fresh ? ["classify"] : []), ...(isMine ? ["accept"] : []), ...usual]
    .filter((command, at, all) => all.indexOf(command) === at)
    .flatMap((command) => allowed.filter((item) => item.command === command))
    .slice(0, 4);
  const rest = allowed.filter((item) => !near.includes(item));
  const refused = items.filter((item) => !item.allowed);
  const run = (item: Item): Promise<unknown> =>
    sendCommand(actions.ticketId, item.command, {}, actions.revision, crypto.randomUUID(), account).then(onDone);
  const off = standstill === null ? undefined : t(`action.off.${standstill}`);
  // what is new is assigned, the rest handed over; of what is not allowed it is that of which the reason is said
  const handing = (fresh ? ["assign", "hand-over"] : ["hand-over", "assign"]).flatMap((wanted) =>
    items.filter(({ command }) => command === wanted),
  );
  const assign = ["assign", "hand-over"].flatMap((wanted) => allowed.filter(({ command }) => command === wanted))[0];
  const whyNot = (item: Item | undefined): string => item?.reason?.title ?? t("ticket.notNow");
  useActions([
    ...items.map((item) => ({
      id: `ticket.${item.command}`,
      title: "keys.ticket" as const,
      plain: item.title,
      group: "keys.ticket" as const,
      ...(item.command === "accept" ? { keys: ["t"] } : {}),
      ...(off !== undefined ? { off } : item.allowed ? {} : { off: whyNot(item) }),
      run: () => (isPlain(item) ? void run(item).catch(() => setOpen(item)) : setOpen(item)),
    })),
    ...(handing.length === 0
      ? []
      : [
          {
            id: "ticket.assign-key",
            title: "keys.assign" as const,
            group: "keys.ticket" as const,
            keys: ["a"],
            keysOnly: true,
            off: off ?? (assign === undefined ? whyNot(handing[0]) : undefined),
            run: () => assign !== undefined && setOpen(assign),
          },
        ]),
  ]);
  return (
    <div className={css["actions"]} role="group" aria-label={t("ticket.actions")} data-actions>
      {near.map((item, index) =>
        isPlain(item) ? (
          <CommandButton
            key={item.command}
            data-command={item.command}
            variant={index === 0 ? "filled" : "default"}
            run={() => run(item)}
          >
            {item.title}
          </CommandButton>
        ) : (
          <Tooltip key={item.command} label={off} disabled={off === undefined}>
            <Button
              size="xs"
              data-command={item.command}
              variant={index === 0 ? "filled" : "default"}
              aria-disabled={off !== undefined}
              onClick={() => (off === undefined ? setOpen(item) : undefined)}
            >
              {item.title}
            </Button>
          </Tooltip>
        ),
      )}
      <Menu position="bottom-end" width={320}>
        <Menu.Target>
          <Button size="xs" variant="default" rightSection={<IconChevronDown size={13} />} data-more>
            {t("ticket.more")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown className={css["menu"] ?? ""}>
          {rest.map((item) => (
            <Menu.Item key={item.command} data-command={item.command} onClick={() => setOpen(item)}>
              {item.title}
            </Menu.Item>
          ))}
          {refused.length === 0 ? null : <Menu.Label>{t("ticket.notNow")}</Menu.Label>}
          {refused.map((item) => (
            <Menu.Item key={item.command} aria-disabled closeMenuOnClick={false} className={css["refused"] ?? ""}>
              {item.title}
              <span className={css["whyNot"]}>{item.reason?.title}</span>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {open === null ? null : (
        <ActionForm item={open} actions={actions} onClose={() => setOpen(null)} onDone={onDone} />
      )}
    </div>
  );
});
