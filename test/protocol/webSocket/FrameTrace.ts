import { MessageType } from 'bitecs-networking'
import * as assert from 'uvu/assert'
import {
  createFrameReader,
  endReader,
  feedFrames,
  type FrameReader,
  type FrameReaderSink,
} from '../../../src/protocol/webSocket/FrameReader.ts'

export type Role = 'server' | 'client'

export const roles: readonly Role[] = ['server', 'client']

/** What a reader is, and whether its sink takes runs of frames. */
export interface Setting {
  role: Role
  limit?: number
  hasRuns?: boolean
}

/** The events of a message, a ping and a fault as the cases write them. */
export const binary = (hex: string): string => `binary ${hex}`
export const text = (hex: string): string => `text ${hex}`
export const ping = (hex: string): string => `ping ${hex}`
export const malformed = (code: number): string => `malformed ${code}`
export const tooLarge = 'tooLarge 1009'

/** A reader and all that it has emitted. */
export class FrameTrace {
  readonly reader: FrameReader
  readonly events: string[] = []
  /** How often frames came as a run. */
  runs = 0
  /** Runs at the end of each call of the sink. */
  onCall: (name: keyof FrameReaderSink) => void = () => {}
  /** How bytes become the text of an event. */
  show: (bytes: Uint8Array) => string = hexOf
  readonly #sink: FrameReaderSink

  constructor({ role, limit = 1_000, hasRuns = false }: Setting) {
    this.reader = createFrameReader(role, limit)
    const sink: FrameReaderSink = {
      message: (bytes, type) => {
        assert.is(Object.getPrototypeOf(bytes), Uint8Array.prototype)
        const name = type === MessageType.text ? 'text' : 'binary'
        this.#add('message', `${name} ${this.show(bytes)}`)
      },
      ping: (payload) => this.#add('ping', `ping ${this.show(payload)}`),
      pong: () => this.#add('pong', 'pong'),
      close: (code) => this.#add('close', `close ${code}`),
      fault: (kind, code) => this.#add('fault', `${kind} ${code}`),
    }
    this.#sink = hasRuns ? { ...sink, frames: (...run) => this.#addRun(...run) } : sink
  }

  /** Feeds a copy that is overwritten then, with other bytes around it: what the reader keeps must be its own. */
  feed(chunk: Uint8Array): void {
    const edge = 3
    const memory = new Uint8Array(chunk.length + 2 * edge).fill(0xee)
    const bytes = memory.subarray(edge, edge + chunk.length)
    bytes.set(chunk)
    feedFrames(this.reader, bytes, new DataView(memory.buffer, edge, chunk.length), this.#sink)
    bytes.fill(0xee)
    if (memory.some((byte) => byte !== 0xee)) assert.unreachable('wrote beyond the chunk')
  }

  end(): void {
    endReader(this.reader)
  }

  #add(name: keyof FrameReaderSink, event: string): void {
    this.events.push(event)
    this.onCall(name)
  }

  #addRun(bytes: Uint8Array, view: DataView, count: number): void {
    let at = 0
    assert.equal([view.byteOffset, view.byteLength], [bytes.byteOffset, bytes.length])
    assert.is(view.buffer, bytes.buffer)
    for (let index = 0; index < count; index++) {
      assert.is(bytes[at], 0x82)
      const second = bytes[at + 1]!
      let size = second & 0x7f
      at += 2
      assert.is.not(size, 127, 'the frames of a run are below 64 KiB')
      if (size === 126) {
        size = view.getUint16(at)
        at += 2
      }
      if (second >= 0x80) at += 4
      this.events.push(`binary ${this.show(bytes.subarray(at, at + size))}`)
      at += size
    }
    assert.is(at, bytes.length, 'count and bytes of a run agree')
    assert.ok(count > 0)
    this.runs++
    this.onCall('frames')
  }
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}

/** A frame: its first byte, its payload in hex, and how its length is written if not in the shortest way. */
export type Frame = readonly [first: number, payload?: string, form?: 7 | 16 | 64]

/** The header of a frame whose payload does not follow: its first byte, and its length as it is written. */
export type Announcement = { readonly first: number; readonly length: string }

const maskHex = '37fa213d'

/** The bytes of frames as the peer of `role` sends them. */
export function framesTo(role: Role, frames: readonly (Frame | Announcement)[]): Uint8Array {
  return Buffer.from(frames.map((frame) => hexOfFrame(role, frame)).join(''), 'hex')
}

function hexOfFrame(role: Role, frame: Frame | Announcement): string {
  if ('first' in frame) return headerOf(role, frame.first, frame.length)
  const [first, payload = '', form = formOf(payload.length / 2)] = frame
  const size = payload.length / 2
  const long = size.toString(16).padStart(form / 4, '0')
  const length =
    form === 7 ? size.toString(16).padStart(2, '0') : (form === 16 ? '7e' : '7f') + long
  return headerOf(role, first, length) + (role === 'server' ? maskedHex(payload) : payload)
}

function formOf(size: number): 7 | 16 | 64 {
  if (size < 126) return 7
  return size < 65_536 ? 16 : 64
}

function headerOf(role: Role, first: number, length: string): string {
  const start = first.toString(16).padStart(2, '0')
  if (role === 'client') return start + length
  const second = (Number.parseInt(length.slice(0, 2), 16) | 0x80).toString(16)
  return start + second + length.slice(2) + maskHex
}

function maskedHex(payload: string): string {
  const mask = Buffer.from(maskHex, 'hex')
  return hexOf(Buffer.from(payload, 'hex').map((byte, index) => byte ^ mask[index % 4]!))
}
