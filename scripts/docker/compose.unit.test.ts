import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { root } from "../checks/run-tool.ts";

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
  readonly healthcheck?: object;
}

const text = readFileSync(join(root, "docker-compose.yml"), "utf8");
const compose = parse(text, { merge: true }) as { services: Record<string, Service>; volumes: Record<string, unknown> };
const services = Object.entries(compose.services);
const own = readdirSync(join(root, "services")).filter((name) => name !== "console");

describe("docker-compose.yml", () => {
  it("has each service of ours as a container of its own, from the one Dockerfile", () => {
    for (const name of own) {
      const service = compose.services[name];
      expect(service?.command, name).toEqual([`services/${name}/src/main.ts`]);
      expect(service?.environment, name).toMatchObject({
        EVENTSTORE_URL: expect.stringContaining("esdb://"),
        DATABASE_URL: expect.stringContaining("postgres://"),
        DOCKET_SECRET: expect.any(String),
        DOCKET_MASTER_KEY: expect.any(String),
      });
      expect(service?.healthcheck, name).toBeDefined();
      // one folder for all: who exports evidence signs with the key of him who signs checkpoints
      expect(service?.volumes, name).toEqual(["docket:/data"]);
    }
    for (const [, { build }] of services) {
      if (build !== undefined) expect(existsSync(join(root, build.context, build.dockerfile))).toBe(true);
    }
  });

  it("has one event store node, and three in the profile `cluster`", () => {
    const nodes = services.filter(([, { image }]) => image.startsWith("eventstore/"));
    expect(nodes.filter(([, { profiles }]) => profiles === undefined).map(([name]) => name)).toEqual(["eventstore"]);
    const cluster = nodes.filter(([, { profiles }]) => profiles?.includes("cluster"));
    expect(cluster).toHaveLength(3);
    for (const [name, { environment }] of cluster) {
      const others = cluster.map(([other]) => `${other}:2113`).filter((address) => !address.startsWith(`${name}:`));
      expect(environment).toMatchObject({
        EVENTSTORE_CLUSTER_SIZE: "3",
        EVENTSTORE_NODE_HOST_ADVERTISE_AS: name,
        EVENTSTORE_GOSSIP_SEED: others.join(","),
      });
    }
  });

  it("refers to nothing that is not there, and pins every image", () => {
    for (const [name, { image, depends_on = {}, volumes = [], environment = {} }] of services) {
      expect(Object.keys(compose.services), name).toEqual(expect.arrayContaining(Object.keys(depends_on)));
      expect(Object.keys(compose.volumes), name).toEqual(
        expect.arrayContaining(volumes.map((each) => each.split(":")[0])),
      );
      if (image !== "docket") expect(image, name).toMatch(/:v?\d+/u);
      // What is not text would arrive as YAML sees it: 010 as 8, no as false.
      expect(
        Object.values(environment).every((value) => typeof value === "string"),
        name,
      ).toBe(true);
    }
  });

  it("holds no secret", () => {
    expect(text).not.toMatch(/(PASSWORD|SECRET): (?!\$\{)/u);
    expect(text).not.toMatch(/(PASSWORD|SECRET):-/u);
  });
});
