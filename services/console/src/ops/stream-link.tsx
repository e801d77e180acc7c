import { Link } from "@tanstack/react-router";

/** To the stream's events in the browser of the store. */
export const StreamLink = ({ stream }: { readonly stream: string }): React.ReactNode => (
  <Link to="/ops/streams" search={{ stream } as never}>
    {stream}
  </Link>
);
