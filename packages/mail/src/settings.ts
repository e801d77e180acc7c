/** How mail is set up; the mailroom and the notifier read the same settings. */
export interface MailSettings {
  /** our addresses, the first is the sender and the address of answers */
  readonly addresses: readonly [string, ...string[]];
  /** the right side of our message ids */
  readonly idHost: string;
}

/**
 * Reads `support@a.example, help@b.example`. Throws a RangeError for a list without a usable address.
 */
export function mailSettings(addresses: string): MailSettings {
  const list = addresses
    .split(",")
    .map((address) => address.trim().toLowerCase())
    .filter((address) => /^[^@\s]+@[^@\s]+$/.test(address));
  const [first, ...others] = list;
  if (first === undefined) throw new RangeError("no usable mail address");
  return { addresses: [first, ...others], idHost: first.split("@")[1] ?? first };
}
