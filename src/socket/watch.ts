// Every time limit that ticks look at: peers that take nothing, packets that are never complete, peers that do not answer.
// They are looked at in ticks, so that a game that is paused does not lose its peers, and run while the event loop turns
// (src/clock/patience.ts), so that slow ticks do not make them longer.

import { type Patience } from '../clock/patience.ts'
import { type Progress, setProgress } from '../clock/Progress.ts'
import { Rounds } from '../clock/Rounds.ts'
import { type NetworkConfig } from '../config/NetworkConfig.ts'
import { type SocketSettings } from '../config/SocketSettings.ts'
import { DisconnectReason } from '../constants/DisconnectReason.ts'
import { type ByteStream, isUnfinished } from '../protocol/ByteStream.ts'
import { checkHeartbeat, createHeartbeat, type Heartbeat } from '../protocol/Heartbeat.ts'
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

/** The connections of one world that a time limit runs for. */
export interface Watch {
  readonly config: NetworkConfig
  /** Held while any of them runs. */
  readonly patience: Patience
  /** Those whose last write the operating system has not taken whole: bytes that wait to leave. */
  readonly writing: Map<Watched, Progress>
  /** Those with a read time limit and an unfinished packet: which it is. */
  readonly unfinished: Map<Watched, Progress>
  /** Those whose peers are asked for a sign of life when they are silent. */
  readonly pinged: Rounds<Watched>
}

export function createWatch(config: NetworkConfig, patience: Patience): Watch {
  return {
    config,
    patience,
    writing: new Map(),
    unfinished: new Map(),
    pinged: new Rounds(),
  }
}

/** Ends the connections whose time is up, and asks silent peers for a sign of life. */
export function endStalled(watch: Watch): void {
  const { writing, unfinished, pinged, patience } = watch
  if (writing.size + unfinished.size + pinged.all.size === 0) return
  const now = patience.now()
  const { turnedMs } = patience
  for (const [socket, progress] of writing) {
    const waiting = socket.connection?.pendingBytes ?? 0
    const limitMs = socket.settings.writeStallMs ?? Infinity
    if (waiting === 0) socket.drained()
    // Only bytes that have left are progress: a transport may count others, such as a ping, that wait besides.
    else if (waiting < progress.mark) setProgress(progress, waiting, now)
    else if (turnedMs - progress.sinceMs >= limitMs) socket.end(DisconnectReason.timedOut)
  }
  for (const [socket, progress] of unfinished) {
    const { stream, isPaused, settings } = socket
    if (isPaused || progress.mark !== stream.cut) setProgress(progress, stream.cut, now)
    else if (turnedMs - progress.sinceMs >= settings.readTimeoutMs)
      socket.end(DisconnectReason.timedOut)
  }
  pinged.goOn(turnedMs, (socket) => checkPeer(watch, socket, turnedMs))
}

/** Its time limits need the patience of the world, or not. */
function holdPatience(watch: Watch): void {
  const { writing, unfinished, pinged, patience } = watch
  patience.hold(watch, writing.size + unfinished.size + pinged.all.size > 0)
}

/** Nothing of a connection is watched any more. */
export function unwatch(watch: Watch, socket: Watched): void {
  watch.writing.delete(socket)
  watch.unfinished.delete(socket)
  watch.pinged.all.delete(socket)
  socket.heartbeat = undefined
  holdPatience(watch)
}

/** Bytes of a connection wait to leave; 0 when all have left. */
export function watchWriting(watch: Watch, socket: Watched, waiting: number): void {
  const { writing, patience } = watch
  if (waiting > 0) writing.set(socket, { mark: waiting, sinceMs: patience.now() })
  else if (!writing.delete(socket)) return
  holdPatience(watch)
}

/** Looks whether a packet has begun that is not complete. To be called when bytes have come or the limit has changed. */
export function watchUnfinished(watch: Watch, socket: Watched): void {
  const { unfinished, patience } = watch
  const { settings, stream } = socket
  const { cut } = stream
  if (settings.readTimeoutMs === 0 || !isUnfinished(stream)) unfinished.delete(socket)
  else if (unfinished.get(socket)?.mark !== cut)
    unfinished.set(socket, { mark: cut, sinceMs: patience.now() })
  holdPatience(watch)
}

/** A connection is read again after a pause, which was no fault of its peer. */
export function restartUnfinished({ unfinished, patience }: Watch, socket: Watched): void {
  const progress = unfinished.get(socket)
  if (progress !== undefined) progress.sinceMs = patience.now()
}

/** From now on a peer that is silent is asked for a sign of life, if the transport can. */
export function watchSilence(watch: Watch, socket: Watched): void {
  if (socket.connection?.ping === undefined) return
  socket.heartbeat = createHeartbeat(watch.patience.now())
  watch.pinged.all.add(socket)
  holdPatience(watch)
}

/** A peer has given a sign of life. */
export function noteActive({ patience }: Watch, { heartbeat }: Watched): void {
  if (heartbeat !== undefined) heartbeat.activeMs = patience.turnedMs
}

function checkPeer({ config }: Watch, socket: Watched, turnedMs: number): void {
  const { connection, isPaused, heartbeat } = socket
  if (heartbeat === undefined) return
  const { bytesRead = 0 } = connection ?? {}
  const due = checkHeartbeat(heartbeat, turnedMs, bytesRead, isPaused, config)
  if (due === 'lost') socket.end(DisconnectReason.timedOut)
  else if (due === 'ask') connection?.ping?.()
}
