/**
 * Starts a real single EventStoreDB node in a container (memory only, no TLS), where a container engine runs. Gives its
 * connection string and the way to stop it; the container also goes when this process ends. Throws what the engine says.
 */
export async function startRealNode(image: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  // Loaded only when asked for: it brings a whole container client with it.
  const { GenericContainer, Wait } = await import("testcontainers");
  const port = 2113;
  const container = await new GenericContainer(image)
    .withEnvironment({ EVENTSTORE_INSECURE: "true", EVENTSTORE_MEM_DB: "true", EVENTSTORE_CLUSTER_SIZE: "1" })
    .withExposedPorts(port)
    .withWaitStrategy(Wait.forHttp("/health/live", port).forStatusCode(204))
    .start();
  return {
    url: `esdb://${container.getHost()}:${container.getMappedPort(port)}?tls=false`,
    stop: async () => void (await container.stop()),
  };
}
