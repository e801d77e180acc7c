/** What a word of another system may mean here; to be checked by whoever knows it. */

export function guessState(text: string): string {
  if (/auto.?clos/i.test(text)) return "auto_closed";
  if (/reject|cancel|withdraw|spam|duplicat|отклон|отмен|отозв/i.test(text)) return "withdrawn";
  if (/clos|done|archiv|закры|заверш/i.test(text)) return "closed";
  if (/resol|solved|fixed|complete|решен|выполн/i.test(text)) return "resolved";
  if (/approv|согласов/i.test(text)) return "waiting_approval";
  if (
    /(wait|await|pending|hold|ожид).*(user|custom|caller|request|report|client|info|заказч|клиент|инициат)/i.test(text)
  )
    return "waiting_customer";
  if (/reopen|переоткр/i.test(text)) return "in_work";
  if (/new|open|registered|submitted|created|queued|logged|unassigned|нов|открыт|зарегистр/i.test(text)) return "new";
  if (/wait|await|pending|hold|suspend|ожид|приостан/i.test(text))
    return "in_work # or waiting_customer: for whom does it wait?";
  return "in_work";
}

export function guessPriority(text: string): string {
  if (/^[01]\b|^p[01]\b|block|crit|high|urgent|major|высок|крит|сроч/i.test(text)) return "high";
  if (/^[4-9]\b|^p[4-9]\b|low|minor|trivial|planning|низк/i.test(text)) return "low";
  return /^2\b|^p2\b/i.test(text) ? "high" : "medium";
}

export function guessType(text: string): string {
  if (/change|enhance|измен/i.test(text)) return "change";
  if (/question|request|consult|how|info|вопрос|консульт|запрос/i.test(text)) return "consultation";
  return /maint|schedul|planned|регламент/i.test(text) ? "scheduled_work" : "incident";
}

export function guessChannel(text: string): string {
  if (/mail|почт/i.test(text)) return "email";
  if (/phone|call|ivr|тел/i.test(text)) return "phone";
  if (/web|portal|self|портал|сайт/i.test(text)) return "portal";
  if (/chat|messenger|чат/i.test(text)) return "chat";
  return /monitor|alert|event/i.test(text) ? "monitoring" : "import";
}

export function guessField(text: string): string {
  if (/status|state|статус|состоян/i.test(text)) return "status";
  if (/prio|приор/i.test(text)) return "priority";
  if (/type|тип/i.test(text)) return "type";
  if (/assign|owner|исполн/i.test(text)) return "person";
  if (/team|group|queue|групп|очередь/i.test(text)) return "group";
  return /product|component|продукт/i.test(text) ? "product" : "product # take this line out, if it is none of ours";
}
