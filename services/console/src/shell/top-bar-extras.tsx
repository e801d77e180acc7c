/** Small controls that areas put into the top bar. */
export const topBarExtras: readonly React.FunctionComponent[] = [];
