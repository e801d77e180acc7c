import type { AnyCommand } from "../src/index.ts";
import { uuidOf, type SendOptions, type TestDesk } from "./desk.ts";
import { contract, moscow, on, people, policy, registration, serviceCentre, ticketId } from "./service-centre.ts";

const { olga, ivan, elena, maria, boss, anna } = people;
const file = { sha256: "a".repeat(64), name: "снимок экрана.png", size: 48_213, mediaType: "image/png" };
const later = (desk: TestDesk, minutes: number) => (desk.now += minutes * 60_000);
const another = (n: number, commands: readonly [AnyCommand, SendOptions][], desk: TestDesk) => {
  const id = uuidOf(n, 0x71);
  const renamed = (command: AnyCommand): AnyCommand =>
    ({
      ...command,
      data: {
        ...command.data,
        ticketId: id,
        ...(command.type === "RegisterTicket" ? { number: `SC-00000${n}`, contactId: null } : {}),
      },
    }) as AnyCommand;
  for (const [command, options] of commands) {
    desk.ok(renamed(command), options);
    later(desk, 1);
  }
};

/** A history in which every event of the catalogue happens at least once, by the front door alone. */
export function wholeLife(): TestDesk {
  const desk = serviceCentre("2024-04-22T06:00:00.000Z");
  administration(desk);
  contacts(desk);
  change(desk);
  missed(desk);
  const open: [AnyCommand, SendOptions][] = [
    [registration(), { as: olga }],
    [on.classify(), { as: olga }],
  ];
  another(3, [...open, [on.withdraw(), { as: anna }]], desk);
  another(4, [...open, [on.duplicate(), { as: olga }]], desk);
  another(
    5,
    [
      ...open,
      [on.assign(), { as: olga }],
      [on.accept(), { as: ivan }],
      [on.resolve(), { as: ivan }],
      [on.confirm(), { as: anna }],
    ],
    desk,
  );
  desk.ok(
    { type: "RateTicket", data: { ticketId: uuidOf(5, 0x71), score: 5, comment: "Быстро, спасибо" } },
    { as: anna },
  );
  imported(desk);
  return desk;
}

/** A customer's history from another system, and what becomes of the people and groups it names. */
function imported(desk: TestDesk): void {
  const provenance = { source: "old-desk", file: "b".repeat(64), row: 2, importedAt: "2024-05-10T06:00:00.000Z" };
  const as = { channel: "import", provenance } as const;
  const source = "old-desk";
  const person = {
    personId: "old-anna",
    name: "Анна Прежняя",
    emails: ["anna@old.example"],
    phones: ["+7 495 000-00-00"],
  };
  desk.ok(
    {
      type: "ImportOrganization",
      data: { organizationId: "old-customer", name: "АО «Прежний»", language: "ru", zone: "Europe/Moscow", source },
    },
    as,
  );
  desk.ok({ type: "ImportPeople", data: { organizationId: "old-customer", people: [person], source } }, as);
  desk.ok(
    {
      type: "ImportStaff",
      data: {
        staffId: "old-ivan",
        name: "Иван Прежний",
        email: "old-ivan@imported.invalid",
        role: "engineer",
        skills: [],
        language: "ru",
        source,
      },
    },
    as,
  );
  desk.ok(
    {
      type: "ImportGroup",
      data: {
        groupId: "old-net",
        name: "Сети (прежние)",
        line: 2,
        kind: "competence_centre",
        memberIds: ["old-ivan"],
        source,
      },
    },
    as,
  );
  desk.ok({ type: "ActivateOrganization", data: { organizationId: "old-customer" } }, { as: boss });
  desk.ok({ type: "ActivateGroup", data: { groupId: "old-net" } }, { as: boss });
  const told: [AnyCommand, SendOptions][] = [
    [registration(), as],
    [on.classify(), as],
    [on.assign("old-net", "old-ivan"), as],
    [on.accept(), as],
    [on.resolve(), as],
    [on.recordSource(), as],
    [{ type: "RecordAutoClose", data: { ticketId } }, as],
  ];
  another(6, told, desk);
}

function administration(desk: TestDesk): void {
  const as = { as: boss };
  desk.ok(
    {
      type: "ChangeOrganization",
      data: {
        organizationId: "lopuh",
        name: "АО «Лопух»",
        aliases: ["Lopuh"],
        language: "en",
        zone: "Asia/Omsk",
        region: "Омск",
      },
    },
    as,
  );
  desk.ok(
    {
      type: "ChangePerson",
      data: {
        organizationId: "lopuh",
        person: {
          personId: "stranger",
          name: "Leo Lopuh",
          emails: ["leo@lopuh.example"],
          phones: ["+7 3812 55-66-77"],
        },
      },
    },
    as,
  );
  desk.ok({ type: "RemovePerson", data: { organizationId: "romashka", personId: "vera" } }, as);
  desk.ok(
    {
      type: "ChangeContractPolicy",
      data: {
        contractId: "c-1",
        policy: { ...policy, closeScheduledWorkOnResolution: true },
        policyEffectiveFrom: "2024-05-01T00:00:00.000Z",
      },
    },
    as,
  );
  const { number: _n, organizationId: _o, ...terms } = contract;
  desk.ok({ type: "ChangeContractTerms", data: { ...terms, validTo: "2027-12-31" } }, as);
  desk.ok(
    {
      type: "SignContract",
      data: {
        ...contract,
        contractId: "c-2",
        number: "СЦ-2024/18",
        supportKeys: [],
        policy,
        policyEffectiveFrom: "2024-01-01T00:00:00.000Z",
      },
    },
    as,
  );
  desk.ok(
    { type: "TerminateContract", data: { contractId: "c-2", lastDay: "2024-06-30", reason: "Объединён с СЦ-2024/17" } },
    as,
  );
  const revised = structuredClone(moscow) as unknown as Extract<
    AnyCommand,
    { type: "ReviseCalendar" }
  >["data"]["calendar"];
  desk.ok(
    {
      type: "ReviseCalendar",
      data: {
        calendarId: "msk",
        calendar: {
          ...revised,
          shortened: [{ date: "2024-05-08", minutes: 60 }],
          reasons: [{ date: "2024-05-08", reason: "Канун праздника" }],
        },
        effectiveFrom: "2024-05-01T00:00:00.000Z",
      },
    },
    as,
  );
  desk.ok(
    {
      type: "ChangeStaff",
      data: {
        staffId: "petr",
        name: "Пётр Петров",
        email: "petr@sc.example",
        role: "engineer",
        skills: ["vpn", "soc", "dlp"],
        language: "ru",
      },
    },
    as,
  );
  desk.ok({ type: "ChangeStaffAvailability", data: { staffId: "petr", available: false, reason: "Отпуск" } }, as);
  desk.ok({ type: "DeactivateStaff", data: { staffId: "petr", reason: null } }, as);
  desk.ok({ type: "ReactivateStaff", data: { staffId: "petr" } }, as);
  desk.ok(
    { type: "ChangeGroup", data: { groupId: "net", name: "Сетевая безопасность", line: 2, kind: "competence_centre" } },
    as,
  );
  desk.ok({ type: "ChangeGroupMembers", data: { groupId: "l1", add: ["petr"], remove: [] } }, as);
  desk.ok({ type: "ReserveTicketNumbers", data: { count: 100 } });
  desk.ok(
    {
      type: "DefinePlan",
      data: {
        planId: "p-1",
        contractId: "c-1",
        rrule: "FREQ=MONTHLY;BYDAY=1MO",
        start: "2024-04-01T10:00",
        zone: "Europe/Moscow",
        subject: "Ежемесячная профилактика",
        description: "По приложению 3 договора",
        product: "Континент",
        requesterPersonId: "anna",
      },
    },
    as,
  );
  desk.ok({
    type: "RecordPlanOccurrence",
    data: { planId: "p-1", at: "2024-05-06T07:00:00.000Z", ticketId: uuidOf(8, 0x71) },
  });
  const letter = { letterKind: "registered", language: "ru" } as const;
  desk.ok(
    {
      type: "ChangeLetterText",
      data: {
        ...letter,
        subject: "[{{number}}] Мы получили ваше обращение: {{subject}}",
        text: "{{name}}, ваше обращение зарегистрировано под номером {{number}}.",
        after: "Ответ на это письмо попадёт в заявку.",
        effectiveFrom: null,
      },
    },
    as,
  );
  later(desk, 1);
  desk.ok({ type: "ResetLetterText", data: { ...letter, effectiveFrom: null } }, as);
  const frame = { audience: "requester", language: "ru" } as const;
  desk.ok(
    {
      type: "ChangeLetterFrame",
      data: {
        ...frame,
        greeting: "Добрый день, {{name}}!",
        button: "К заявке",
        signature: "Служба поддержки\n+7 495 000-00-00",
        labels: { specialist: "Ваш инженер" },
        effectiveFrom: null,
      },
    },
    as,
  );
  later(desk, 1);
  desk.ok({ type: "ResetLetterFrame", data: { ...frame, effectiveFrom: null } }, as);
  desk.ok({ type: "StopPlan", data: { planId: "p-1", reason: "Договор объединён" } }, as);
}

export function received(
  n: number,
  data: Partial<Extract<AnyCommand, { type: "ReceiveContact" }>["data"]> = {},
): AnyCommand {
  return {
    type: "ReceiveContact",
    data: {
      contactId: uuidOf(n, 0xc1),
      channel: "email",
      receivedAt: "2024-04-22T05:59:00.000Z",
      subject: "Не работает VPN",
      text: "Ключ KEY-0017-AA. С утра не поднимается туннель.",
      claims: {
        organization: "Ромашка",
        supportKey: "KEY-0017-AA",
        contractNumber: null,
        personName: "Анна Заказчикова",
        email: "anna@romashka.example",
        otherEmail: null,
        phone: null,
      },
      wish: { type: null, priority: null },
      product: null,
      productVersion: null,
      stepsToReproduce: null,
      region: null,
      attachments: [file],
      raw: { sha256: "b".repeat(64), size: 70_112, mediaType: "message/rfc822" },
      mail: {
        messageId: "<1@romashka.example>",
        inReplyTo: [],
        from: "anna@romashka.example",
        to: ["support@sc.example"],
        sentAt: "2024-04-22T05:58:50.000Z",
        automatic: false,
      },
      aboutTicketId: null,
      authenticatedPersonId: null,
      ...data,
    },
  };
}

function contacts(desk: TestDesk): void {
  const triage = (n: number): AnyCommand => ({ type: "TriageContact", data: { contactId: uuidOf(n, 0xc1) } });
  desk.ok(received(1));
  desk.ok(triage(1));
  desk.ok({
    type: "RecordContactRegistered",
    data: { contactId: uuidOf(1, 0xc1), ticketId, ticketNumber: "SC-000001", afterTicketId: null },
  });
  const unknown = {
    organization: null,
    supportKey: null,
    contractNumber: null,
    personName: null,
    email: "who@else.example",
    otherEmail: null,
    phone: null,
  };
  desk.ok(received(11, { claims: unknown }));
  desk.ok(triage(11));
  desk.ok({ type: "RejectContact", data: { contactId: uuidOf(11, 0xc1), reason: "Не наш заказчик" } }, { as: olga });
  desk.ok(received(12, { aboutTicketId: ticketId }));
  desk.ok(triage(12));
  desk.ok({ type: "RecordContactJoined", data: { contactId: uuidOf(12, 0xc1), ticketId } });
}

/** A version update from the proposal to the installed update; under the requester's eyes. */
function change(desk: TestDesk): void {
  desk.ok(registration({ attachments: [file] }), { as: olga });
  later(desk, 2);
  desk.ok(on.classify({ type: "change", priority: "medium" }), { as: olga });
  desk.ok(on.classify({ type: "incident", priority: "high", reason: "По словам заказчика, связи нет совсем" }), {
    as: olga,
  });
  desk.ok(on.assign(null, null), { as: olga });
  later(desk, 5);
  desk.ok(on.accept(), { as: ivan });
  desk.ok(on.comment("internal"), { as: ivan });
  desk.ok(on.ask(), { as: ivan });
  later(desk, 20);
  desk.ok(on.answer(), { as: anna });
  desk.ok(
    {
      type: "LogCall",
      data: {
        ticketId,
        direction: "outgoing",
        with: "Анна Заказчикова",
        summary: "Договорились о времени",
        seconds: 180,
      },
    },
    { as: ivan },
  );
  desk.ok({ type: "AddAttachment", data: { ticketId, attachment: file } }, { as: anna });
  desk.ok({ type: "LinkTicket", data: { ticketId, toTicketId: uuidOf(2, 0x71), kind: "related" } }, { as: ivan });
  desk.ok(on.propose(), { as: ivan });
  desk.ok(on.refuse(), { as: anna });
  const proposalId = uuidOf(2, 0xb0);
  desk.ok(
    on.propose({
      proposalId,
      kind: "version_update",
      product: "Континент",
      productVersion: "4.2",
      needsDowntime: true,
    }),
    { as: ivan },
  );
  desk.ok(on.approve(proposalId), { as: anna });
  desk.ok(on.downtime({ proposalId }), { as: ivan });
  desk.ok(on.start(proposalId), { as: ivan });
  desk.ok(on.installed({ proposalId }), { as: ivan });
  desk.ok(on.message(13), { as: olga });
  desk.ok(on.handOver(), { as: ivan });
  later(desk, 10);
  desk.ok(on.accept(), { as: elena });
  desk.ok(on.workaround(), { as: elena });
  desk.ok(on.resolve(), { as: elena });
  later(desk, 60);
  desk.ok(on.giveBack(), { as: anna });
  desk.ok(on.resolve(), { as: elena });
}

/** A ticket that nobody hurries with: warned, missed, escalated, extended, closed by time. */
function missed(desk: TestDesk): void {
  const second = uuidOf(2, 0x71);
  const renamed = (command: AnyCommand): AnyCommand =>
    ({ ...command, data: { ...command.data, ticketId: second } }) as AnyCommand;
  desk.ok(
    { ...registration({ ticketId: second, number: "SC-000002", receivedAt: new Date(desk.now).toISOString() }) },
    { as: olga },
  );
  desk.ok(renamed(on.classify()), { as: olga });
  desk.ok(renamed(on.assign()), { as: olga });
  desk.ok(renamed(on.accept()), { as: ivan });
  desk.advanceTo(new Date(desk.now + 9 * 3_600_000).toISOString());
  desk.advanceTo("2024-04-23T12:00:00.000Z");
  desk.ok(renamed(on.extend("2024-04-25T12:00:00.000Z", "2024-04-23T11:30:00.000Z")), { as: maria });
  desk.ok(renamed(on.escalate()), { as: anna });
  const escalationId = uuidOf(1, 0xe5);
  desk.ok(
    { type: "StudyEscalation", data: { ticketId: second, escalationId, findings: "Ждали ответа производителя" } },
    { as: maria },
  );
  desk.ok(
    { type: "DecideEscalationActions", data: { ticketId: second, escalationId, actions: "Подключить эксперта" } },
    { as: maria },
  );
  desk.ok(
    { type: "CompleteEscalationActions", data: { ticketId: second, escalationId, outcome: "Эксперт подключён" } },
    { as: elena },
  );
  desk.ok({ type: "ReleaseEscalation", data: { ticketId: second, escalationId, reason: null } }, { as: maria });
  desk.ok(renamed(on.accept()), { as: elena });
  desk.ok(renamed(on.resolve()), { as: elena });
  const revised = structuredClone(moscow) as unknown as Extract<
    AnyCommand,
    { type: "ReviseCalendar" }
  >["data"]["calendar"];
  const nonWorkingDates = [...moscow.nonWorkingDates, "2024-05-02"];
  desk.ok(
    {
      type: "ReviseCalendar",
      data: { calendarId: "msk", calendar: { ...revised, nonWorkingDates }, effectiveFrom: "2024-05-01T12:00:00.000Z" },
    },
    { as: boss },
  );
  desk.ok({ type: "RecomputeClocks", data: { ticketId: second, because: "calendar" } });
  desk.advanceTo("2024-05-09T00:00:00.000Z");
}
