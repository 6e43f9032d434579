// Peers to whom bytes are on their way that they do not acknowledge. TCP's keep-alive asks only a peer to whom nothing is on its
// way, and Linux repeats lost bytes for about a quarter of an hour (tcp(7), tcp_retries2). Node has no TCP_USER_TIMEOUT, but
// Linux says in /proc/net/tcp how often it has repeated (proc_pid_net(5)).

import { readlinkSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { type Socket } from 'node:net'
import { realClock } from '../../clock/Clock.ts'

const lookEveryMs = 1_000
/** Looks without a byte from a peer before the system is asked. */
const silentLooks = 5
/** The system waits at least 200 ms, and each time twice as long: six repetitions take 12.6 s or more. */
const repetitionsMax = 6
/** One table for each family. Other systems have none. */
const tables = process.platform === 'linux' ? ['/proc/net/tcp', '/proc/net/tcp6'] : []
/** Of an open connection: bytes that are not acknowledged, the timer, how often it has passed, and the number of the socket. */
const row = / 01 ([\dA-F]{8}):\S+ (\d\d):\S+ ([\dA-F]{8}) +\d+ +\d+ (\d+)/g
/** The timer that repeats what is not acknowledged. */
const repeats = '01'

/** A network socket that something was sent by. */
export interface Sending {
  readonly socket: Socket
  /** Bytes that had come at the last look. */
  bytesRead: number
  /** Looks since some came. */
  looks: number
  isWatched: boolean
}

/** The network sockets that have sent something, until their peers have answered or acknowledged it. Idle ones are not in it. */
export class SendWatch {
  readonly #all = new Set<Sending>()
  #cancelLook: (() => void) | undefined

  /** Something was sent. A peer that acknowledges nothing for long ends with the error `ETIMEDOUT`, as the system itself would say. */
  add(socket: Socket): Sending {
    const sending = { socket, bytesRead: socket.bytesRead, looks: 0, isWatched: true }
    if (tables.length === 0) return sending
    this.#all.add(sending)
    this.#lookLater()
    return sending
  }

  /** Its network socket has closed, or its peer lives. */
  delete(sending: Sending): void {
    sending.isWatched = false
    this.#all.delete(sending)
  }

  #lookLater(): void {
    if (this.#cancelLook !== undefined || this.#all.size === 0) return
    this.#cancelLook = realClock.setTimer(() => void this.#look(), lookEveryMs, true)
  }

  async #look(): Promise<void> {
    const suspects = new Map<string, Sending>()
    for (const sending of this.#all)
      if (sending.socket.bytesRead !== sending.bytesRead) this.delete(sending)
      else if (++sending.looks >= silentLooks) suspects.set(numberOf(sending.socket), sending)
    try {
      if (suspects.size > 0)
        for (const table of tables) judge(suspects, await readFile(table, 'latin1'))
    } catch {
      // Without the tables nothing is known of them.
    }
    // What was sent to the others is acknowledged.
    for (const sending of suspects.values()) this.delete(sending)
    this.#cancelLook = undefined
    this.#lookLater()
  }
}

/** Takes those out of the suspects to whom something is on its way, and ends those that are lost. */
function judge(suspects: Map<string, Sending>, table: string): void {
  for (const [, unacknowledged = '', timer, repetitions = '', number = ''] of table.matchAll(row)) {
    const sending = suspects.get(number)
    if (sending === undefined || Number.parseInt(unacknowledged, 16) === 0) continue
    suspects.delete(number)
    if (timer === repeats && Number.parseInt(repetitions, 16) >= repetitionsMax)
      sending.socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }))
  }
}

/** The number that the system has for a network socket (proc_pid_fd(5)); empty when it is closed. */
function numberOf(socket: Socket): string {
  const { fd } = Object((socket as unknown as { _handle: unknown })._handle) as { fd?: number }
  try {
    return readlinkSync(`/proc/self/fd/${fd}`).slice('socket:['.length, -1)
  } catch {
    return ''
  }
}
