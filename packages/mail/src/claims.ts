/** What a mail's body says of its sender (R §3.2): labelled lines in Russian or English. */
export interface MailClaims {
  readonly organization: string | null;
  readonly supportKey: string | null;
  readonly contractNumber: string | null;
  readonly personName: string | null;
  readonly phone: string | null;
  readonly otherEmail: string | null;
}

const label = (words: string) =>
  new RegExp(`^[\\s>*•-]*(?:${words})\\s*(?:[:=]|№|N(?:o\\.?|º)?|#|-)+\\s*(.+?)\\s*$`, "imu");
const organization = label("(?:наименование\\s+)?организаци[яи]|компания|заказчик|organi[sz]ation|company|customer");
const supportKey = label(
  "(?:номер\\s+)?ключ(?:а)?(?:\\s+(?:тех(?:нической|\\.)?\\s*)?поддержки|\\s+тп)?|support\\s+key|key",
);
const contract = label("(?:номер\\s+)?договор(?:а)?|contract(?:\\s+number)?");
const person = label(
  "ф\\.?\\s*и\\.?\\s*о\\.?(?:\\s+ответственного)?|ответственн(?:ый|ое лицо)|контактное\\s+лицо|responsible(?:\\s+person)?|contact\\s+person",
);
const phone = label("тел(?:ефон|\\.)?|контактный\\s+телефон|phone|tel");
const email = label(
  "(?:доп(?:олнительный|\\.)?\\s+)?(?:адрес\\s+)?(?:эл(?:ектронной|\\.)?\\s*почты|e-?mail)(?:\\s+address)?|further e-?mail",
);

const found = (pattern: RegExp, text: string, max: number) => {
  const value = pattern
    .exec(text)?.[1]
    ?.replace(/^[№#:\s]+/u, "")
    .trim();
  return value === undefined || value === "" ? null : value.slice(0, max);
};

/** Reads the labelled lines of a mail's text; a label that is absent gives null. */
export function readClaims(text: string): MailClaims {
  const head = text.slice(0, 20_000);
  const mail = found(email, head, 254);
  return {
    organization: found(organization, head, 200),
    supportKey: found(supportKey, head, 100),
    contractNumber: found(contract, head, 100),
    personName: found(person, head, 200),
    phone: found(phone, head, 40),
    otherEmail: mail !== null && /^\S+@\S+$/.test(mail) ? mail : null,
  };
}
