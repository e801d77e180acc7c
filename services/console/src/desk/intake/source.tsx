import { Button, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { addressOf, get } from "../../api/client.ts";
import { useText } from "../../text/use-text.ts";
import { Failure, Loading } from "../../ui/states.tsx";
import { Files } from "../ticket/files.tsx";
import type { FileOf } from "../ticket/facts.tsx";
import type { Contact } from "./contact-screen.tsx";
import css from "./intake.module.css";

interface Mail {
  readonly from: string | null;
  readonly to: readonly string[] | string | null;
  readonly subject: string;
  readonly date: string | null;
  readonly text: string;
  readonly html: string | null;
  readonly remoteImages: number;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/**
 * The contact as it came. A mail's own looks stand in a frame that may run nothing, reach nothing and leave nowhere; pictures from
 * elsewhere stay off until they are asked for, since fetching them tells the sender.
 */
export function Source({ contact }: { readonly contact: Contact }): React.ReactNode {
  const { t } = useText();
  const isMail = contact.channel === "email";
  const [form, setForm] = useState("text");
  const [images, setImages] = useState<"none" | "remote">("none");
  const path = `/contacts/${contact.contactId}/mail`;
  const mail = useQuery({
    queryKey: ["contacts", contact.contactId, "mail"],
    queryFn: ({ signal }) => get<Mail>(path, { signal }),
    enabled: isMail,
    retry: false,
  });
  const raw = useQuery({
    queryKey: ["contacts", contact.contactId, "raw"],
    enabled: form === "raw",
    queryFn: async ({ signal }) => {
      const response = await fetch(addressOf(`/contacts/${contact.contactId}/raw`), { signal });
      return (await response.text()).slice(0, 200_000);
    },
  });
  const files = (contact.details["attachments"] as readonly FileOf[] | undefined) ?? [];
  const claims = Object.entries(
    (contact.details["claims"] as Readonly<Record<string, string | null>> | undefined) ?? {},
  ).flatMap(([name, value]) => (value === null || value === "" ? [] : [{ name, value }]));
  const forms = ["text", ...(mail.data?.html == null ? [] : ["html"]), ...(isMail ? ["raw"] : [])];
  return (
    <section className={css["source"]} aria-label={t("intake.source")}>
      {forms.length === 1 ? null : (
        <SegmentedControl
          size="xs"
          aria-label={t("intake.source")}
          value={form}
          onChange={setForm}
          data={forms.map((value) => ({ value, label: t(`intake.form.${value}` as "intake.form.text") }))}
        />
      )}
      {form === "text" ? (
        <p className={css["text"]}>{contact.text === "" ? t("intake.noText") : contact.text}</p>
      ) : null}
      {form === "html" ? (
        <>
          {(mail.data?.remoteImages ?? 0) === 0 || images === "remote" ? null : (
            <p className={css["remote"]}>
              {t("intake.remoteOff", { count: mail.data?.remoteImages ?? 0 })}{" "}
              <Button size="compact-xs" variant="default" onClick={() => setImages("remote")}>
                {t("intake.remoteShow")}
              </Button>
            </p>
          )}
          <iframe
            className={css["frame"]}
            title={t("intake.form.html")}
            sandbox=""
            referrerPolicy="no-referrer"
            src={addressOf(`${path}/frame`, { images })}
          />
        </>
      ) : null}
      {form === "raw" ? (
        raw.isError ? (
          <Failure error={raw.error} />
        ) : raw.data === undefined ? (
          <Loading rows={3} />
        ) : (
          <pre className={css["raw"]} tabIndex={0}>
            {raw.data}
          </pre>
        )
      ) : null}
      {claims.length === 0 ? null : (
        <dl className={css["claims"]}>
          {claims.map(({ name, value }) => (
            <div key={name}>
              <dt>{t(`claim.${name}` as "claim.email")}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {files.length === 0 ? null : <Files files={files} at={`/contacts/${contact.contactId}`} />}
    </section>
  );
}
