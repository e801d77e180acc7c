/** What the simulated customers write about. */

export interface Customer {
  readonly personId: string;
  readonly name: string;
  readonly email: string;
  readonly company: string;
  readonly organizationId: string;
  readonly contractId: string;
  readonly key: string;
  readonly language: "ru" | "en";
}

export const customers: readonly Customer[] = [
  {
    personId: "ivanov",
    name: "Пётр Иванов",
    email: "ivanov@severny.example",
    company: "ООО «Северный ветер»",
    organizationId: "severny",
    contractId: "severny-2024",
    key: "SEV-7Q2K",
    language: "ru",
  },
  {
    personId: "petrova",
    name: "Светлана Петрова",
    email: "petrova@severny.example",
    company: "ООО «Северный ветер»",
    organizationId: "severny",
    contractId: "severny-2024",
    key: "SEV-7Q2K",
    language: "ru",
  },
  {
    personId: "kuznetsov",
    name: "Андрей Кузнецов",
    email: "kuznetsov@ural.example",
    company: "АО «Уральские сети»",
    organizationId: "ural",
    contractId: "ural-2024",
    key: "URL-11XY",
    language: "ru",
  },
  {
    personId: "miller",
    name: "Anna Miller",
    email: "miller@baltic.example",
    company: "Baltic Freight",
    organizationId: "baltic",
    contractId: "baltic-2024",
    key: "BAL-555Z",
    language: "en",
  },
];

export interface Trouble {
  readonly subject: string;
  readonly text: string;
  readonly type: "incident" | "consultation";
  readonly priority: "high" | "medium" | "low";
  readonly product: string;
  readonly question: string;
  readonly answer: string;
  readonly solution: string;
}

const trouble = (
  type: Trouble["type"],
  priority: Trouble["priority"],
  product: string,
  [subject, text]: readonly [string, string],
  [question, answer]: readonly [string, string],
  solution: string,
): Trouble => ({ type, priority, product, subject, text, question, answer, solution });

const gate = "Perimeter Gate";
const guard = "Endpoint Guard";

/** By language; a place is added to the subject, so that they differ. */
export const troubles: Readonly<Record<Customer["language"], readonly Trouble[]>> = {
  ru: [
    trouble(
      "incident",
      "high",
      gate,
      ["Пропала связь с филиалом", "Туннель до филиала не поднимается с утра, касса не пробивает чеки."],
      [
        "Что показывает индикатор канала на оборудовании филиала?",
        "Индикатор мигает жёлтым, провайдер говорит, что у них всё в порядке.",
      ],
      "Заменён ключ туннеля, срок которого истёк ночью. Связь восстановлена, проверено вместе с филиалом.",
    ),
    trouble(
      "incident",
      "medium",
      gate,
      ["Медленно открываются сайты", "Страницы грузятся по полминуты, особенно после обеда."],
      ["На всех рабочих местах или на некоторых?", "На всех, кто сидит через общий шлюз."],
      "Проверка трафика шла в один поток; включены все ядра, нагрузка упала вчетверо.",
    ),
    trouble(
      "incident",
      "medium",
      guard,
      ["Антивирус ругается на бухгалтерскую программу", "После обновления программа попадает в карантин."],
      ["Пришлите, пожалуйста, имя файла из карантина.", "Файл bank-client.exe, версия от вчерашнего дня."],
      "Файл проверен и внесён в список разрешённых, карантин очищен.",
    ),
    trouble(
      "incident",
      "low",
      guard,
      ["Не обновляются базы на складе", "Три компьютера на складе показывают базы недельной давности."],
      ["Есть ли на них доступ к серверу обновлений?", "Доступ есть, но после перезагрузки пропадает."],
      "Исправлен адрес сервера обновлений в настройках группы, базы обновились.",
    ),
    trouble(
      "consultation",
      "low",
      gate,
      ["Как выгрузить журнал соединений", "Проверяющие просят журнал за квартал, где его взять?"],
      ["За какие даты и в каком виде нужен журнал?", "За прошлый квартал, подойдёт таблица."],
      "Описали порядок выгрузки и приложили готовый запрос за квартал.",
    ),
    trouble(
      "incident",
      "high",
      gate,
      ["Не работает удалённый доступ", "Сотрудники из дома не могут войти, сообщение о неверном сертификате."],
      ["У всех или у части сотрудников?", "У всех, кто входил сегодня."],
      "Продлён сертификат точки входа, доступ проверен с трёх рабочих мест.",
    ),
    trouble(
      "consultation",
      "low",
      guard,
      ["Сколько лицензий осталось", "Принимаем новых сотрудников, хватит ли лицензий?"],
      ["Сколько рабочих мест добавится?", "Двенадцать до конца месяца."],
      "Осталось 40 лицензий, до конца месяца хватит; приложили отчёт.",
    ),
  ],
  en: [
    trouble(
      "incident",
      "high",
      gate,
      ["Warehouse is offline", "The tunnel to the warehouse is down, scanners do not work."],
      ["Was anything changed on your side since yesterday?", "The provider replaced a cable this morning."],
      "The link came up with another address after the cable was replaced; the tunnel follows it now.",
    ),
    trouble(
      "incident",
      "medium",
      gate,
      ["Large uploads are cut off", "Files over 2 GB break at about 70 percent."],
      ["Does it happen at any time of the day?", "Yes, also at night."],
      "The limit for one connection was 10 minutes; it is an hour for file transfer now.",
    ),
    trouble(
      "incident",
      "low",
      guard,
      ["Alerts arrive twice", "Every alert mail comes two times since Friday."],
      ["Do both copies have the same time in their text?", "Yes, to the second."],
      "An old alert rule was still active beside the new one and has been removed.",
    ),
    trouble(
      "consultation",
      "low",
      guard,
      ["How do we exclude a folder", "Our build folder is scanned all the time, builds are slow."],
      ["Which path is it, and on how many machines?", "D:\\\\build on six machines."],
      "We described how to exclude a folder for a group, and what to watch out for.",
    ),
    trouble(
      "incident",
      "medium",
      gate,
      ["Dashboard shows no data", "Charts are empty for the last two hours."],
      ["Can you still open the log of events?", "Yes, the log looks fine."],
      "The collector had run out of disk space; old data were moved and the charts are back.",
    ),
  ],
};

export const places: Readonly<Record<Customer["language"], readonly string[]>> = {
  ru: ["Тверь", "Казань", "Пермь", "Омск", "Тула", "Самара", "офис на Лесной", "склад № 2", "касса № 4", "Ижевск"],
  en: ["Riga", "Tallinn", "dock 4", "gate B", "Klaipeda", "building 2", "night shift", "terminal 1"],
};

/** A sender whom nobody knows: his mail waits for an operator. */
export const strangers: readonly { readonly email: string; readonly subject: string; readonly text: string }[] = [
  {
    email: "new.colleague@severny.example",
    subject: "Нет доступа к отчётам",
    text: "Я недавно работаю, ключа не знаю.",
  },
  { email: "it@partner.example", subject: "Question about an integration", text: "Do you offer an API for partners?" },
  { email: "sales@offers.example", subject: "Выгодное предложение", text: "Только на этой неделе." },
];

/** The trouble that a ticket of the simulation is about; undefined for a ticket that people made. */
export const troubleOf = (subject: string): Trouble | undefined =>
  [...troubles.ru, ...troubles.en].find((one) => subject.startsWith(`${one.subject}: `));
