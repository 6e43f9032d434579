import { WebSocketFraming } from '../protocol/webSocket/WebSocketFraming.ts'
import {
  type CloseCause,
  type Connection,
  type MessageFraming,
  type MessageLimits,
} from '../transport/Transport.ts'
import { Ability, CloseHow, type NewEntry, ValueOf } from './entries.ts'

const serverFraming = /* @__PURE__ */ new WebSocketFraming()
const none: readonly number[] = []

/** What a connection of a replay asks of it. */
export interface ReplayedProgram {
  /** The program does something. Returns what the network has answered. */
  output(made: NewEntry): number
  /** What the program asks of an end. */
  value(id: number, of: ValueOf): number
}

/** A connection of a replay: there is no network behind it. */
export class ReplayConnection implements Connection {
  remoteIp = ''
  remotePort = 0
  localPort = 0
  readonly handshakeMs: number
  framing: MessageFraming | undefined
  ping?: () => void
  isClosing?: () => boolean
  readonly #replayer: ReplayedProgram
  readonly #id: number

  constructor(replayer: ReplayedProgram, id: number, handshakeMs = 0) {
    this.#replayer = replayer
    this.#id = id
    this.handshakeMs = handshakeMs
  }

  /** What is known of it once it is open. */
  open(ip: string, ports: readonly number[], abilities: number): void {
    const [remotePort = 0, localPort = 0] = ports
    this.remoteIp = ip
    this.remotePort = remotePort
    this.localPort = localPort
    if ((abilities & Ability.framing) !== 0) this.framing = serverFraming
    // Its answer comes from the recording.
    if ((abilities & Ability.ping) !== 0) this.ping = () => {}
    if ((abilities & Ability.isClosing) !== 0)
      this.isClosing = () => this.#replayer.value(this.#id, ValueOf.isClosing) === 1
  }

  get pendingBytes(): number {
    return this.#replayer.value(this.#id, ValueOf.pendingBytes)
  }

  get bytesRead(): number {
    return this.#replayer.value(this.#id, ValueOf.bytesRead)
  }

  write(bytes: Uint8Array, messages?: MessageLimits): void {
    const { ends = none, types = none } = messages ?? {}
    this.#replayer.output({ name: 'write', id: this.#id, ends, types, bytes })
  }

  pause(): void {}

  resume(): void {}

  close(cause: CloseCause = 'done'): void {
    this.#end(CloseHow[cause])
  }

  reset(): void {
    this.#end(CloseHow.reset)
  }

  #end(how: number): void {
    this.#replayer.output({ name: 'close', id: this.#id, how })
  }
}
