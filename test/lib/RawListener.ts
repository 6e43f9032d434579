import { type AddressInfo, createServer, type Server } from 'node:net'
import { RawPeer } from './RawPeer.ts'
import { until } from './until.ts'

/** A listening TCP socket whose connections are raw peers. */
export class RawListener {
  readonly peers: RawPeer[] = []
  readonly #server: Server
  #given = 0

  private constructor() {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      this.peers.push(new RawPeer(socket))
    })
  }

  static async listen(port = 0, host?: string): Promise<RawListener> {
    const listener = new RawListener()
    listener.#server.listen({ port, host })
    await until(() => listener.#server.listening)
    return listener
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** The next connection. */
  async accept(): Promise<RawPeer> {
    const index = this.#given++
    await until(() => this.peers.length > index)
    return this.peers[index]!
  }

  close(): void {
    this.#server.close()
    for (const peer of this.peers) peer.close()
  }
}
