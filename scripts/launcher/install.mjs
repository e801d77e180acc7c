// Gets Node 24, pnpm and the packages of the lockfile, each only when it is missing. Plain JavaScript for Node >= 18.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { Fault, tell } from "./faults.mjs";
import { withInstallLock } from "./lock.mjs";

const NODE_MAJOR = 24;
const NODE_VERSION = "24.21.0";
const PNPM_VERSION = "12.21.0";

/**
 * Makes the folder ready to run: gives the path of a Node that is new enough. When everything is there already this
 * reads two small files and starts nothing.
 */
export async function ensureInstalled(root) {
  // An image or a package that was installed as a whole, perhaps where nothing can be written.
  if (process.env.DOCKET_INSTALLED) return nodePath(root);
  const fingerprint = lockfileFingerprint(root);
  const marker = join(root, "node_modules", ".docket-install");
  const ready = () => existsSync(nodePath(root)) && readIfAny(marker) === fingerprint;
  if (!ready()) {
    const tools = join(root, ".tools");
    makeFolder(tools);
    await withInstallLock(join(tools, "install.lock"), async () => {
      // Another Docket may have done it while this one waited.
      if (!ready()) await install(root, tools, marker, fingerprint);
    });
  }
  return nodePath(root);
}

async function install(root, tools, marker, fingerprint) {
  const began = Date.now();
  const shell = installShell(tools);
  if (!existsSync(nodePath(root))) {
    tell(
      `Node ${process.versions.node} is older than ${NODE_MAJOR}: getting Node ${NODE_VERSION} through npm (once) ...`,
    );
    await getPackage(shell, nodePackage(), NODE_VERSION, dirname(dirname(nodePath(root))));
  }
  const pnpm = await findPnpm(shell, tools);
  tell("installing packages from the lockfile (once) ...");
  // Frozen: what is installed is what was tested. The store makes a repeated install work without a network.
  const args = ["install", "--frozen-lockfile", "--prefer-offline", "--reporter=append-only"];
  const env = { ...shell.env, ...(await npmSettings(shell, root)), CI: "true" };
  env.PATH = `${dirname(nodePath(root))}${delimiter}${env.PATH ?? ""}`;
  await run(pnpm, args, { cwd: root, env, log: shell.log, onLine: pnpmProgress() });
  writeFileSync(marker, fingerprint);
  tell(`installed in ${Math.round((Date.now() - began) / 1000)} s`);
}

/** The Node to run verbs with: this one when it is new enough, else the one that npm brings into .tools. */
function nodePath(root) {
  if (Number(process.versions.node.split(".")[0]) >= NODE_MAJOR) return process.execPath;
  const folder = join(root, ".tools", `node-${NODE_VERSION}`);
  return join(folder, "bin", process.platform === "win32" ? "node.exe" : "node");
}

/** The name of the npm package that carries Node's own binary for this platform. */
function nodePackage() {
  if (isMusl()) {
    throw new Fault(
      "node_too_old",
      `Node ${process.versions.node} is older than ${NODE_MAJOR}, and npm carries no Node for musl systems`,
      `Install Node ${NODE_MAJOR} or newer from the system's packages (Alpine: apk add nodejs-current).`,
    );
  }
  const platform = process.platform === "win32" ? "win" : process.platform;
  const prefix = platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
  return `${prefix}-${platform}-${process.arch}`;
}

/** A pnpm of the right major version: the one on the PATH, or the pinned one, brought through npm. */
async function findPnpm(shell, tools) {
  const wanted = Number(PNPM_VERSION.split(".")[0]);
  const env = { ...shell.env, COREPACK_ENABLE_NETWORK: "0" };
  const found = await run("pnpm", ["--version"], { cwd: tools, env, timeout: 5_000 }).catch(() => "");
  if (Number(found.trim().split(".")[0]) === wanted) return "pnpm";
  const folder = join(tools, `pnpm-${PNPM_VERSION}`);
  const binary = join(folder, process.platform === "win32" ? "pnpm.exe" : "pnpm");
  if (!existsSync(binary)) {
    tell(`getting pnpm ${PNPM_VERSION} through npm (once) ...`);
    const name = `@pnpm/exe.${process.platform}-${process.arch}${isMusl() ? "-musl" : ""}`;
    await getPackage(shell, name, PNPM_VERSION, folder);
  }
  return binary;
}

/**
 * Installs one package by npm in a folder of its own and moves it to `target` in one step, so that a broken download
 * leaves nothing behind that looks complete. Install scripts stay off: the packages wanted here are just files.
 */
async function getPackage(shell, name, version, target) {
  const scratch = `${target}.part`;
  rmSync(scratch, { recursive: true, force: true });
  rmSync(target, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  writeFileSync(join(scratch, "package.json"), '{"private":true}\n');
  const args = ["install", `${name}@${version}`, "--ignore-scripts", "--no-save", "--no-package-lock", "--no-audit"];
  await runNpm(shell, [...args, "--no-fund", "--loglevel=error", "--prefer-offline"], { cwd: scratch });
  renameSync(join(scratch, "node_modules", ...name.split("/")), target);
  rmSync(scratch, { recursive: true, force: true });
}

/**
 * npm's registry, proxy and certificate settings, for pnpm: the two read the same personal file, but npm also reads
 * places that pnpm does not.
 */
async function npmSettings(shell, root) {
  const settings = JSON.parse(await runNpm(shell, ["config", "list", "--json"], { cwd: root }).catch(() => "{}"));
  const names = ["registry", "cafile", "proxy", "https-proxy", "noproxy", "strict-ssl"];
  const given = names.flatMap((name) => {
    const value = Array.isArray(settings[name]) ? settings[name].filter(Boolean).join(",") : settings[name];
    return value === undefined || value === null || value === "" ? [] : [[name.replaceAll("-", "_"), String(value)]];
  });
  return Object.fromEntries(
    given.flatMap(([name, value]) => [
      [`npm_config_${name}`, value],
      [`pnpm_config_${name}`, value],
    ]),
  );
}

/**
 * How to call npm and pnpm. They want a home folder they can write to; where the user has none, they get one under
 * .tools, and still read the user's own npm settings.
 */
function installShell(tools) {
  const env = { ...process.env, npm_config_update_notifier: "false" };
  const home = env.HOME || homedir();
  if (!isWritable(home)) {
    env.HOME = join(tools, "home");
    mkdirSync(env.HOME, { recursive: true });
    const settings = join(home, ".npmrc");
    if (env.npm_config_userconfig === undefined && existsSync(settings)) env.npm_config_userconfig = settings;
    for (const name of ["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "PNPM_HOME"])
      delete env[name];
    env.npm_config_cache = join(env.HOME, ".npm");
  } else if (process.platform !== "win32") {
    env.HOME = home;
  }
  if (!isWritable(tmpdir())) env.TMPDIR = tools;
  return { env, log: join(tools, "install.log") };
}

function runNpm(shell, args, options) {
  const own = process.env.npm_execpath ?? "";
  // Started by npm: the same npm. Else the one on the PATH.
  const [program, first] = /npm-cli\.[cm]?js$/.test(own) ? [process.execPath, [own]] : ["npm", []];
  return run(program, [...first, ...args], { ...options, env: shell.env, log: shell.log });
}

/** Runs a program; gives its standard output, or throws a Fault that says what can be done. */
function run(program, args, { cwd, env, log, onLine, timeout }) {
  return new Promise((resolve, reject) => {
    const needsShell = process.platform === "win32" && !program.endsWith(".exe");
    const child = spawn(program, args, { cwd, env, timeout, shell: needsShell, stdio: ["ignore", "pipe", "pipe"] });
    let [out, all] = ["", ""];
    const take = (chunk) => {
      all += chunk;
      if (onLine) String(chunk).split("\n").forEach(onLine);
    };
    child.stdout.on("data", (chunk) => (take(chunk), (out += chunk)));
    child.stderr.on("data", take);
    child.on("error", (error) => reject(installFault(program, String(error), log)));
    child.on("close", (code) => (code === 0 ? resolve(out) : reject(installFault(program, all, log))));
  });
}

function installFault(program, output, log) {
  if (log) writeFileSync(log, output);
  const tail = output.trim().split("\n").slice(-8).join("\n");
  if (/ENOENT/.test(output) && program === "npm") {
    return new Fault(
      "npm_missing",
      "npm was not found",
      "Install npm (it comes with Node), or start this by npm start.",
    );
  }
  if (
    /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ERR_SOCKET|META_FETCH_FAIL|NETWORK|dns error|error sending request|tcp connect/i.test(
      output,
    )
  ) {
    return new Fault(
      "registry_unreachable",
      `the npm registry did not answer\n${tail}`,
      "The first start needs the npm registry (later ones do not). Try: npm ping. A mirror or a proxy is set for npm by:\n" +
        "npm config set registry <address>, npm config set https-proxy <address>.",
    );
  }
  if (/ENOSPC|no space left/i.test(output)) {
    return new Fault("disk_full", `no space left on the disk\n${tail}`, "About 1 GB is needed.");
  }
  return new Fault("install_failed", `${program} failed\n${tail}`, log ? `The whole output: ${log}` : "");
}

/** Shows pnpm's progress every few seconds, so that a slow network does not look like a hang. */
function pnpmProgress() {
  let shown = Date.now();
  return (line) => {
    if (!line.startsWith("Progress:") || Date.now() - shown < 3_000) return;
    shown = Date.now();
    tell(line.trim().replace("Progress: ", "packages "));
  };
}

/** Changes whenever an install would give something else. */
function lockfileFingerprint(root) {
  const hash = createHash("sha256");
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml"]) hash.update(readFileSync(join(root, file)));
  return hash.update(`${process.platform} ${process.arch} ${NODE_VERSION} ${PNPM_VERSION}`).digest("hex");
}

function isMusl() {
  return process.platform === "linux" && process.report.getReport().header.glibcVersionRuntime === undefined;
}

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function makeFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch {
    throw new Fault(
      "folder_not_writable",
      `${folder} cannot be written`,
      "Docket installs into its own folder. Make the folder yours, or copy it to a place that is.",
    );
  }
}

function readIfAny(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
