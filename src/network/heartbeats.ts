// Whether the peers of silent connections are still there: asked in ticks, where the transport can ask.

import { DisconnectReason } from '../constants/DisconnectReason.ts'
import { type Network } from './Network.ts'
import { type NetworkSocket } from './NetworkSocket.ts'

/** At most this much passes between two ticks for a heartbeat: while a game is paused, no peer looks dead. */
const passedMsMax = 500

/** How often silent peers are looked for. */
const lookEveryMs = 500

/** When a peer was heard and asked, in ticked milliseconds (`Network.tickedMs`). */
export interface Heartbeat {
  heardMs: number
  askedMs: number
  /** Bytes that had come when last looked at. */
  bytesRead: number
}

export function createHeartbeat(): Heartbeat {
  return { heardMs: 0, askedMs: -1, bytesRead: 0 }
}

/** From now on a peer that falls silent is asked for a sign of life, if the transport can. */
export function startHeartbeat(network: Network, socket: NetworkSocket): void {
  if (socket.connection?.ping === undefined) return
  socket.heartbeat.heardMs = network.tickedMs
  network.heartbeats.add(socket)
}

/** Asks peers that are silent for a sign of life, and ends the connections of those that do not answer. */
export function beat(network: Network): void {
  const { config, heartbeats } = network
  if (heartbeats.size === 0) return
  const now = config.clock.now()
  network.tickedMs += Math.min(Math.max(now - network.lastTickMs, 0), passedMsMax)
  network.lastTickMs = now
  if (network.tickedMs - network.lastLookMs < lookEveryMs) return
  network.lastLookMs = network.tickedMs
  for (const socket of heartbeats) look(network, socket)
}

function look({ config, tickedMs }: Network, socket: NetworkSocket): void {
  const { connection, heartbeat, isPaused } = socket
  const bytesRead = connection?.bytesRead ?? 0
  // What we do not read we cannot hear; and a part of a message is a sign of life too.
  if (isPaused || bytesRead !== heartbeat.bytesRead) heartbeat.heardMs = tickedMs
  heartbeat.bytesRead = bytesRead
  const { heardMs, askedMs } = heartbeat
  if (askedMs > heardMs) {
    if (tickedMs - askedMs >= config.pongTimeoutMs) socket.end(DisconnectReason.timedOut)
  } else if (tickedMs - heardMs >= config.pingIntervalMs) {
    heartbeat.askedMs = tickedMs
    connection?.ping?.()
  }
}
