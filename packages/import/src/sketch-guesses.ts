import type { Meaning } from "./mapping-schema.ts";

/** What a word of another system may mean here; to be checked by whoever knows it. */

/** What a state may mean; `words` are all states of the file. */
export function guessState(text: string, words: Iterable<string>): string {
  // Where there is a state before it, "open" is being worked on.
  if (/^open$/i.test(text) && [...words].some((other) => /^new$/i.test(other)))
    return 'in_work # there is a "new" beside it';
  // Of two columns put together the second one says more.
  const [, narrow] = /^.+ \/ (.+)$/.exec(text) ?? [];
  return (narrow === undefined ? undefined : stateNamed(narrow)) ?? stateNamed(text) ?? "in_work # a guess";
}

function stateNamed(text: string): string | undefined {
  if (/auto.?clos/i.test(text)) return "auto_closed";
  if (/quality indicator|caused by|status change/i.test(text)) return "ignore # if it is no state";
  if (/reject|cancel|withdraw|spam|duplicat|invalid|merged|removed|отклон|отмен|отозв|дубл|storn|abgelehnt/i.test(text))
    return "withdrawn";
  if (/clos|done|archiv|закры|заверш|geschlossen|abgeschlossen/i.test(text)) return "closed";
  if (/resol|solved|fixed|complete|решен|выполн|gelöst|erledigt|behoben/i.test(text)) return "resolved";
  if (/approv|согласов|genehmig|freigabe/i.test(text)) return "waiting_approval";
  if (
    /(wait|await|pending|hold|ожид|wart|rückfrage).*(user|custom|caller|request|report|client|info|заказч|клиент|инициат|пользов|заявит|kund|melder|anwender)/i.test(
      text,
    )
  )
    return "waiting_customer";
  if (/reopen|re-open|переоткр|wieder.?(er)?öffnet/i.test(text)) return "in_work";
  if (/progress|in work|working|active|take in charge|в работе|bearbeitung/i.test(text)) return "in_work";
  // What happened to a ticket without moving it.
  if (/update|comment|note|mail|attach|description|survey|communicat|analysis|reassign/i.test(text))
    return "ignore # if it is no state";
  if (
    /new|open|registered|submitted|create|queued|logged|assign|неразобр|нов|открыт|зарегистр|назнач|neu|offen|erfasst/i.test(
      text,
    )
  )
    return "new";
  if (/wait|await|pending|hold|suspend|ожид|приостан|отлож|wart|zurückgestellt/i.test(text))
    return "in_work # or waiting_customer: for whom does it wait?";
  return undefined;
}

export function guessPriority(text: string, words: Iterable<string>): string {
  if (/^major$/i.test(text) && [...words].some((other) => /crit|block/i.test(other))) return "medium";
  if (/block|crit|high|urgent|major|высок|крит|сроч|hoch|dringend|krit/i.test(text)) return "high";
  if (/low|minor|trivial|planning|низк|niedrig|gering/i.test(text)) return "low";
  if (/normal|medium|moderate|middle|средн|обычн|mittel/i.test(text)) return "medium";
  if (/^[012]\b|^p[012]\b/i.test(text)) return "high";
  return /^[4-9]\b|^p[4-9]\b/i.test(text) ? "low" : "medium";
}

export function guessType(text: string): string {
  if (/change|enhance|измен|änderung/i.test(text)) return "change";
  if (/question|request|consult|how|info|вопрос|консульт|запрос|anfrage|frage/i.test(text)) return "consultation";
  return /maint|schedul|planned|регламент|wartung/i.test(text) ? "scheduled_work" : "incident";
}

export function guessChannel(text: string): string {
  if (/mail|почт/i.test(text)) return "email";
  if (/phone|call|ivr|тел/i.test(text)) return "phone";
  if (/web|portal|self|портал|сайт/i.test(text)) return "portal";
  if (/chat|messenger|чат/i.test(text)) return "chat";
  return /monitor|alert|event/i.test(text) ? "monitoring" : "import";
}

/** Which field of ours a change log's field is; undefined when it is none. */
export function guessField(text: string): string | undefined {
  if (/status|state|статус|состоян|zustand/i.test(text)) return "status";
  if (/prio|severity|приор/i.test(text)) return "priority";
  if (/type|тип/i.test(text)) return "type";
  if (/team|group|queue|групп|очередь|gruppe/i.test(text)) return "group";
  if (/assign|owner|исполн|bearbeiter/i.test(text)) return "person";
  return /product|component|продукт/i.test(text) ? "product" : undefined;
}

/** Forms of groups' names that tell the line of support, with the line. */
const lineForms: readonly (readonly [test: RegExp, pattern: string, line: 1 | 2 | 3])[] = [
  [/3rd/, "*3rd*", 3],
  [/2nd/, "*2nd*", 2],
  [/1st/, "*1st*", 1],
  [/L3/, "*L3*", 3],
  [/L2/, "*L2*", 2],
  [/L1/, "*L1*", 1],
  [/3[ -]?(я )?лини/, "*3*лини*", 3],
  [/2[ -]?(я )?лини/, "*2*лини*", 2],
  [/1[ -]?(я )?лини/, "*1*лини*", 1],
  [/service ?desk|help ?desk/i, "*esk*", 1],
];

/** Groups that tell their line by their names, as patterns of a table. */
export function guessLines(groups: readonly string[]): { readonly pattern: string; readonly line: 1 | 2 | 3 }[] {
  return lineForms.flatMap(([test, pattern, line]) =>
    groups.some((name) => test.test(name)) ? [{ pattern, line }] : [],
  );
}

const momentForms: readonly (readonly [test: RegExp, meaning: Meaning])[] = [
  [/due|deadline|target|planned|срок|план|fällig|updat|modif|chang|изменен/i, "ignore"],
  [/closed|closing|закры|geschlossen/i, "closed"],
  [/resol|solved|fixed|решен|выполн|gelöst/i, "resolved"],
  [/open|creat|report|submit|regist|logged|arriv|received|создан|открыт|регистр|erstellt|eröffnet|angelegt/i, "new"],
  [/work|respon|respond|start|accept|ack|progress|принят|взят|начал|begonnen/i, "in_work"],
];

/** What happened at the time that a column of a ticket's list holds, by its name; undefined for what moved nothing. */
export function guessMoment(column: string): Meaning | undefined {
  const found = momentForms.find(([test]) => test.test(column))?.[1];
  return found === "ignore" ? undefined : found;
}
