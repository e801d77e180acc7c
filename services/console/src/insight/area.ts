import type { Area } from "../app/area.ts";

export const insight: Area = {
  id: "insight",
  rail: () => [],
  routes: () => [],
};
