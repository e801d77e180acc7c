/** The checkpoint of all live read models, and the name of the lead over them. */
export const projectorName = "projector";
