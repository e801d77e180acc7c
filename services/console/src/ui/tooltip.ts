/** Loads by itself, when the first tip is shown. */
export { Tooltip } from "@mantine/core";
