import { eventNames, statusNames } from "./words.js";

const texts = {
  ru: {
    status: "Статус",
    specialist: "Специалист",
    deadline: "Срок решения",
    closes: "Закроется сама",
    question: "Вопрос",
    solution: "Решение",
    workaround: "Обходное решение",
    answerLabel: "Ваш ответ",
    reasonLabel: "Причина возврата или отказа",
    answer: "Ответить",
    confirm: "Подтвердить результат",
    back: "Вернуть в работу",
    approve: "Согласовать",
    refuse: "Отказать",
    missing: "Заявка не найдена.",
  },
  en: {
    status: "Status",
    specialist: "Specialist",
    deadline: "Resolution due",
    closes: "Closes by itself",
    question: "Question",
    solution: "Solution",
    workaround: "Workaround",
    answerLabel: "Your answer",
    reasonLabel: "Reason to return or refuse",
    answer: "Answer",
    confirm: "Confirm the result",
    back: "Return to work",
    approve: "Approve",
    refuse: "Refuse",
    missing: "There is no such ticket.",
  },
};
const byId = (id) => document.getElementById(id);

/** What a person of the customer may do now: the label of the text field, and buttons with their command and body. */
function actionsOf(ticket, words) {
  const proposalId =
    ticket.details.proposal?.proposalId ??
    ticket.details.proposals?.findLast?.((proposal) => proposal.state === "proposed")?.proposalId;
  switch (ticket.status) {
    case "waiting_customer":
      return { label: words.answerLabel, buttons: [[words.answer, "answer-customer", (text) => ({ answer: text })]] };
    case "waiting_approval":
      return proposalId === undefined
        ? null
        : {
            label: words.reasonLabel,
            buttons: [
              [words.approve, "approve-change", () => ({ proposalId })],
              [words.refuse, "refuse-change", (text) => ({ proposalId, reason: text })],
            ],
          };
    case "result_confirmation":
      return {
        label: words.reasonLabel,
        buttons: [
          [words.confirm, "confirm", () => ({})],
          [words.back, "return-to-work", (text) => ({ reason: text })],
        ],
      };
    default:
      return null;
  }
}

/** Shows one ticket, not older than a log position: how it stands, what happened, and what its requester may do. */
export async function showTicket(page, position = "0") {
  const { number, language, role, call } = page;
  const words = texts[language];
  const address = `/api/v1/tickets/${number}`;
  const [ticket, timeline] = [
    await call("GET", `${address}?wait=${position}`),
    await call("GET", `${address}/timeline?limit=200`),
  ];
  if (ticket === null) {
    byId("ticket-title").textContent = words.missing;
    return;
  }
  const time = (instant) =>
    new Date(instant).toLocaleString(language === "ru" ? "ru-RU" : "en-GB", {
      dateStyle: "medium",
      timeStyle: "short",
    });
  byId("ticket-title").textContent = `${ticket.number}. ${ticket.subject}`;
  const facts = [
    [words.status, statusNames[language][ticket.status]],
    [words.specialist, ticket.details.engineerName],
    [words.deadline, ticket.closedAt === null && ticket.resolutionDeadline ? time(ticket.resolutionDeadline) : null],
    [words.question, ticket.details.question],
    [words.workaround, ticket.details.workaround],
    [words.solution, ticket.details.solution],
    [words.closes, ticket.autoCloseAt ? time(ticket.autoCloseAt) : null],
  ];
  byId("facts").replaceChildren(
    ...facts
      .filter(([, value]) => typeof value === "string" && value !== "")
      .flatMap(([name, value]) => [element("dt", name), element("dd", value)]),
  );
  byId("story").replaceChildren(
    ...(timeline?.items ?? [])
      .filter((event) => eventNames[language][event.type])
      .map((event) => {
        const item = element("li", "");
        const when = element("time", time(event.occurredAt));
        when.dateTime = event.occurredAt;
        item.append(when, ` ${eventNames[language][event.type]}`, event.actor.name ? `, ${event.actor.name}` : "");
        return item;
      }),
  );
  const actions = role === "requester" ? actionsOf(ticket, words) : null;
  byId("act").hidden = actions === null;
  if (actions === null) return;
  byId("words-label").textContent = actions.label;
  byId("buttons").replaceChildren(
    ...actions.buttons.map(([name, command, bodyOf]) => {
      const button = element("button", name);
      button.type = "button";
      button.addEventListener(
        "click",
        () => void act(page, `${address}/commands/${command}`, bodyOf(byId("words").value)),
      );
      return button;
    }),
  );
}

/** What was typed goes only when the command was taken. */
async function act(page, path, body) {
  const answer = await page.call("POST", path, body);
  if (answer === null) return;
  byId("words").value = "";
  await showTicket(page, answer.position);
}

function element(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
