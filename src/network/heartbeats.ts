import { DisconnectReason } from '../constants/DisconnectReason.ts'
import { type Network } from './Network.ts'
import { type NetworkSocket } from './NetworkSocket.ts'

/** At most this much passes between two ticks for a heartbeat: while a game is paused, no peer looks dead. */
const passedMsMax = 500

/** How often silent peers are looked for. */
const lookEveryMs = 500

/** From now on a peer that falls silent is asked for a sign of life, if the transport can. */
export function startHeartbeat(network: Network, socket: NetworkSocket): void {
  if (socket.connection?.ping === undefined) return
  socket.heardMs = network.tickedMs
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
  const bytesRead = socket.connection?.bytesRead ?? 0
  // What we do not read we cannot hear; and a part of a message is a sign of life too.
  if (socket.isPaused || bytesRead !== socket.bytesRead) socket.heardMs = tickedMs
  socket.bytesRead = bytesRead
  if (socket.askedMs > socket.heardMs) {
    if (tickedMs - socket.askedMs >= config.pongTimeoutMs) socket.end(DisconnectReason.timedOut)
  } else if (tickedMs - socket.heardMs >= config.pingIntervalMs) {
    socket.askedMs = tickedMs
    socket.connection?.ping?.()
  }
}
