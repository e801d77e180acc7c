// Apart from the first load: nothing is announced before there is something to see.
export { Notifications } from "@mantine/notifications";
