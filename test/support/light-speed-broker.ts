import mqttPacket, { type IConnectPacket, type ISubscribePacket, type Packet } from "mqtt-packet";
import { type WebSocket, WebSocketServer } from "ws";
import { type LightSpeedLogin, startLightSpeedLogin } from "./light-speed-login.js";
import { tickPayload, topicOf } from "./light-speed-payloads.js";

const BAD_USER_NAME_OR_PASSWORD = 0x86;
const NOT_AUTHORIZED = 0x87;

export interface BrokerFaults {
  /** Accepts subscriptions and sends nothing from then on. */
  isMute?: boolean;
  /** Never answers a subscription. */
  neverGrants?: boolean;
  /** Refuses every connection with this reason code. */
  refusal?: number | undefined;
  /** Topics that are not granted. */
  denied?: ReadonlySet<string>;
  /** Sends every message twice. */
  duplicates?: boolean;
  /** Sends every second message before the one it follows. */
  reorders?: boolean;
  /** Sends a byte at a time. */
  drips?: boolean;
}

export interface BrokerClient {
  readonly clientId: string;
  readonly username: string;
  readonly token: string;
  readonly keepalive: number;
  readonly protocolVersion: number;
  readonly topics: ReadonlyMap<string, number>;
  readonly isOpen: boolean;
  /** Messages with QoS 1 that were sent to it, and those it acknowledged. */
  readonly sent: number;
  readonly acknowledged: number;
  /** Ended by a goodbye rather than by a broken connection. */
  readonly saidGoodbye: boolean;
}

export interface LightSpeedBroker {
  readonly login: LightSpeedLogin;
  readonly restUrl: string;
  readonly mqttUrl: string;
  readonly faults: BrokerFaults;
  /** Every connection that was accepted, in order. */
  readonly clients: readonly BrokerClient[];
  /** The connections that were refused, in order. */
  readonly refusals: readonly { readonly code: number; readonly username: string }[];
  /** Sends to every open client that is subscribed to the topic; gives how many there are. */
  publish(topic: string, payload: object | string | Buffer): number;
  /** The next trades of a symbol. */
  sendTicks(symbol: string, count: number): void;
  /** Bytes that are no packet. */
  sendRaw(bytes: Uint8Array): void;
  /** Says why, with a packet, and ends every connection. */
  disconnectAll(reasonCode: number): void;
  /** Breaks every connection off. */
  breakOff(): void;
  close(): Promise<void>;
}

interface Connection {
  clientId: string;
  username: string;
  token: string;
  keepalive: number;
  protocolVersion: 4 | 5;
  topics: Map<string, number>;
  isOpen: boolean;
  sent: number;
  acknowledged: number;
  saidGoodbye: boolean;
  held: Buffer | undefined;
  dripping: Promise<void>;
}

/** Stands in for LightSpeed: logins by HTTP, MQTT over WebSockets on the same port at `/wss`. */
export async function startLightSpeedBroker(
  options: Parameters<typeof startLightSpeedLogin>[0] = {},
): Promise<LightSpeedBroker> {
  const login = await startLightSpeedLogin(options);
  const faults: BrokerFaults = {};
  const clients: Connection[] = [];
  const sockets = new Map<Connection, WebSocket>();
  const refusals: { code: number; username: string }[] = [];
  const ticksSent = new Map<string, number>();
  const server = new WebSocketServer({
    server: login.server,
    path: "/wss",
    handleProtocols: (protocols) => (protocols.has("mqtt") ? "mqtt" : false),
  });

  server.on("connection", (socket) => {
    const parser = mqttPacket.parser();
    let connection: Connection | undefined;
    socket.on("message", (data) => parser.parse(data as Buffer));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (connection !== undefined) connection.isOpen = false;
    });
    parser.on("packet", (packet) => {
      if (packet.cmd === "connect") connection = acceptOrRefuse(packet, socket);
      else if (connection !== undefined) handle(packet, connection, socket);
      else socket.terminate();
    });
    parser.on("error", () => socket.terminate());
  });

  function acceptOrRefuse(packet: IConnectPacket, socket: WebSocket): Connection | undefined {
    const protocolVersion = packet.protocolVersion === 5 ? 5 : 4;
    const username = packet.username ?? "";
    const token = packet.password?.toString() ?? "";
    const isKnown = username !== "" && login.ownerOf(token) === username;
    const code = faults.refusal ?? (isKnown ? 0 : BAD_USER_NAME_OR_PASSWORD);
    const answer: Packet =
      protocolVersion === 5
        ? { cmd: "connack", sessionPresent: false, reasonCode: code }
        : { cmd: "connack", sessionPresent: false, returnCode: code === 0 ? 0 : code === NOT_AUTHORIZED ? 5 : 4 };
    socket.send(mqttPacket.generate(answer, { protocolVersion }));
    if (code !== 0) {
      refusals.push({ code, username });
      socket.close();
      return undefined;
    }
    const connection: Connection = {
      clientId: packet.clientId,
      username,
      token,
      keepalive: packet.keepalive ?? 0,
      protocolVersion,
      topics: new Map(),
      isOpen: true,
      sent: 0,
      acknowledged: 0,
      saidGoodbye: false,
      held: undefined,
      dripping: Promise.resolve(),
    };
    clients.push(connection);
    sockets.set(connection, socket);
    return connection;
  }

  function handle(packet: Packet, connection: Connection, socket: WebSocket): void {
    const { protocolVersion } = connection;
    switch (packet.cmd) {
      case "subscribe":
        if (faults.neverGrants) return;
        socket.send(
          mqttPacket.generate(
            { cmd: "suback", messageId: packet.messageId!, granted: grant(packet, connection) },
            { protocolVersion },
          ),
        );
        return;
      case "unsubscribe": {
        for (const topic of packet.unsubscriptions) connection.topics.delete(topic);
        const granted = packet.unsubscriptions.map(() => 0);
        socket.send(
          mqttPacket.generate({ cmd: "unsuback", messageId: packet.messageId!, granted }, { protocolVersion }),
        );
        return;
      }
      case "puback":
        connection.acknowledged += 1;
        return;
      case "pingreq":
        socket.send(mqttPacket.generate({ cmd: "pingresp" }, { protocolVersion }));
        return;
      case "disconnect":
        connection.saidGoodbye = true;
        socket.close();
        return;
    }
  }

  /** Exact topics only: a wildcard is not authorised. */
  function grant(packet: ISubscribePacket, { topics }: Connection): number[] {
    return packet.subscriptions.map(({ topic, qos }) => {
      if (/[#+]/.test(topic) || faults.denied?.has(topic)) return NOT_AUTHORIZED;
      topics.set(topic, Math.min(qos, 1));
      return Math.min(qos, 1);
    });
  }

  function send(connection: Connection, frame: Buffer): void {
    const socket = sockets.get(connection)!;
    if (!faults.drips) {
      socket.send(frame);
      return;
    }
    connection.dripping = connection.dripping.then(async () => {
      for (const byte of frame) {
        socket.send(Buffer.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
  }

  function deliver(connection: Connection, frame: Buffer): void {
    if (!faults.reorders) {
      send(connection, frame);
    } else if (connection.held === undefined) {
      connection.held = frame;
    } else {
      send(connection, frame);
      send(connection, connection.held);
      connection.held = undefined;
    }
  }

  function publish(topic: string, payload: object | string | Buffer): number {
    const content = typeof payload === "string" || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload);
    const receivers = clients.filter(({ isOpen, topics }) => isOpen && topics.has(topic));
    if (faults.isMute) return receivers.length;
    for (const connection of receivers) {
      for (let copy = 0; copy < (faults.duplicates ? 2 : 1); copy += 1) {
        const qos = connection.topics.get(topic) === 1 ? 1 : 0;
        connection.sent += 1;
        const frame = mqttPacket.generate(
          {
            cmd: "publish",
            topic,
            payload: content,
            qos,
            dup: copy > 0,
            retain: false,
            messageId: (connection.sent % 65_535) + 1,
          },
          { protocolVersion: connection.protocolVersion },
        );
        deliver(connection, frame);
      }
    }
    return receivers.length;
  }

  const openSockets = () => [...sockets].filter(([{ isOpen }]) => isOpen);

  return {
    login,
    restUrl: login.restUrl,
    mqttUrl: `${login.restUrl.replace(/^http/, "ws")}/wss`,
    faults,
    clients,
    refusals,
    publish,
    sendTicks: (symbol, count) => {
      const from = ticksSent.get(symbol) ?? 0;
      ticksSent.set(symbol, from + count);
      for (let number = from + 1; number <= from + count; number += 1) {
        publish(topicOf.tick(symbol), tickPayload(symbol, number));
      }
    },
    sendRaw: (bytes) => {
      for (const [, socket] of openSockets()) socket.send(bytes);
    },
    disconnectAll: (reasonCode) => {
      for (const [{ protocolVersion }, socket] of openSockets()) {
        socket.send(mqttPacket.generate({ cmd: "disconnect", reasonCode }, { protocolVersion }));
        socket.close();
      }
    },
    breakOff: () => {
      for (const [, socket] of openSockets()) socket.terminate();
    },
    close: async () => {
      for (const socket of sockets.values()) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
      await login.close();
    },
  };
}
