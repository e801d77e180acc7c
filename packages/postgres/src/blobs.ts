import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type pg from "pg";

/** What is known of a stored file; its address is its content. */
export type Blob = { readonly sha256: string; readonly size: number; readonly mediaType: string };

const partSize = 1024 * 1024;

/**
 * Stores bytes under their SHA-256; storing the same again changes nothing (and keeps the first media type).
 * Takes a buffer or a stream of buffers; a stream is written part by part, never held whole. When the source fails, nothing is kept.
 */
export async function putBlob(
  pool: pg.Pool,
  source: Uint8Array | AsyncIterable<Uint8Array>,
  mediaType: string,
): Promise<Blob> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const blob =
      source instanceof Uint8Array
        ? await putWhole(client, source, mediaType)
        : await putStream(client, source, mediaType);
    await client.query("commit");
    client.release();
    return blob;
  } catch (error) {
    await client.query("rollback").then(
      () => client.release(),
      (broken: Error) => client.release(broken),
    );
    throw error;
  }
}

async function putWhole(client: pg.PoolClient, bytes: Uint8Array, mediaType: string): Promise<Blob> {
  const key = createHash("sha256").update(bytes).digest();
  if (await insertHead(client, key, bytes.length, mediaType))
    for (let part = 0; part * partSize < bytes.length; part++)
      await insertPart(client, key, part, bytes.subarray(part * partSize, (part + 1) * partSize));
  return { sha256: key.toString("hex"), size: bytes.length, mediaType };
}

/** The hash is known only at the end, so parts go in under a temporary table of the transaction first. */
async function putStream(client: pg.PoolClient, source: AsyncIterable<Uint8Array>, mediaType: string): Promise<Blob> {
  await client.query("create temporary table upload (part integer, bytes bytea) on commit drop");
  const hash = createHash("sha256");
  let size = 0;
  let part = 0;
  let held: Uint8Array[] = [];
  let heldSize = 0;
  const flush = async (): Promise<void> => {
    if (heldSize === 0) return;
    await client.query("insert into upload values ($1, $2)", [part++, Buffer.concat(held, heldSize)]);
    held = [];
    heldSize = 0;
  };
  for await (const chunk of source) {
    hash.update(chunk);
    size += chunk.length;
    held.push(chunk);
    heldSize += chunk.length;
    if (heldSize >= partSize) await flush();
  }
  await flush();
  const key = hash.digest();
  if (await insertHead(client, key, size, mediaType))
    await client.query("insert into files.blob_part select $1, part, bytes from upload", [key]);
  return { sha256: key.toString("hex"), size, mediaType };
}

async function insertHead(client: pg.PoolClient, key: Buffer, size: number, mediaType: string): Promise<boolean> {
  const inserted = await client.query(
    "insert into files.blob (sha256, size, media_type) values ($1, $2, $3) on conflict do nothing",
    [key, size, mediaType],
  );
  return inserted.rowCount === 1;
}

async function insertPart(client: pg.PoolClient, key: Buffer, part: number, bytes: Uint8Array): Promise<void> {
  await client.query("insert into files.blob_part (sha256, part, bytes) values ($1, $2, $3)", [
    key,
    part,
    Buffer.from(bytes),
  ]);
}

/** What is known of a file, or undefined. Takes the SHA-256 in hex. */
export async function findBlob(pool: pg.Pool, sha256: string): Promise<Blob | undefined> {
  const { rows } = await pool.query<{ size: string; media_type: string }>(
    "select size, media_type from files.blob where sha256 = $1",
    [Buffer.from(sha256, "hex")],
  );
  return rows[0] && { sha256, size: Number(rows[0].size), mediaType: rows[0].media_type };
}

/** The bytes as a stream, one part in memory at a time; an unknown address gives an empty stream (ask findBlob first). */
export function readBlob(pool: pg.Pool, sha256: string): Readable {
  const key = Buffer.from(sha256, "hex");
  async function* parts(): AsyncGenerator<Buffer> {
    for (let part = 0; ; part++) {
      const { rows } = await pool.query<{ bytes: Buffer }>(
        "select bytes from files.blob_part where sha256 = $1 and part = $2",
        [key, part],
      );
      if (!rows[0]) return;
      yield rows[0].bytes;
    }
  }
  return Readable.from(parts(), { objectMode: false });
}

/** The bytes at once, for small files; undefined when unknown. */
export async function getBlob(pool: pg.Pool, sha256: string): Promise<Buffer | undefined> {
  if (!(await findBlob(pool, sha256))) return undefined;
  const parts: Buffer[] = [];
  for await (const part of readBlob(pool, sha256)) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
