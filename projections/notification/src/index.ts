export { notification } from "./notification.ts";
