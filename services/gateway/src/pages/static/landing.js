import { showTicket } from "./ticket.js";
import { queueNames, roleNames } from "./words.js";

const texts = {
  ru: {
    other: "English",
    what: "Учёт заявок сервисного центра. Здесь пока только вход и описание интерфейса; рабочее место ещё не подключено.",
    name: "Имя входа",
    password: "Пароль",
    signIn: "Войти",
    signOut: "Выйти",
    docs: "Описание интерфейса",
    health: "Состояние",
    me: (account) => `Вы вошли: ${account.name} (${roleNames.ru[account.role] ?? account.role}).`,
    away: "Нет связи с сервером. Повторите позже.",
  },
  en: {
    other: "Русский",
    what: "Tickets of a service centre. So far this page only signs you in and leads to the description; the console is not attached yet.",
    name: "Login",
    password: "Password",
    signIn: "Sign in",
    signOut: "Sign out",
    docs: "Interface description",
    health: "Health",
    me: (account) => `You are signed in: ${account.name} (${roleNames.en[account.role] ?? account.role}).`,
    away: "The server cannot be reached. Try again later.",
  },
};
const byId = (id) => document.getElementById(id);
let language = (navigator.language ?? "ru").startsWith("ru") ? "ru" : "en";
let session = null;

function show() {
  const words = texts[language];
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = words[element.dataset.text];
  byId("language").textContent = words.other;
  byId("language").lang = language === "ru" ? "en" : "ru";
  byId("login").hidden = session !== null;
  byId("me").hidden = session === null;
  if (session) byId("who").textContent = words.me(session.account);
}

async function call(method, path, body) {
  try {
    const response = await fetch(path, {
      method,
      headers: {
        "accept-language": language,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(session?.csrfToken ? { "x-csrf-token": session.csrfToken } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = response.status === 204 ? null : await response.json();
    byId("message").textContent = response.ok || (response.status === 401 && method === "GET") ? "" : answer.title;
    return response.ok ? (answer ?? {}) : null;
  } catch {
    byId("message").textContent = texts[language].away;
    return null;
  }
}

async function showQueues() {
  const answer = await call("GET", "/api/v1/queues");
  byId("queues").replaceChildren(
    ...(answer?.counters ?? []).map(({ view, count, capped }) => {
      const item = document.createElement("li");
      item.textContent = `${queueNames[language][view] ?? view}: ${count}${capped ? "+" : ""}`;
      return item;
    }),
  );
}

/** A link in a mail leads to its ticket; every other address to the queues. */
async function showContent() {
  const number = /^\/tickets\/([A-Za-z0-9-]+)$/.exec(location.pathname)?.[1];
  byId("ticket").hidden = session === null || number === undefined;
  if (session === null) return;
  if (number === undefined) await showQueues();
  else await showTicket({ number, language, role: session.account.role, call });
}

async function enter(found) {
  session = found;
  show();
  await showContent();
}

byId("language").addEventListener("click", () => {
  language = language === "ru" ? "en" : "ru";
  show();
  void showContent();
});
async function signIn(form) {
  const found = await call("POST", "/api/v1/login", Object.fromEntries(new FormData(form)));
  if (found) await enter(found);
}
async function signOut() {
  if (await call("POST", "/api/v1/logout", {})) await enter(null);
}
byId("login").addEventListener("submit", (event) => {
  event.preventDefault();
  void signIn(event.target);
});
byId("logout").addEventListener("click", () => void signOut());
show();
await enter(await call("GET", "/api/v1/me"));
