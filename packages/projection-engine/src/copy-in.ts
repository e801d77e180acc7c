import pg from "pg";

const copyData = 0x64;
const copyDone = Buffer.from([0x63, 0, 0, 0, 4]);

/**
 * `COPY ... FROM STDIN` with all its rows at hand. The rows go out right behind the statement, without waiting until the server asks
 * for them: should it refuse the statement, it passes over them (that is the protocol's rule). So a COPY costs no round trip of its
 * own and may stand in a pipeline, which the streams of pg-copy-streams may not.
 */
class CopyIn extends pg.Query {
  override submit: (connection: pg.Connection) => void;

  constructor(text: string, bytes: Buffer, done: (error: Error | undefined) => void) {
    super(text, undefined, done);
    this.submit = (connection) => {
      const head = Buffer.allocUnsafe(5);
      head[0] = copyData;
      head.writeUInt32BE(bytes.length + 4, 1);
      connection.query(text);
      const { stream } = connection;
      stream.write(head);
      stream.write(bytes);
      stream.write(copyDone);
    };
  }

  /** The server is ready for rows: they are on their way. (A common query gives up here.) */
  handleCopyInResponse(): void {}
}

/** Sends one encoded run of rows; they must not change until this resolves. */
export function copyIn(client: pg.Client, text: string, bytes: Buffer): Promise<void> {
  return new Promise((done, fail) => {
    client.query(new CopyIn(text, bytes, (error) => (error ? fail(error) : done())));
  });
}
