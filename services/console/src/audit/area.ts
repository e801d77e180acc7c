import type { Area } from "../app/area.ts";

export const audit: Area = {
  id: "audit",
  rail: () => [],
  routes: () => [],
};
