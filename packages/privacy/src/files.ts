import { createHash, randomBytes, randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { type Blob, findBlob, readBlob } from "@docket/postgres";
import type pg from "pg";
import { inTransaction } from "./keyring.ts";
import { decrypt, encrypt, keyFor, unwrapKey, wrapKey } from "./seal.ts";
import type { Vault } from "./vault.ts";

/** A file that can be read: found by its hash and by who it belongs to. */
export interface FoundFile extends Blob {
  /** the bytes, one part in memory at a time */
  read(): Readable;
}

/**
 * Attachments and sources of mails, encrypted at rest.
 *
 * Each stored file has a random key of its own, which is kept wrapped by the key of every subject that refers to it: the
 * same bytes sent by two people are stored twice, and the erasure of one does not touch the other's. The address is the
 * SHA-256 of the clear bytes. Files from before (table files.blob) are read as they are.
 */
export interface Files {
  /**
   * Stores bytes for a subject; the same again changes nothing. Takes a buffer or a stream of buffers; a stream is never held
   * whole. `staged`: an upload that nothing refers to yet. When the source fails, nothing is kept.
   */
  put(
    subject: string,
    source: Uint8Array | AsyncIterable<Uint8Array>,
    mediaType: string,
    options?: { readonly staged?: boolean },
  ): Promise<Blob>;
  /** Gives a file that one of `from` holds to another subject. False when none of them holds it. */
  share(sha256: string, from: readonly string[], to: string): Promise<boolean>;
  /** The file as one of the subjects holds it; without subjects, or when none does, one from before. */
  find(sha256: string, subjects: readonly string[]): Promise<FoundFile | undefined>;
  /** Uploads that nobody referred to for so long are thrown away. Gives how many. */
  dropStaged(before: Date): Promise<number>;
}

const partSize = 1024 * 1024;
const fileContext = (id: string, subject: string): string => `docket file ${id} ${subject}`;

interface KeyRow {
  readonly subject: string;
  readonly id: string;
  readonly wrapped: Buffer;
  readonly size: string;
  readonly media_type: string;
}

export function filesOf(vault: Vault): Files {
  const { pool } = vault;

  const keyOf = async (subject: string): Promise<Buffer> => {
    const key = (await vault.keysOf([subject])).get(subject)?.key;
    if (key == null) throw new Error(`the subject ${subject} was erased`);
    return keyFor(key, "file");
  };

  /** The file and its key as one of the subjects holds it. */
  const holding = async (
    sha256: string,
    subjects: readonly string[],
  ): Promise<(KeyRow & { key: Buffer }) | undefined> => {
    if (subjects.length === 0) return undefined;
    const { rows } = await pool.query<KeyRow>(
      `select k.subject, k.id, k.wrapped, s.size, s.media_type from files.sealed_key k join files.sealed s on s.id = k.id
       where k.sha256 = $1 and k.subject = any($2::uuid[])`,
      [Buffer.from(sha256, "hex"), subjects],
    );
    const keys = await vault.keysOf(rows.map(({ subject }) => subject));
    for (const row of rows) {
      const key = keys.get(row.subject)?.key;
      if (key != null)
        return { ...row, key: unwrapKey(keyFor(key, "file"), fileContext(row.id, row.subject), row.wrapped) };
    }
    return undefined;
  };

  return {
    async put(subject, source, mediaType, { staged = false } = {}) {
      const subjectKey = await keyOf(subject);
      const id = randomUUID();
      const key = randomBytes(32);
      return inTransaction(pool, async (client) => {
        const { sha256, size } = await writeParts(client, id, key, source, mediaType);
        const kept = await client.query(
          `insert into files.sealed_key (sha256, subject, id, wrapped, staged) values ($1, $2, $3, $4, $5)
           on conflict (sha256, subject) do update set staged = files.sealed_key.staged and excluded.staged
           returning id`,
          [sha256, subject, id, wrapKey(subjectKey, fileContext(id, subject), key), staged],
        );
        // The subject has these bytes already.
        if ((kept.rows[0] as { id: string }).id !== id)
          await client.query("delete from files.sealed where id = $1", [id]);
        return { sha256: sha256.toString("hex"), size, mediaType };
      });
    },
    async share(sha256, from, to) {
      const held = await holding(sha256, [to, ...from]);
      if (held === undefined) return (await findBlob(pool, sha256)) !== undefined;
      await pool.query(
        `insert into files.sealed_key (sha256, subject, id, wrapped) values ($1, $2, $3, $4)
         on conflict (sha256, subject) do update set staged = false`,
        [Buffer.from(sha256, "hex"), to, held.id, wrapKey(await keyOf(to), fileContext(held.id, to), held.key)],
      );
      return true;
    },
    async find(sha256, subjects) {
      const held = await holding(sha256, subjects);
      if (held !== undefined)
        return {
          sha256,
          size: Number(held.size),
          mediaType: held.media_type,
          read: () => Readable.from(readParts(pool, held.id, held.key), { objectMode: false }),
        };
      const old = await findBlob(pool, sha256);
      return old && { ...old, read: () => readBlob(pool, sha256) };
    },
    async dropStaged(before) {
      return inTransaction(pool, async (client) => {
        const { rowCount } = await client.query("delete from files.sealed_key where staged and created_at < $1", [
          before,
        ]);
        if ((rowCount ?? 0) > 0) await dropUnheld(client);
        return rowCount ?? 0;
      });
    },
  };
}

/** Deletes the files to which nobody holds a key any more. */
export async function dropUnheld(client: pg.PoolClient): Promise<void> {
  await client.query("delete from files.sealed s where not exists (select from files.sealed_key k where k.id = s.id)");
}

/** Each part is encrypted on its own, bound to its file and place; the iv is the place. */
function partIv(part: number): Buffer {
  const iv = Buffer.alloc(12);
  iv.writeUInt32BE(part, 8);
  return iv;
}
const partContext = (id: string, part: number): Buffer => Buffer.from(`docket file part\n${id}\n${part}`, "utf8");

async function writeParts(
  client: pg.PoolClient,
  id: string,
  key: Buffer,
  source: Uint8Array | AsyncIterable<Uint8Array>,
  mediaType: string,
): Promise<{ sha256: Buffer; size: number }> {
  // The hash is known only at the end; the head is put right then.
  await client.query("insert into files.sealed (id, sha256, size, media_type) values ($1, $2, 0, $3)", [
    id,
    Buffer.alloc(32),
    mediaType,
  ]);
  const hash = createHash("sha256");
  let size = 0;
  let part = 0;
  let held: Uint8Array[] = [];
  let heldSize = 0;
  const flush = async (): Promise<void> => {
    if (heldSize === 0) return;
    const bytes = encrypt(key, partIv(part), partContext(id, part), Buffer.concat(held, heldSize));
    await client.query("insert into files.sealed_part (id, part, bytes) values ($1, $2, $3)", [id, part++, bytes]);
    held = [];
    heldSize = 0;
  };
  for await (const chunk of source instanceof Uint8Array ? slices(source) : source) {
    hash.update(chunk);
    size += chunk.length;
    held.push(chunk);
    heldSize += chunk.length;
    if (heldSize >= partSize) await flush();
  }
  await flush();
  const sha256 = hash.digest();
  await client.query("update files.sealed set sha256 = $2, size = $3 where id = $1", [id, sha256, size]);
  return { sha256, size };
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += partSize) yield bytes.subarray(at, at + partSize);
}

async function* readParts(pool: pg.Pool, id: string, key: Buffer): AsyncGenerator<Buffer> {
  for (let part = 0; ; part++) {
    const { rows } = await pool.query<{ bytes: Buffer }>(
      "select bytes from files.sealed_part where id = $1 and part = $2",
      [id, part],
    );
    if (!rows[0]) return;
    yield decrypt(key, partIv(part), partContext(id, part), rows[0].bytes);
  }
}
