// Peers to whom bytes are on their way that they do not acknowledge. TCP's keep-alive asks only a peer to whom nothing is on its
// way, and Linux repeats lost bytes for about a quarter of an hour (tcp(7), tcp_retries2). Node has no TCP_USER_TIMEOUT, but
// Linux says in /proc/net/tcp how often it has repeated (proc_pid_net(5)).

import { readlinkSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { type Socket } from 'node:net'
import { realClock } from '../../clock/Clock.ts'
import { noAnswer } from './systemErrors.ts'

const lookEveryMs = 1_000
/** Looks without a byte from a peer before the system is asked. */
const silentLooks = 5
/** The system waits at least 200 ms, and each time twice as long: six repetitions take 12.6 s or more. */
const repetitionsMax = 6
/** Of an open connection whose timer for what is not acknowledged runs: how often it has passed, and the number of the socket. */
const row = / 01 \S+ 01:\S+ ([\dA-F]{8}) +\d+ +\d+ (\d+)/g

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
    if (process.platform === 'linux') this.#all.add(sending)
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
    // One table for each family.
    if (suspects.size > 0)
      for (const table of ['tcp', 'tcp6']) judge(suspects, await readTable(table))
    // What was sent to the others is acknowledged.
    for (const sending of suspects.values()) this.delete(sending)
    this.#cancelLook = undefined
    this.#lookLater()
  }
}

/** Takes those out of the suspects to whom something is on its way, and ends those that are lost. */
function judge(suspects: Map<string, Sending>, table: string): void {
  for (const [, repetitions, number = ''] of table.matchAll(row)) {
    const sending = suspects.get(number)
    suspects.delete(number)
    if (Number(`0x${repetitions}`) >= repetitionsMax) sending?.socket.destroy(noAnswer())
  }
}

/** Without a table nothing is known of those that it would have. */
function readTable(name: string): Promise<string> {
  return readFile(`/proc/net/${name}`, 'latin1').catch(() => '')
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
