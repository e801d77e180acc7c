#!/usr/bin/env node
// A second checker of evidence files, written from docs/evidence-format.md alone: nothing of Docket is imported, so that one of the two
// can be wrong and the other tells. Usage: node second-checker.mjs FILE KEY   (KEY: 64 hex digits). Exit code 0: good, 1: refused.
import { createHash, createPublicKey, createDecipheriv, verify } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

const sha256 = (...parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

function canonical(value) {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

const keyId = (hex) => sha256(Buffer.from(hex, "hex")).toString("hex").slice(0, 16);

function signedBy(hex, text, signature) {
  if (!/^[0-9a-f]{128}$/.test(signature)) return false;
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), Buffer.from(hex, "hex")]);
  const key = createPublicKey({ key: der, format: "der", type: "spki" });
  return verify(null, Buffer.from(text), key, Buffer.from(signature, "hex"));
}

function trustedKeys(first, statements) {
  const trusted = { [keyId(first)]: first };
  for (let round = 0; round <= statements.length; round++)
    for (const { key, publicKey, endorsements } of statements) {
      const text = `docket-key/1\n${canonical({ algorithm: "Ed25519", key, publicKey })}`;
      const good = endorsements.some((by) => trusted[by.key] && signedBy(trusted[by.key], text, by.signature));
      if (good && keyId(publicKey) === key) trusted[key] = publicKey;
    }
  return trusted;
}

function isSigned(text, signatures, trusted) {
  const known = signatures.filter(({ key }) => trusted[key]);
  return known.length > 0 && known.every(({ key, signature }) => signedBy(trusted[key], text, signature));
}

// RFC 9162, section 2.1.3.2
function rootOf(leaf, index, size, proof) {
  if (index >= size) return null;
  let [fn, sn, hash] = [index, size - 1, leaf];
  for (const hex of proof) {
    if (sn === 0) return null;
    const node = Buffer.from(hex, "hex");
    if (fn % 2 === 1 || fn === sn) {
      hash = sha256(Buffer.from([1]), node, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    } else hash = sha256(Buffer.from([1]), hash, node);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 ? hash.toString("hex") : null;
}

function sealedAt(document, pointer) {
  let value = document;
  for (const name of pointer.split("/").slice(1)) value = value?.[name];
  if (typeof value === "string") return Buffer.from(value.split(".")[3] ?? "", "base64url");
  return Buffer.from(value?.c ?? "", "base64");
}

// Does anything within the data say that it is a file of this hash and size?
function namesFile(value, sha256, size) {
  if (value === null || typeof value !== "object") return false;
  if (value.sha256 === sha256 && value.size === size) return true;
  return Object.values(value).some((inner) => namesFile(inner, sha256, size));
}

function opened(bytes, key, aad) {
  const decipher = createDecipheriv("aes-256-gcm", Buffer.from(key, "base64"), Buffer.alloc(12));
  decipher.setAAD(Buffer.from(aad));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString();
}

/** Gives what is wrong with a file; an empty list when it is good. */
export function check(bytes, publicKey) {
  try {
    return faultsOf(bytes, publicKey);
  } catch (error) {
    return [`it cannot be read (${error.message})`];
  }
}

function faultsOf(bytes, publicKey) {
  const faults = [];
  const must = (holds, fault) => void (holds || faults.push(fault));
  if (bytes.at(-1) !== 10) return ["truncated: the file does not end with a line"];
  const cut = bytes.subarray(0, -1).lastIndexOf(10) + 1;
  const lastLine = bytes.subarray(cut, -1).toString("latin1");
  const before = bytes.subarray(0, cut);
  const inner = /^<!--(\{.*\})-->$/.exec(lastLine)?.[1];
  if (inner === undefined) return ["truncated: no signature in the last line"];
  let end;
  try {
    end = JSON.parse(inner);
    must(canonical(end) === inner && end.kind === "signature", "the signature is not in its one form");
  } catch {
    return ["the signature cannot be read"];
  }
  must(sha256(before).toString("hex") === end.digest, "altered: the content is not what was signed");
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(before);
  } catch {
    return [...faults, "not UTF-8"];
  }
  let [header, stream, revision, prev, page] = [null, null, -1, null, createHash("sha256")];
  let document, type, file;
  let named = new Set();
  const counts = { streams: 0, events: 0 };
  let finished = false;
  const whole = () => must(file === undefined, `the file ${file?.sha256} is not there as a whole`);

  function take(record, line) {
    switch (record.kind) {
      case "page":
        must(page.digest("hex") === record.sha256, `line ${line}: the page before it was altered`);
        page = createHash("sha256");
        break;
      case "header":
        must(header === null && record.format === "docket-evidence/1", "the header");
        header ??= record;
        break;
      case "stream": {
        must(stream === null && !finished, `${record.stream} begins within another stream`);
        [stream, revision, prev, document, named] = [record, -1, null, undefined, new Set()];
        counts.streams++;
        if (record.leaf === null) break;
        const head = canonical({ hash: record.hash, revision: record.revision, stream: record.stream });
        const root = rootOf(sha256(Buffer.from([0]), head), record.leaf, header.checkpoint.streams, record.proof);
        must(root === header.checkpoint.root, `${record.stream} is not under the signed root`);
        break;
      }
      case "event": {
        counts.events++;
        revision++;
        document = undefined;
        const isNext = record.stream === stream?.stream && record.revision === revision;
        must(isNext, `${record.stream}: event ${revision} missing`);
        const stored = JSON.parse(record.meta);
        const { hash, ...meta } = stored;
        const data = JSON.parse(record.data);
        must(meta.prevHash === prev, `${record.stream}: event ${revision} does not follow`);
        const hashed = canonical({ data, meta, revision, stream: record.stream, type: record.type });
        must(sha256(hashed).toString("hex") === hash, `${record.stream}: event ${revision} was altered`);
        must(revision !== stream?.revision || hash === stream.hash, `${record.stream}: not the signed head`);
        [prev, document, type] = [hash, { data, meta: stored }, record.type];
        break;
      }
      case "disclosure":
        for (const { pointer, key } of record.fields) {
          if (key === null) continue;
          try {
            opened(sealedAt(document, pointer), key, `${record.stream}\n${type}\n${pointer}`);
          } catch {
            faults.push(`${record.stream}: the key of ${pointer} in event ${record.revision} does not fit`);
          }
        }
        break;
      case "attachment": {
        const isNamed = record.revision === revision && namesFile(document, record.sha256, record.size);
        must(isNamed, `${record.stream}: event ${record.revision} does not name the file ${record.sha256}`);
        named.add(record.sha256);
        break;
      }
      case "bytes":
        if (record.part === 0) {
          whole();
          file = { sha256: record.sha256, parts: record.parts, next: 0, hash: createHash("sha256") };
          must(named.has(record.sha256), `no event names the file ${record.sha256}`);
        }
        if (file?.sha256 !== record.sha256 || file.next !== record.part || file.parts !== record.parts)
          throw new Error("a part out of its order");
        file.hash.update(Buffer.from(record.base64, "base64"));
        if (++file.next < file.parts) break;
        must(file.hash.digest("hex") === record.sha256, `the file ${record.sha256} was altered`);
        file = undefined;
        break;
      case "streamEnd":
        must(record.events === revision + 1 && record.stream === stream?.stream, `${record.stream}: events missing`);
        must((stream?.revision ?? -1) <= revision, `${record.stream}: cut off before the signed head`);
        whole();
        [stream, file] = [null, undefined];
        break;
      case "end":
        must(record.streams === counts.streams && record.events === counts.events, "the counts differ");
        finished = true;
        break;
      default:
        faults.push(`line ${line}: unknown record`);
    }
  }

  for (const [index, line] of text.slice(0, -1).split("\n").entries()) {
    if (!line.startsWith('{"')) {
      page.update(`${line}\n`);
      continue;
    }
    try {
      take(JSON.parse(line), index + 1);
    } catch (error) {
      faults.push(`line ${index + 1}: cannot be read (${error.message})`);
    }
  }
  must(header !== null && finished && stream === null, "parts are missing");
  if (header === null) return faults;
  try {
    const trusted = trustedKeys(publicKey, header.keys);
    must(isSigned(`docket-evidence/1\n${end.digest}`, end.signatures, trusted), "the file is not signed by the key");
    if (header.checkpoint !== null) {
      const { signatures, ...body } = header.checkpoint;
      const isGood = isSigned(`docket-checkpoint/1\n${canonical(body)}`, signatures, trusted);
      must(isGood, "the checkpoint is not signed by the key");
    }
  } catch (error) {
    faults.push(`the head of the file cannot be read (${error.message})`);
  }
  return faults;
}

function main([file, key]) {
  if (file === undefined || !/^[0-9a-f]{64}$/.test(key ?? "")) {
    process.stderr.write("usage: second-checker.mjs FILE KEY   (KEY: the public key, 64 hex digits)\n");
    return 2;
  }
  const faults = check(readFileSync(file), key);
  process.stdout.write(faults.length === 0 ? "good\n" : `refused\n${faults.map((fault) => `  ${fault}\n`).join("")}`);
  return faults.length === 0 ? 0 : 1;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  process.exitCode = main(process.argv.slice(2));
