import { addEntity, createWorld, type EntityId, hasComponent, type World } from 'bitecs'
import {
  closeNetwork,
  Connected,
  createSocket,
  Disconnected,
  getBufferBytes,
  NetworkSystem,
  NetworkType,
  onNetworking,
  type SocketType,
  startTicks,
} from 'bitecs-networking'

/** How a page's game may run its ticks. */
export type Loop = 'frames' | 'interval' | 'startTicks'

/** What an event has told a page. */
export interface Told {
  readonly type: number
  /** Whether `id` is the client socket. */
  readonly isSocket: boolean
  readonly ip: string
  readonly port: number
  readonly succeeded?: number
  readonly size?: number
  readonly messageType?: number
  /** The first 100 bytes as text. */
  readonly text?: string
}

const { requestAnimationFrame } = globalThis as unknown as {
  readonly requestAnimationFrame: (step: () => void) => void
}

const textOf = (bytes: Uint8Array): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, 100))

/** A page's game: a world with a client socket, and its ticks. */
export class PageGame {
  readonly world: World = createWorld()
  readonly socket: EntityId
  readonly told: Told[] = []
  /** The messages that have arrived. */
  readonly messages: Uint8Array[] = []
  ticks = 0
  #isRunning = true

  constructor(type: SocketType, loop: Loop = 'interval') {
    this.socket = createSocket(this.world, type)
    onNetworking(this.world, addEntity(this.world), (_world, _self, load) => {
      const isData = load.type === NetworkType.data
      const bytes = isData ? getBufferBytes(load.buffer).slice(0, load.size) : undefined
      if (bytes !== undefined) this.messages.push(bytes)
      this.told.push({
        type: load.type,
        isSocket: load.id === this.socket,
        ip: load.ip,
        port: load.port,
        ...(isData
          ? { size: load.size, messageType: load.message_type ?? 0, text: textOf(bytes!) }
          : { succeeded: load.succeeded }),
      })
    })
    this.#run(loop)
  }

  #run(loop: Loop): void {
    const tick = (): void => {
      this.ticks++
      NetworkSystem(this.world)
    }
    if (loop === 'frames') {
      const frame = (): void => {
        tick()
        if (this.#isRunning) requestAnimationFrame(frame)
      }
      requestAnimationFrame(frame)
    } else if (loop === 'interval') {
      const timer = setInterval(() => {
        if (this.#isRunning) tick()
        else clearInterval(timer)
      }, 1000 / 60)
    } else {
      const ticks = startTicks(
        () => {
          if (this.#isRunning) tick()
          else ticks.stop()
        },
        { hz: 60 },
      )
    }
  }

  async until(condition: () => boolean, what: string): Promise<void> {
    const end = performance.now() + 8_000
    while (!condition()) {
      if (performance.now() > end) throw new Error(`not in time: ${what}`)
      await new Promise((resolve) => {
        setTimeout(resolve, 2)
      })
    }
  }

  /** The names of the entity's tags. */
  get state(): string[] {
    const has = (tag: object): boolean => hasComponent(this.world, this.socket, tag)
    return [
      ...(has(Connected) ? ['Connected'] : []),
      ...(has(Disconnected) ? ['Disconnected'] : []),
    ]
  }

  close(): void {
    this.#isRunning = false
    closeNetwork(this.world)
  }
}
