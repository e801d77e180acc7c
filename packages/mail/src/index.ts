export { readMail, type Mail, type MailFile } from "./read-mail.ts";
export { showMail, type MailAddress, type ShownMail, type ShowMailOptions } from "./show-mail.ts";
export { readClaims, type MailClaims } from "./claims.ts";
export { newTextOf, replyMarker } from "./quoted.ts";
export { mailTokens, type MailTokens } from "./token.ts";
export { mailSettings, type MailSettings } from "./settings.ts";
