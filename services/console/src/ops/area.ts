import type { Area } from "../app/area.ts";

export const ops: Area = {
  id: "ops",
  rail: () => [],
  routes: () => [],
};
