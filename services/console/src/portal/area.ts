import type { Area } from "../app/area.ts";

export const portal: Area = {
  id: "portal",
  rail: () => [],
  routes: () => [],
};
