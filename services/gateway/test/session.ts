import type { FastifyInstance, InjectOptions } from "fastify";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  // eslint-disable-next-line -- tests look into whatever was answered
  readonly body: any;
  readonly raw: Buffer;
}

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** a body that is sent as it is */
  readonly raw?: string | Buffer;
}

/** A caller of the gateway, by cookie or by token. */
export interface Session {
  readonly cookie: string | undefined;
  readonly csrf: string | undefined;
  readonly token: string | undefined;
  get(path: string, options?: CallOptions): Promise<Answer>;
  post(path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
  patch(path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
  delete(path: string, options?: CallOptions): Promise<Answer>;
}

interface Credentials {
  readonly cookie?: string;
  readonly csrf?: string;
  readonly token?: string;
}

export function session(app: FastifyInstance) {
  const as = (credentials: Credentials): Session => {
    const base: Record<string, string> = {
      "accept-language": "en",
      ...(credentials.cookie === undefined
        ? {}
        : { cookie: credentials.cookie, "x-csrf-token": credentials.csrf ?? "" }),
      ...(credentials.token === undefined ? {} : { authorization: `Bearer ${credentials.token}` }),
    };
    const call = async (
      method: "GET" | "POST" | "PATCH" | "DELETE",
      path: string,
      body: unknown,
      options: CallOptions = {},
    ): Promise<Answer> => {
      const payload = options.raw ?? (body === undefined ? undefined : JSON.stringify(body));
      const request: InjectOptions = {
        method,
        url: path.startsWith("/api") || !path.startsWith("/v") ? path : `/api${path}`,
        headers: {
          ...base,
          ...(payload === undefined ? {} : { "content-type": "application/json" }),
          ...options.headers,
        },
        ...(payload === undefined ? {} : { payload }),
      };
      const response = await app.inject(request);
      const isJson = /\/(?:problem\+)?json\b/.test(String(response.headers["content-type"]));
      return {
        status: response.statusCode,
        headers: response.headers as Answer["headers"],
        body: isJson ? JSON.parse(response.payload) : response.payload,
        raw: response.rawPayload,
      };
    };
    return {
      cookie: credentials.cookie,
      csrf: credentials.csrf,
      token: credentials.token,
      get: (path, options) => call("GET", path, undefined, options),
      post: (path, body, options) => call("POST", path, body ?? (options?.raw === undefined ? {} : undefined), options),
      patch: (path, body, options) => call("PATCH", path, body, options),
      delete: (path, options) => call("DELETE", path, undefined, options),
    };
  };
  return {
    anonymous: as({}),
    withToken: (token: string): Session => as({ token }),
    async login(login: string, password: string): Promise<Session> {
      const answer = await as({}).post("/v1/login", { login, password });
      if (answer.status !== 200) throw new Error(`login ${login}: ${JSON.stringify(answer.body)}`);
      const cookies = [answer.headers["set-cookie"]].flat() as unknown as string[];
      const cookie = cookies.map((line) => line.split(";")[0]).join("; ");
      return as({ cookie, csrf: answer.body.csrfToken });
    },
  };
}
