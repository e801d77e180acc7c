import type { IntakeReply, TicketRow } from "@docket/api-contract";
import { Button, Select, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import { post } from "../api/client.ts";
import { useNames } from "../api/directory.ts";
import { ApiError } from "../api/problem.ts";
import { useSession } from "../api/session.ts";
import { StatusMark } from "../desk/marks.tsx";
import { Attach, type Attached } from "../desk/ticket/attach.tsx";
import { useRead } from "../moment/moment.ts";
import { useText } from "../text/use-text.ts";
import { CommandButton } from "../ui/command-button.tsx";
import { OnlyNow } from "../ui/only-now.tsx";
import css from "./portal.module.css";

const blank = {
  type: "incident",
  priority: "medium",
  subject: "",
  company: "",
  contactPerson: "",
  email: "",
  phone: "",
  product: "",
  productVersion: "",
  description: "",
  stepsToReproduce: "",
  region: "",
  supportKey: "",
  contractNumber: "",
};
type Told = typeof blank;
/** in the order of the form */
const mandatory = ["product", "subject", "description", "company", "contactPerson", "email"] as const;
type Mandatory = (typeof mandatory)[number];

/** Which priorities a type may have (R §3.3). */
const priorities: Readonly<Record<string, readonly string[]>> = {
  incident: ["high", "medium", "low"],
  change: ["medium", "low"],
  consultation: ["low"],
  scheduled_work: ["low"],
};

/** The form of appendix A: what is known of the sender is filled in, and a ticket about the same is shown while he writes. */
export function NewScreen(): React.ReactNode {
  const { t } = useText();
  const [sent, setSent] = useState<IntakeReply & { readonly email: string }>();
  useEffect(() => {
    document.title = `${t("portal.form.title")} · Docket`;
  }, [t]);
  return (
    <div className={css["page"]}>
      {sent === undefined ? (
        <OnlyNow>
          <Form onSent={setSent} />
        </OnlyNow>
      ) : (
        <Sent reply={sent} onAnother={() => setSent(undefined)} />
      )}
    </div>
  );
}

function Form({
  onSent,
}: {
  readonly onSent: (reply: IntakeReply & { readonly email: string }) => void;
}): React.ReactNode {
  const { t, term } = useText();
  const { account } = useSession();
  const self = useSelf();
  const key = `docket.portal.${account.accountId}`;
  const [typed, setTyped] = useState<Partial<Told>>(
    () => JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Told>,
  );
  const filesKey = `${key}.files`;
  const [files, setFiles] = useState<readonly Attached[]>(
    () => JSON.parse(localStorage.getItem(filesKey) ?? "[]") as readonly Attached[],
  );
  const [uploading, setUploading] = useState(false);
  const [faults, setFaults] = useState<ReadonlyMap<string, string>>(new Map());
  const [missed, setMissed] = useState<readonly Mandatory[]>([]);
  const [refusals, setRefusals] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => localStorage.setItem(key, JSON.stringify(typed)), [key, typed]);
  useEffect(() => localStorage.setItem(filesKey, JSON.stringify(files)), [filesKey, files]);
  useEffect(() => {
    if (refusals > 0) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [refusals]);
  const told: Told = { ...blank, ...self, ...typed };
  const requestKey = useMemo(() => crypto.randomUUID(), [JSON.stringify(told), files]);
  const change = (part: Partial<Told>): void => {
    setTyped((before) => ({ ...before, ...part }));
    setFaults((before) => new Map([...before].filter(([name]) => !(name in part))));
    setMissed((before) => before.filter((name) => !(name in part)));
  };
  const allowed = priorities[told.type] ?? [];

  const isBlank = (name: keyof Told): boolean => told[name].trim() === "";
  const listed = (names: readonly (keyof Told)[]): string =>
    t("portal.form.missing", { fields: names.map((name) => t(`portal.form.${name}`)).join(", ") });
  const lacking = missed.filter(isBlank);
  // What is known of him comes a moment after the form: until then he has left nothing out.
  const coming = self.company === undefined ? (["company", "email"] as const).filter(isBlank) : [];
  const faultAt = (name: keyof Told): string | undefined =>
    lacking.some((each) => each === name) ? t("portal.form.required") : faults.get(name);

  const field = (name: keyof Told, type = "text"): React.ReactNode => (
    <TextInput
      label={t(`portal.form.${name}`)}
      type={type}
      withAsterisk={mandatory.some((each) => each === name)}
      value={told[name]}
      error={faultAt(name)}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  );
  const area = (name: "description" | "stepsToReproduce", rows: number): React.ReactNode => (
    <Textarea
      label={t(`portal.form.${name}`)}
      withAsterisk={name === "description"}
      autosize
      minRows={rows}
      maxRows={20}
      value={told[name]}
      error={faultAt(name)}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  );
  const refuse = (at: ReadonlyMap<string, string>): void => {
    setFaults(at);
    setRefusals((count) => count + 1);
  };
  const send = async (): Promise<void> => {
    const missing = mandatory.filter(isBlank);
    setMissed(missing);
    refuse(new Map());
    if (missing.length > 0) return;
    const filled = Object.fromEntries(
      Object.entries(told).flatMap(([name, value]) => (value.trim() === "" ? [] : [[name, value.trim()]])),
    );
    try {
      const body = { ...filled, attachments: files };
      const reply = await post<IntakeReply>("/contacts/portal", body, { idempotencyKey: requestKey });
      localStorage.removeItem(key);
      localStorage.removeItem(filesKey);
      onSent({ ...reply, email: told.email });
    } catch (refusal) {
      if (refusal instanceof ApiError) refuse(refusal.fields);
      throw refusal;
    }
  };
  return (
    <form
      ref={form}
      className={css["form"]}
      aria-labelledby="portal-form"
      noValidate
      onSubmit={(event) => event.preventDefault()}
    >
      <h1 id="portal-form">{t("portal.form.title")}</h1>
      <p className={css["hint"]}>{t("portal.form.hint")}</p>
      <fieldset>
        <legend>{t("portal.form.what")}</legend>
        <div className={css["two"]}>
          <Select
            label={t("portal.form.type")}
            withAsterisk
            allowDeselect={false}
            value={told.type}
            error={faultAt("type")}
            data={Object.keys(priorities).map((value) => ({ value, label: term("ticketType", value) }))}
            onChange={(type) => {
              const next = priorities[type ?? ""] ?? [];
              change({
                type: type ?? "incident",
                priority: next.includes(told.priority) ? told.priority : (next[0] ?? "low"),
              });
            }}
          />
          <Select
            label={t("portal.form.priority")}
            withAsterisk
            allowDeselect={false}
            value={told.priority}
            error={faultAt("priority")}
            data={allowed.map((value) => ({ value, label: term("priority", value) }))}
            onChange={(priority) => change({ priority: priority ?? "low" })}
          />
          {field("product")}
          {field("productVersion")}
        </div>
        {field("subject")}
        {area("description", 6)}
        <Known text={`${told.subject} ${told.description}`} />
        {area("stepsToReproduce", 3)}
        <Attach label={t("portal.form.files")} many value={files} onChange={setFiles} onBusy={setUploading} />
      </fieldset>
      <fieldset>
        <legend>{t("portal.form.who")}</legend>
        {field("company")}
        {field("contactPerson")}
        {field("email", "email")}
        {field("phone", "tel")}
        {field("region")}
        {field("supportKey")}
        {field("contractNumber")}
      </fieldset>
      <div className={css["foot"]}>
        <CommandButton
          size="sm"
          type="submit"
          run={send}
          begins
          off={uploading ? t("files.uploading") : coming.length > 0 ? listed(coming) : undefined}
        >
          {t("portal.form.send")}
        </CommandButton>
        {lacking.length === 0 ? null : (
          <span className={css["lacking"]} role="alert">
            {listed(lacking)}
          </span>
        )}
      </div>
    </form>
  );
}

interface Person {
  readonly personId: string;
  readonly name: string;
  readonly emails: readonly string[];
  readonly phones: readonly string[];
}

/** What the directory knows of the one who is signed in. */
function useSelf(): Partial<Told> {
  const { account } = useSession();
  const { organizations } = useNames();
  const own = organizations.find(({ id }) => id === account.organizationId);
  const people = (own?.state as { readonly people?: readonly Person[] } | undefined)?.people ?? [];
  const person = people.find(({ personId }) => personId === account.personId);
  return {
    ...(own === undefined ? {} : { company: own.name }),
    contactPerson: person?.name ?? account.name,
    ...(person?.emails[0] === undefined ? {} : { email: person.emails[0] }),
    ...(person?.phones[0] === undefined ? {} : { phone: person.phones[0] }),
  };
}

type SimilarTicket = Pick<TicketRow, "ticketId" | "number" | "subject" | "status">;

function Known({ text }: { readonly text: string }): React.ReactNode {
  const { t } = useText();
  const [words] = useDebouncedValue(text.trim().slice(0, 500), 500);
  const found = useRead<{ items: readonly SimilarTicket[] }>("/similar-tickets", {
    query: { q: words, open: "true", limit: 5 },
    enabled: words.length >= 6,
    timeless: true,
  });
  const items = found.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section className={css["known"]} aria-labelledby="portal-known" aria-live="polite">
      <h2 id="portal-known">{t("portal.form.similar")}</h2>
      <ul>
        {items.map(({ ticketId, number, subject, status }) => (
          <li key={ticketId}>
            <Link to="/tickets/$ticket" params={{ ticket: number } as never}>
              {number}
            </Link>{" "}
            {subject} <StatusMark status={status} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Sent({
  reply,
  onAnother,
}: {
  readonly reply: IntakeReply & { readonly email: string };
  readonly onAnother: () => void;
}): React.ReactNode {
  const { t } = useText();
  const { ticket } = reply;
  return (
    <div className={css["sent"]} role="status">
      <h1>
        {ticket === null
          ? t("portal.form.held")
          : t(reply.status === "joined" ? "portal.form.joined" : "portal.form.registered", { number: ticket.number })}
      </h1>
      <p>
        {ticket === null
          ? t("portal.form.heldHint", { email: reply.email })
          : t(reply.status === "joined" ? "portal.form.joinedHint" : "portal.form.registeredHint", {
              email: reply.email,
            })}
      </p>
      {ticket === null ? null : (
        <p>
          <Link to="/tickets/$ticket" params={{ ticket: ticket.number } as never}>
            {ticket.number}
          </Link>
        </p>
      )}
      <Button size="xs" variant="default" onClick={onAnother}>
        {t("portal.form.another")}
      </Button>
    </div>
  );
}
