// WebSocket listeners that share an HTTP server: one of them answers each upgrade.

import { type IncomingMessage, type Server } from 'node:http'
import { type Socket } from 'node:net'
import { type Duplex } from 'node:stream'
import { realClock } from '../../clock/Clock.ts'
import { setLimit } from '../../clock/patience.ts'
import { pathOf, refuse } from './Upgrades.ts'

/** What takes the upgrades to a path. */
export interface PathOwner {
  /** How long a request for no path of ours is left to other listeners. */
  readonly handshakeTimeoutMs: number
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void
}

/** Of each HTTP server, while it has a listener. Paths are unique; one listener may have none, and takes the rest. */
const shared = new WeakMap<Server, SharedUpgrades>()

/**
 * Begins to take the upgrades to a path of an HTTP server.
 *
 * @param path `undefined` for all that no other listener takes
 * @returns what ends it; `undefined` if the path is taken
 */
export function takePath(
  server: Server,
  path: string | undefined,
  owner: PathOwner,
): (() => void) | undefined {
  const upgrades = shared.get(server) ?? new SharedUpgrades(server)
  return upgrades.add(path, owner)
}

class SharedUpgrades {
  readonly #server: Server
  readonly #owners = new Map<string | undefined, PathOwner>()

  constructor(server: Server) {
    this.#server = server
  }

  add(path: string | undefined, owner: PathOwner): (() => void) | undefined {
    if (this.#owners.has(path)) return undefined
    if (this.#owners.size === 0) {
      shared.set(this.#server, this)
      this.#server.on('upgrade', this.#onUpgrade)
    }
    this.#owners.set(path, owner)
    return () => this.#remove(path, owner)
  }

  #remove(path: string | undefined, owner: PathOwner): void {
    if (this.#owners.get(path) !== owner) return
    this.#owners.delete(path)
    if (this.#owners.size > 0) return
    shared.delete(this.#server)
    this.#server.off('upgrade', this.#onUpgrade)
  }

  readonly #onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    const socket = stream as Socket
    const owner = this.#owners.get(pathOf(request)) ?? this.#owners.get(undefined)
    if (owner !== undefined) owner.upgrade(request, socket, head)
    else if (this.#server.listenerCount('upgrade') === 1 && !isTaken(socket)) refuse(socket, 404)
    // An error without a listener would end the process.
    else socket.on('error', () => {})
    // Refused: the peer may read neither that nor what stands before it, and closing the HTTP server does not end it.
    const isRefused = socket.writableEnded
    if (owner !== undefined && !isRefused) return
    // Node leaves the socket of a request that is not ours to other listeners: it must not stay for ever when none wants it.
    const destroy = (): void => {
      if (isRefused || !isTaken(socket)) socket.destroy()
    }
    const limits = [...this.#owners.values()].map((each) => each.handshakeTimeoutMs)
    socket.once('close', setLimit(realClock, Math.max(...limits), destroy, true))
  }
}

/** Whether another listener reads it, or has ended it. */
function isTaken(socket: Socket): boolean {
  return socket.writableEnded || socket.listenerCount('data') + socket.listenerCount('readable') > 0
}
