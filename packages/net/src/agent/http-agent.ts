// An agent for node's `http.request` and what is built on it, whose requests an `HttpClient` makes.
import { Agent, type ClientRequest } from 'node:http';
import type { HttpClient } from '../client/http-client.ts';
import type { AgentTarget } from './agent-connection.ts';
import { AgentSocket } from './agent-socket.ts';

/** The part of node's options that says whom a request is for. */
interface RequestOptions extends Readonly<Record<string, unknown>> {
  readonly host?: string;
  readonly port?: number | string;
  readonly socketPath?: string;
}

/** The request, as `http.Agent` knows it. */
interface AgentRequest extends Omit<ClientRequest, 'onSocket'> {
  readonly timeout?: number;
  onSocket(socket: AgentSocket | null, error?: Error): void;
}

/** Sockets in memory that wait for another request to the same origin. */
const FREE_SOCKETS_MAX = 256;

/**
 * What node lets each request choose, and a connection that requests share cannot honour. To ignore
 * it could mean to trust the wrong server, or to go the wrong way.
 */
const CONNECTION_OPTIONS = [
  ...['ca', 'cert', 'key', 'pfx', 'passphrase', 'secureContext', 'servername'],
  ...['rejectUnauthorized', 'checkServerIdentity', 'minVersion', 'maxVersion', 'ciphers'],
  ...['createConnection', 'localAddress', 'localPort', 'lookup'],
] as const;

/** Makes its requests through a client; for `http.request({ agent })` and the libraries above it. */
class ClientAgent extends Agent {
  /** For `https:` URLs, node wants the agent to say so. */
  readonly protocol: string;
  readonly defaultPort: number;
  readonly #client: HttpClient;
  readonly #free: Map<string, AgentSocket[]> = new Map();
  readonly #active: Set<AgentSocket> = new Set();
  #freeCount = 0;

  constructor(client: HttpClient, scheme: 'http' | 'https') {
    super({ keepAlive: true });
    this.protocol = `${scheme}:`;
    this.defaultPort = scheme === 'http' ? 80 : 443;
    this.#client = client;
  }

  /** Called by node for each request. */
  addRequest(request: AgentRequest, options: RequestOptions): void {
    const refused = CONNECTION_OPTIONS.find((name) => isChosen(options, name));
    if (refused !== undefined) {
      const message = `${refused} is to be set on the HttpClient, whose connections requests share`;
      request.onSocket(null, new TypeError(message));
      return;
    }
    const target = this.#target(options);
    const key = `${target.origin} ${target.socketPath ?? ''}`;
    const socket = this.#take(key) ?? this.#make(key, target);
    this.#active.add(socket);
    if (request.timeout !== undefined) socket.setTimeout(request.timeout);
    request.onSocket(socket);
  }

  /** Ends the requests under way. The client's connections stay, for whoever else uses them. */
  override destroy(): void {
    for (const socket of this.#active) socket.destroy();
    for (const sockets of this.#free.values()) for (const socket of sockets) socket.destroy();
    this.#free.clear();
    this.#freeCount = 0;
  }

  #target(options: RequestOptions): AgentTarget {
    const { host = 'localhost', port = this.defaultPort, socketPath } = options;
    const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
    return { origin: `${this.protocol}//${name}:${port}`, socketPath };
  }

  #make(key: string, target: AgentTarget): AgentSocket {
    const socket = new AgentSocket(this.#client, target);
    // As node's own agent: `free` comes behind each response, `agentRemove` with a switch.
    socket.on('free', () => this.#put(key, socket));
    const forget = (): void => this.#forget(key, socket);
    socket.on('agentRemove', forget);
    socket.on('close', forget);
    return socket;
  }

  #take(key: string): AgentSocket | undefined {
    const socket = this.#free.get(key)?.pop();
    if (socket !== undefined) this.#freeCount -= 1;
    return socket;
  }

  #put(key: string, socket: AgentSocket): void {
    this.#active.delete(socket);
    if (socket.destroyed || !socket.writable || this.#freeCount >= FREE_SOCKETS_MAX) {
      socket.destroy();
      return;
    }
    socket.setTimeout(0);
    this.#freeCount += 1;
    const sockets = this.#free.get(key);
    if (sockets === undefined) this.#free.set(key, [socket]);
    else sockets.push(socket);
  }

  #forget(key: string, socket: AgentSocket): void {
    this.#active.delete(socket);
    const sockets = this.#free.get(key);
    const index = sockets?.indexOf(socket) ?? -1;
    if (sockets === undefined || index === -1) return;
    sockets.splice(index, 1);
    this.#freeCount -= 1;
    if (sockets.length === 0) this.#free.delete(key);
  }
}

/** Node fills in the names of some options itself. */
function isChosen(options: RequestOptions, name: string): boolean {
  const value = options[name];
  if (name === 'servername') return typeof value === 'string' && value !== options.host;
  return value !== undefined && value !== null;
}

/**
 * An agent for `http.request`, or with the scheme `https` for `https.request`, and for libraries that
 * take one. Its requests share `client`'s connections with all others; what a request cannot choose
 * for itself then, such as a certificate, is an error. See the guide for what differs from node's.
 */
export function createAgent(client: HttpClient, scheme: 'http' | 'https' = 'http'): Agent {
  return new ClientAgent(client, scheme);
}
