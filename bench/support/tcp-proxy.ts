import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Stands between a client and a server, and can be cut or left hanging. */
export class TcpProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;
  #isHanging = false;

  private constructor(target: { host: string; port: number }) {
    this.#server = createServer((client) => {
      if (this.#isCut) {
        client.destroy();
        return;
      }
      const upstream = connect(target);
      // What was swallowed is lost: such a connection is of no use any more, and its ends do not hear of each other.
      let isMute = false;
      for (const [from, to] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        this.#sockets.add(from);
        from.on("error", () => to.destroy());
        from.on("close", () => {
          this.#sockets.delete(from);
          if (!isMute) to.destroy();
        });
        from.on("data", (bytes) => {
          isMute ||= this.#isHanging;
          if (!isMute && !to.destroyed && !to.write(bytes)) from.pause();
        });
        to.on("drain", () => from.resume());
        from.on("end", () => isMute || to.end());
      }
    });
  }

  static async open(target: { host: string; port: number }): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Swallows all bytes from now on and closes nothing, like a network that lost its way; also of new connections. */
  hang(): void {
    this.#isHanging = true;
  }

  restore(): void {
    this.#isCut = false;
    this.#isHanging = false;
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }
}
