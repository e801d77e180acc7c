/** The customers who ask, and what proves that they may. */
export const people = {
  ivanov: {
    name: "Пётр Иванов",
    email: "ivanov@severny.example",
    organizationId: "severny",
    contractId: "severny-2024",
    key: "SEV-7Q2K",
    company: "ООО «Северный ветер»",
  },
  petrova: {
    name: "Светлана Петрова",
    email: "petrova@severny.example",
    organizationId: "severny",
    contractId: "severny-2024",
    key: "SEV-7Q2K",
    company: "ООО «Северный ветер»",
  },
  kuznetsov: {
    name: "Андрей Кузнецов",
    email: "kuznetsov@ural.example",
    organizationId: "ural",
    contractId: "ural-2024",
    key: "URL-11XY",
    company: "АО «Уральские сети»",
  },
  miller: {
    name: "Anna Miller",
    email: "miller@baltic.example",
    organizationId: "baltic",
    contractId: "baltic-2024",
    key: "BAL-555Z",
    company: "Baltic Freight",
  },
} as const;
