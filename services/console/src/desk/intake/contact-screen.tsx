import type { EntitlementSuggestion, IntakeReply } from "@docket/api-contract";
import { Button, Tabs, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { post } from "../../api/client.ts";
import { decidesContacts, useSession } from "../../api/session.ts";
import { allActions } from "../../keys/registry.ts";
import { useMoment, useRead } from "../../moment/moment.ts";
import { useText } from "../../text/use-text.ts";
import { CommandButton } from "../../ui/command-button.tsx";
import { Moment } from "../../ui/moment.tsx";
import { Failure, Loading } from "../../ui/states.tsx";
import { EntitlementForm, type Entitlement } from "./entitlement.tsx";
import css from "./intake.module.css";
import { Similar } from "./similar.tsx";
import { Source } from "./source.tsx";

export interface Contact {
  readonly contactId: string;
  readonly status: string;
  readonly channel: string;
  readonly receivedAt: string;
  readonly subject: string;
  readonly fromName: string | null;
  readonly fromEmail: string | null;
  readonly doubts?: readonly string[];
  readonly text: string;
  readonly organizationId: string | null;
  readonly ticketId: string | null;
  readonly rejectReason: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly suggestions?: readonly EntitlementSuggestion[];
}

export function ContactScreen(): React.ReactNode {
  const { contact: contactId = "" } = useParams({ strict: false }) as { contact?: string };
  return <ContactPage key={contactId} contactId={contactId} />;
}

/** One contact beside its decision: register, join to a ticket, or reject with a reason. */
function ContactPage({ contactId }: { readonly contactId: string }): React.ReactNode {
  const { t, term } = useText();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { live } = useMoment();
  const { account } = useSession();
  const contact = useRead<Contact>(`/contacts/${contactId}`);
  const [entitlement, setEntitlement] = useState<Entitlement>({
    organizationId: null,
    contractId: null,
    personId: null,
  });
  const [note, setNote] = useState("");
  const [joinTo, setJoinTo] = useState("");
  const [reason, setReason] = useState("");
  const shown = contact.data;
  const best = shown?.suggestions?.[0];
  useEffect(() => {
    if (best !== undefined)
      setEntitlement((before) =>
        before.organizationId === null
          ? { organizationId: best.organizationId, contractId: best.contractId, personId: best.personId }
          : before,
      );
  }, [best]);
  if (contact.isError && shown === undefined)
    return <Failure error={contact.error} retry={() => void contact.refetch()} />;
  if (shown === undefined) return <Loading />;

  const decided = async (
    reply: IntakeReply,
    said: "intake.registered" | "intake.joined" | "intake.rejected",
  ): Promise<void> => {
    const number = reply.ticket?.number ?? "";
    notifications.show({
      closeButtonProps: { "aria-label": t("action.close") },
      message: t(said, { number }),
      ...(number === ""
        ? {}
        : { onClick: () => void navigate({ to: "/tickets/$ticket", params: { ticket: number } as never }) }),
    });
    allActions()
      .find(({ id }) => id === "list.next")
      ?.run();
    await client.invalidateQueries({ queryKey: ["contacts", contactId] });
  };
  const open = shown.status === "held" || shown.status === "received";
  const decides = open && live && decidesContacts(account);
  return (
    <article className={css["contact"]} aria-labelledby="contact-title">
      <header className={css["contactHead"]}>
        <h2 id="contact-title">{shown.subject === "" ? t("intake.noSubject") : shown.subject}</h2>
        <p>
          {term("channel", shown.channel)} · {[shown.fromName, shown.fromEmail].filter(Boolean).join(", ") || "–"} ·{" "}
          <Moment at={shown.receivedAt} /> · {term("contactStatus", shown.status)}
          {shown.rejectReason === null ? "" : `: ${shown.rejectReason}`}
        </p>
        {(shown.doubts ?? []).length === 0 ? null : (
          <ul className={css["why"]} aria-label={t("intake.why")}>
            {(shown.doubts ?? []).map((doubt) => (
              <li key={doubt}>{term("doubt", doubt)}</li>
            ))}
          </ul>
        )}
      </header>
      <Source contact={shown} />
      <div className={css["decision"]}>
        {!decides ? (
          <p>
            {term("contactStatus", shown.status)}
            {open && live ? `. ${t("intake.othersDecide")}` : null}{" "}
            {shown.ticketId === null ? null : (
              <Button
                size="compact-xs"
                variant="default"
                onClick={() =>
                  void navigate({ to: "/tickets/$ticket", params: { ticket: shown.ticketId ?? "" } as never })
                }
              >
                {t("intake.openTicket")}
              </Button>
            )}
          </p>
        ) : (
          <Tabs defaultValue="register" keepMounted={false} classNames={{ tab: css["tab"] ?? "" }}>
            <Tabs.List>
              <Tabs.Tab value="register">{t("intake.register")}</Tabs.Tab>
              <Tabs.Tab value="join">{t("intake.join")}</Tabs.Tab>
              <Tabs.Tab value="reject">{t("intake.reject")}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="register" className={css["panel"] ?? ""}>
              <EntitlementForm value={entitlement} suggestions={shown.suggestions ?? []} onChange={setEntitlement} />
              <Textarea
                label={t("intake.note")}
                autosize
                minRows={2}
                maxLength={4000}
                value={note}
                onChange={(event) => setNote(event.currentTarget.value)}
              />
              <CommandButton
                off={
                  entitlement.organizationId === null || entitlement.contractId === null
                    ? t("intake.needsContract")
                    : undefined
                }
                run={async () =>
                  decided(
                    await post<IntakeReply>(`/contacts/${contactId}/verify`, {
                      ...entitlement,
                      note: note.trim() === "" ? null : note.trim(),
                    }),
                    "intake.registered",
                  )
                }
              >
                {t("intake.registerNow")}
              </CommandButton>
            </Tabs.Panel>
            <Tabs.Panel value="join" className={css["panel"] ?? ""}>
              <TextInput
                label={t("intake.joinTo")}
                placeholder="SC-000123"
                value={joinTo}
                onChange={(event) => setJoinTo(event.currentTarget.value)}
              />
              <CommandButton
                off={joinTo.trim() === "" ? t("intake.needsTicket") : undefined}
                run={async () =>
                  decided(
                    await post<IntakeReply>(`/contacts/${contactId}/join`, { ticketId: joinTo.trim() }),
                    "intake.joined",
                  )
                }
              >
                {t("intake.joinNow")}
              </CommandButton>
            </Tabs.Panel>
            <Tabs.Panel value="reject" className={css["panel"] ?? ""}>
              <Textarea
                label={t("intake.reason")}
                withAsterisk
                autosize
                minRows={3}
                maxLength={4000}
                value={reason}
                onChange={(event) => setReason(event.currentTarget.value)}
              />
              <CommandButton
                off={reason.trim() === "" ? t("intake.needsReason") : undefined}
                run={async () =>
                  decided(
                    await post<IntakeReply>(`/contacts/${contactId}/reject`, { reason: reason.trim() }),
                    "intake.rejected",
                  )
                }
              >
                {t("intake.rejectNow")}
              </CommandButton>
            </Tabs.Panel>
          </Tabs>
        )}
        <Similar
          text={`${shown.subject} ${shown.text}`.slice(0, 2000)}
          organizationId={entitlement.organizationId}
          {...(decides ? { onChoose: setJoinTo } : {})}
        />
      </div>
    </article>
  );
}
