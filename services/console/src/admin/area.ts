import type { Area } from "../app/area.ts";

export const admin: Area = {
  id: "admin",
  rail: () => [],
  routes: () => [],
};
