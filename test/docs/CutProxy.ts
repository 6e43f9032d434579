import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { until } from '../lib/until.ts'

/** Passes TCP connections on to a port of this machine, until they are cut. */
export class CutProxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(target: number) {
    this.#server = createServer((near) => {
      const far = connect(target, '127.0.0.1')
      near.pipe(far).pipe(near)
      for (const socket of [near, far]) {
        this.#sockets.add(socket)
        // Each is the other's end.
        socket
          .on('error', () => {})
          .on('close', () => {
            this.#sockets.delete(socket)
            near.destroy()
            far.destroy()
          })
      }
    })
  }

  static async listen(target: number): Promise<CutProxy> {
    const proxy = new CutProxy(target)
    proxy.#server.listen(0)
    await until(() => proxy.#server.listening)
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Ends all connections. New ones are passed on. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Ends all connections, and takes no more. */
  close(): void {
    if (this.#server.listening) this.#server.close()
    this.cut()
  }
}
