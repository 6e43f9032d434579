// Every time limit that ticks look at: peers that take nothing, packets that are never complete, peers that do not answer.
// They are looked at in ticks, so that a game that is paused does not lose its peers.

import { type NetworkConfig } from '../config/NetworkConfig.ts'
import { type SocketSettings } from '../config/SocketSettings.ts'
import { DisconnectReason } from '../constants/DisconnectReason.ts'
import { type ByteStream, isUnfinished } from '../protocol/ByteStream.ts'
import { type Connection } from '../transport/Transport.ts'

/** A connection with time limits. */
export interface Watched {
  readonly settings: SocketSettings
  readonly stream: ByteStream
  /** It is not read, since too much of it waits for a tick. */
  readonly isPaused: boolean
  /** `undefined` when it has ended. */
  readonly connection: Connection | undefined
  /** Present while its peer is asked for signs of life. */
  heartbeat: Heartbeat | undefined
  /** All that was written has left. */
  drained(): void
  /** Ends the connection for a fault of the peer. */
  end(reason: DisconnectReason): void
}

/** When a peer was last active and last asked, in ticked milliseconds ({@link Watch.tickedMs}). */
export interface Heartbeat {
  activeMs: number
  /** −1 before the first time. */
  askedMs: number
  /** Bytes that had come when last looked at. */
  bytesRead: number
}

/** How far a connection has come, and since when. */
interface Progress {
  /** Bytes that wait to leave; or which packet of the stream is unfinished. */
  mark: number
  sinceMs: number
}

/** The connections of one world that a time limit runs for. */
export interface Watch {
  readonly config: NetworkConfig
  /** Those whose last write the operating system has not taken whole. */
  readonly writing: Map<Watched, Progress>
  /** Those with a read time limit and an unfinished packet. */
  readonly unfinished: Map<Watched, Progress>
  /** Those whose peers are asked for a sign of life when they are silent. */
  readonly pinged: Set<Watched>
  /** Time that has passed in ticks: it stands still while the game is paused. */
  tickedMs: number
  lastTickMs: number
  /** When silent peers were last looked for, in ticked time. */
  lastPingCheckMs: number
}

/** At most this much passes between two ticks for a heartbeat: while a game is paused, no peer looks dead. */
const tickMsMax = 500

/** How often silent peers are looked for. */
const pingCheckIntervalMs = 500

export function createWatch(config: NetworkConfig): Watch {
  return {
    config,
    writing: new Map(),
    unfinished: new Map(),
    pinged: new Set(),
    tickedMs: 0,
    lastTickMs: 0,
    lastPingCheckMs: 0,
  }
}

/** Ends the connections whose time is up, and asks silent peers for a sign of life. */
export function endStalled(watch: Watch): void {
  const { writing, unfinished, pinged, config } = watch
  if (writing.size + unfinished.size + pinged.size === 0) return
  const now = config.clock.now()
  for (const [socket, progress] of writing) {
    const waiting = socket.connection?.pendingBytes ?? 0
    if (waiting === 0) socket.drained()
    else endIfStalled(socket, progress, waiting, socket.settings.writeStallMs ?? Infinity, now)
  }
  for (const [socket, progress] of unfinished) {
    const { stream, isPaused } = socket
    if (isPaused) progress.sinceMs = now
    endIfStalled(socket, progress, stream.cut, socket.settings.readTimeoutMs, now)
  }
  if (pinged.size > 0) pingSilentPeers(watch, now)
}

function endIfStalled(
  socket: Watched,
  progress: Progress,
  mark: number,
  limitMs: number,
  now: number,
): void {
  if (mark !== progress.mark) {
    progress.mark = mark
    progress.sinceMs = now
  } else if (now - progress.sinceMs >= limitMs) socket.end(DisconnectReason.timedOut)
}

/** Nothing of a connection is watched any more. */
export function unwatch(watch: Watch, socket: Watched): void {
  watch.writing.delete(socket)
  watch.unfinished.delete(socket)
  watch.pinged.delete(socket)
  socket.heartbeat = undefined
}

/** Bytes of a connection wait to leave. */
export function watchWriting({ writing, config }: Watch, socket: Watched, waiting: number): void {
  writing.set(socket, { mark: waiting, sinceMs: config.clock.now() })
}

/** Looks whether a packet has begun that is not complete. To be called when bytes have come or the limit has changed. */
export function watchUnfinished({ unfinished, config }: Watch, socket: Watched): void {
  const { settings, stream } = socket
  const { cut } = stream
  if (settings.readTimeoutMs === 0 || !isUnfinished(stream)) unfinished.delete(socket)
  else if (unfinished.get(socket)?.mark !== cut)
    unfinished.set(socket, { mark: cut, sinceMs: config.clock.now() })
}

/** A connection is read again after a pause, which was no fault of its peer. */
export function restartUnfinished({ unfinished, config }: Watch, socket: Watched): void {
  const progress = unfinished.get(socket)
  if (progress !== undefined) progress.sinceMs = config.clock.now()
}

/** From now on a peer that is silent is asked for a sign of life, if the transport can. */
export function watchSilence({ pinged, tickedMs }: Watch, socket: Watched): void {
  if (socket.connection?.ping === undefined) return
  socket.heartbeat = { activeMs: tickedMs, askedMs: -1, bytesRead: 0 }
  pinged.add(socket)
}

function pingSilentPeers(watch: Watch, now: number): void {
  watch.tickedMs += Math.min(Math.max(now - watch.lastTickMs, 0), tickMsMax)
  watch.lastTickMs = now
  if (watch.tickedMs - watch.lastPingCheckMs < pingCheckIntervalMs) return
  watch.lastPingCheckMs = watch.tickedMs
  for (const socket of watch.pinged) checkPeer(watch, socket)
}

function checkPeer({ config, tickedMs }: Watch, socket: Watched): void {
  const { connection, isPaused, heartbeat } = socket
  if (heartbeat === undefined) return
  const bytesRead = connection?.bytesRead ?? 0
  // A pause hides signs of life; and a part of a message is one.
  if (isPaused || bytesRead !== heartbeat.bytesRead) heartbeat.activeMs = tickedMs
  heartbeat.bytesRead = bytesRead
  const { activeMs, askedMs } = heartbeat
  if (askedMs > activeMs) {
    if (tickedMs - askedMs >= config.pongTimeoutMs) socket.end(DisconnectReason.timedOut)
  } else if (tickedMs - activeMs >= config.pingIntervalMs) {
    heartbeat.askedMs = tickedMs
    connection?.ping?.()
  }
}
