import { type EntityId, type World } from 'bitecs'
import { createMemoryDatagrams } from 'bitecs-networking'
import {
  type MessageForm,
  observeTraffic,
  type SentMessage,
  type TrafficObserver,
} from 'bitecs-networking/traffic'
import { lineOf } from '../lib/recordEvents.ts'
import { withMemory } from '../lib/withNet.ts'

/** A list of the lines of what an observer receives: one list for each call. */
export function ticksOf(world: World): string[][] {
  const ticks: string[][] = []
  observeTraffic(world, { received: (events) => ticks.push(Array.from(events, lineOf)) })
  return ticks
}

/** Keeps what an observer sees sent: one list for each call. */
export function sendsOf(world: World): (readonly SentMessage[])[] {
  const calls: (readonly SentMessage[])[] = []
  observeTraffic(world, { sent: (messages) => calls.push(messages) })
  return calls
}

/** A message as the test compares it. */
export function row({
  socket,
  form,
  bytes,
}: SentMessage): [socket: EntityId, form: MessageForm, text: string] {
  return [socket, form, Buffer.from(bytes).toString()]
}

/** A callback that throws. */
export function fault(name: string): () => void {
  return () => {
    throw new Error(name)
  }
}

/** Counts its calls; `then` runs in each. */
export function createCounter(then: () => void = () => {}): TrafficObserver & { calls: number } {
  const counter = {
    calls: 0,
    received: () => count(),
    sent: () => count(),
  }
  const count = (): void => {
    counter.calls++
    then()
  }
  return counter
}

/** Counts how often a part of it is taken. (Packets as small as here are put into the outbox without that.) */
export class CountedBytes extends Uint8Array {
  taken = 0

  override subarray(begin?: number, end?: number): Uint8Array<ArrayBuffer> {
    this.taken++
    return new Uint8Array(this).subarray(begin, end)
  }
}

/** A UDP server on `port`, and a socket in another world that can send to it. */
export interface DatagramCase {
  readonly host: World
  readonly port: number
  readonly guest: World
  readonly client: EntityId
}

export function withDatagrams(run: (it: DatagramCase) => void): () => Promise<void> {
  return withMemory((net) => {
    const { world: host, port } = net.server()
    const { world: guest, socket: client } = net.client()
    run({ host, port, guest, client })
  }, createMemoryDatagrams())
}
