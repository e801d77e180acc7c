import { createHash, timingSafeEqual } from "node:crypto";
import { unauthenticated } from "./errors.ts";

/**
 * Decides who calls. `authenticate` takes the `authorization` header and gives the login, or undefined for an
 * anonymous caller; it throws UNAUTHENTICATED for wrong credentials. `allowsAnonymous` tells whether calls without
 * a login may read and write.
 */
export type Authenticator = { authenticate(header: string | undefined): string | undefined; allowsAnonymous: boolean };

/** Without TLS the node trusts every caller and ignores credentials, like `--insecure` of a real node. */
export const trustEveryone: Authenticator = { authenticate: () => "system", allowsAnonymous: true };

/** Accepts exactly the given logins (name to password) by HTTP basic authentication. */
export function basicAuth(logins: Readonly<Record<string, string>>): Authenticator {
  const accepted = Object.entries(logins).map(([name, password]) => ({ name, digest: digest(`${name}:${password}`) }));
  return {
    allowsAnonymous: false,
    authenticate(header) {
      if (header === undefined || header === "") return undefined;
      const match = /^basic\s+([A-Za-z0-9+/=_-]+)\s*$/i.exec(header);
      if (!match) throw unauthenticated();
      const given = digest(Buffer.from(match[1]!, "base64").toString("utf8"));
      const found = accepted.find((login) => timingSafeEqual(login.digest, given));
      if (!found) throw unauthenticated();
      return found.name;
    },
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text, "utf8").digest();
}
