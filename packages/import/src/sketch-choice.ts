import type { Meaning } from "./mapping-schema.ts";
import { type ColumnSeen, isTable, isTime } from "./sketch-columns.ts";
import { guessMoment } from "./sketch-guesses.ts";

/** Names that columns for a thing mostly have (English, Russian, German); the first that fits, in the order of the list. */
const habits = {
  key: [
    /^(issue|ticket|incident|case|request|sr|вопрос|ticket-|vorgangs?-?)?[ _.-]?(key|number|no|nr|nummer|id|#)\.?$/i,
    /number|ticket|issue|incident|case|номер|заявк|обращени|vorgang|nummer/i,
  ],
  rowTime: [
    /updated|changed|modified|event.*(time|date)|timestamp|изменен|обновлен|geändert|änderung/i,
    /time|date|stamp|дата|время|datum|zeit|created/i,
  ],
  openedAt: [/opened|created|reported|submitted|registered|создан|открыт|регистр|erstellt|eröffnet|angelegt/i],
  status: [/status|state|статус|состояние|zustand/i, /activity|stage|step|этап|event$/i],
  subStatus: [/sub[ _-]?(status|state)|подстатус/i],
  priority: [/^priority|priority$|приоритет|^priorität/i, /severity|urgency|impact|seriousness|prio|важност|срочност/i],
  type: [/^(issue|ticket|request|case)?[ _]?type$|^тип|kind|^art$/i],
  group: [/group|team|queue|группа|очередь|gruppe|department|org.*line|^involved/i],
  person: [/assignee|assigned|owner|agent|engineer|resource|member|исполнител|ответствен|bearbeiter|zuständig/i],
  requester: [/caller|requester|reporter|requestor|customer_?id|client|заявител|инициатор|автор|melder/i],
  email: [/(customer|caller|requester|reporter|client|заявител).*mail/i],
  organization: [/organi[sz]ation|company|account|customer|заказчик|организаци|клиент|kunde|firma/i],
  subject: [/subject|summary|title|short.?desc|тема|заголовок|betreff|titel/i, /category|symptom|категори|kategorie/i],
  description: [/^description|^body|описание|текст|beschreibung/i],
  channel: [/channel|contact_?type|^via$|^source|канал|kanal/i],
  judgement: [/sla|breach|overdue|просроч/i],
  product: [/product|service|component|cmdb|^ci\b|продукт|сервис|produkt/i],
  region: [/country|region|location|^site$|страна|регион|город|standort|^land$/i],
  field: [/^(field|attribute|property|поле|feld)/i],
  to: [/^(new|to|neu)([ _]?(value|string|wert))?$|new_?value|value[ _]?to$|новое/i],
  from: [/^(old|from|alt)([ _]?(value|string|wert))?$|old_?value|value[ _]?from$|старое/i],
} as const;
type Habit = keyof typeof habits;

/** A column with the time of something, and what that was. */
export interface Moment {
  readonly column: ColumnSeen;
  readonly meaning: Meaning;
}

export interface Choice {
  readonly field: ColumnSeen | undefined;
  readonly from: ColumnSeen | undefined;
  readonly to: ColumnSeen | undefined;
  readonly key: ColumnSeen | undefined;
  readonly rowTime: ColumnSeen | undefined;
  readonly openedAt: ColumnSeen | undefined;
  readonly status: ColumnSeen | undefined;
  readonly subStatus: ColumnSeen | undefined;
  readonly priority: ColumnSeen | undefined;
  readonly type: ColumnSeen | undefined;
  readonly channel: ColumnSeen | undefined;
  readonly group: ColumnSeen | undefined;
  readonly person: ColumnSeen | undefined;
  readonly requester: ColumnSeen | undefined;
  readonly email: ColumnSeen | undefined;
  readonly organization: ColumnSeen | undefined;
  readonly subject: ColumnSeen | undefined;
  readonly description: ColumnSeen | undefined;
  readonly product: ColumnSeen | undefined;
  readonly region: ColumnSeen | undefined;
  readonly judgement: ColumnSeen | undefined;
  /** of a file in which one row is a whole ticket: the times at which something happened, in the order of a ticket's life */
  readonly moments: readonly Moment[];
  /** columns that are none of these */
  readonly rest: readonly ColumnSeen[];
}

/** Which column may be what, by its name and by what stands in it. */
export function chooseColumns(columns: readonly ColumnSeen[]): Choice {
  const used = new Set<ColumnSeen>();
  const pick = (habit: Habit, fits: (column: ColumnSeen) => boolean = () => true): ColumnSeen | undefined => {
    for (const pattern of habits[habit]) {
      const found = columns.find((column) => !used.has(column) && pattern.test(column.name) && fits(column));
      if (found !== undefined) {
        used.add(found);
        return found;
      }
    }
    return undefined;
  };
  const looksLikeTo = (column: ColumnSeen): boolean => habits.to.some((pattern) => pattern.test(column.name));
  const changes = columns.some(looksLikeTo);
  const field = changes ? pick("field", isTable) : undefined;
  const to = field && pick("to");
  const from = field && pick("from");
  const isKey = (column: ColumnSeen): boolean => !isTime(column) && column.words === undefined;
  const key =
    pick("key", (column) => isKey(column) && column.repeats) ??
    pick("key", isKey) ??
    pick("key", (column) => !isTime(column));
  const times = columns.filter(isTime);
  // A key that stands in one row only: that row is the whole ticket.
  const moments = field === undefined && key !== undefined && !key.repeats ? momentsAmong(times) : [];
  for (const { column } of moments) used.add(column);
  // The only time that there is is the row's, whatever its name.
  const openedAt = moments.length === 0 && times.length > 1 ? pick("openedAt", isTime) : undefined;
  const rowTime = moments[0]?.column ?? pick("rowTime", isTime) ?? times.find((column) => column !== openedAt);
  if (rowTime !== undefined) used.add(rowTime);
  const judgement = pick("judgement", (column) => isTable(column) && (column.words?.size ?? 0) <= 4);
  // A state comes again, but in the smallest of files.
  const isStatus = (column: ColumnSeen): boolean =>
    isTable(column) && (column.repeats || !/number|no\.?$|id$/i.test(column.name));
  const subStatus = pick("subStatus", isTable);
  const status = field === undefined ? (pick("status", isStatus) ?? subStatus) : undefined;
  const priority = pick("priority", isTable);
  const type = pick("type", isTable);
  const channel = pick("channel", isTable);
  const group = pick("group");
  const person = pick("person");
  const email = pick("email");
  const requester = pick("requester");
  const organization = pick("organization", (column) => !isTime(column));
  const subject = pick("subject");
  const description = pick("description");
  const product = pick("product");
  const region = pick("region");
  return {
    field,
    from,
    to,
    key,
    rowTime,
    openedAt,
    judgement,
    moments,
    status,
    subStatus,
    priority,
    type,
    channel,
    group,
    person,
    email,
    requester,
    organization,
    subject,
    description,
    product,
    region,
    rest: columns.filter((column) => !used.has(column) && column.filled > 0),
  };
}

/** Two times at least that something happened at, by their names. */
function momentsAmong(times: readonly ColumnSeen[]): Moment[] {
  const found = times.flatMap((column): Moment[] => {
    const meaning = guessMoment(column.name);
    return meaning === undefined ? [] : [{ column, meaning }];
  });
  const order = (moment: Moment): number => ["new", "in_work", "resolved", "closed"].indexOf(moment.meaning);
  return found.length < 2 ? [] : found.toSorted((a, b) => order(a) - order(b));
}
