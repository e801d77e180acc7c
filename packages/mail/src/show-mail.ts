export interface MailAddress {
  readonly name: string | null;
  readonly address: string | null;
}

/** A mail for the eyes of people. */
export interface ShownMail {
  readonly from: MailAddress | null;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly replyTo: readonly MailAddress[];
  readonly subject: string;
  /** as the sender's header says; null when it says nothing */
  readonly date: Date | null;
  readonly messageId: string | null;
  readonly automatic: boolean;
  readonly text: string;
  /** safe to be shown: no script, no form, no style that reaches out; null: the mail has none */
  readonly html: string | null;
  /** pictures that lie on other machines: looking at them would tell their owner */
  readonly remoteImages: number;
  /** pictures that the mail brought along */
  readonly inlineImages: number;
  readonly files: readonly { readonly name: string; readonly mediaType: string; readonly size: number }[];
  /** in their order */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

export interface ShowMailOptions {
  /** leave addresses of pictures on other machines in the HTML (by https only) */
  readonly remoteImages: boolean;
}

/**
 * Makes a mail ready to be shown: headers decoded, HTML made harmless, its own pictures put in place. Never throws on odd
 * input. The means for it are loaded when it is first asked for, as most processes never show a mail.
 */
export async function showMail(raw: Buffer, options: ShowMailOptions): Promise<ShownMail> {
  const { showParsed } = await import("./shown-mail.ts");
  return showParsed(raw, options);
}
