import { Button, CloseButton, Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { TicketActions } from "@docket/api-contract";
import { useState } from "react";
import { get } from "../../api/client.ts";
import { useSession, worksOnTickets } from "../../api/session.ts";
import { useStandstill } from "../../live/context.ts";
import { useText } from "../../text/use-text.ts";
import { IconChevronDown } from "../../ui/icons.ts";
import { BeginButton } from "../../ui/only-now.tsx";
import css from "../queue/queue.module.css";
import type { Item } from "../ticket/action-form.tsx";
import { BulkDialog } from "./bulk-dialog.tsx";

interface BulkBarProps {
  readonly tickets: readonly string[];
  readonly total: number;
  /** the list is not what it is now: nothing may be done to it */
  readonly stale: boolean;
  onAll(): Promise<void>;
  onDone(): void;
}

const down = <IconChevronDown size={13} />;

/** what makes sense for many at once, in the order of the work */
const many = [
  "assign",
  "hand-over",
  "accept",
  "classify",
  "comment",
  "escalate",
  "link",
  "return-to-work",
  "extend",
  "resolve",
  "withdraw",
];

/** What is picked, and what can be done to all of it. The forms are those of the first ticket; the preview tells for each what it will do. */
export function BulkBar({ tickets, total, stale, onAll, onDone }: BulkBarProps): React.ReactNode {
  const { t } = useText();
  const standstill = useStandstill();
  const works = worksOnTickets(useSession().account);
  const [chosen, setChosen] = useState<Item | null>(null);
  const [gathering, setGathering] = useState(false);
  const all = async (): Promise<void> => {
    setGathering(true);
    await onAll().catch(() => undefined);
    setGathering(false);
  };
  const first = tickets[0];
  const actions = useQuery({
    queryKey: ["tickets", first, "actions"],
    enabled: first !== undefined && works,
    queryFn: ({ signal }) => get<TicketActions>(`/tickets/${first ?? ""}/actions`, { signal }),
  });
  const why = !works
    ? t("action.off.role")
    : standstill !== null || stale
      ? t(`action.off.${standstill ?? "offline"}`)
      : undefined;
  const items = many.flatMap((command) => actions.data?.items.filter((item) => item.command === command) ?? []);
  return (
    <div className={css["bulk"]} role="region" aria-label={t("bulk.title")}>
      <b role="status">{t("bulk.picked", { count: tickets.length })}</b>
      {tickets.length < Math.min(total, 1000) ? (
        <Button size="compact-xs" variant="subtle" loading={gathering} disabled={stale} onClick={() => void all()}>
          {total > 1000 ? t("bulk.firstThousand") : t("bulk.all", { count: total })}
        </Button>
      ) : null}
      {why === undefined ? (
        <Menu position="top-start">
          <Menu.Target>
            <Button size="xs" rightSection={down} disabled={items.length === 0} data-writes>
              {t("bulk.do")}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {items.map((item) => (
              <Menu.Item key={item.command} onClick={() => setChosen(item)}>
                {item.title}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      ) : (
        <BeginButton rightSection={down} off={why}>
          {t("bulk.do")}
        </BeginButton>
      )}
      <CloseButton aria-label={t("bulk.drop")} onClick={onDone} />
      {chosen === null || actions.data === undefined ? null : (
        <BulkDialog
          item={chosen}
          actions={actions.data}
          tickets={tickets}
          onClose={() => setChosen(null)}
          onDone={onDone}
        />
      )}
    </div>
  );
}
