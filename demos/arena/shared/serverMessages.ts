// What the server sends to players. The first byte tells what it is; numbers are little-endian, as GameMaker's buffers have
// them, texts end with a zero byte.
//
// | id | kind    | then                                                                               |
// |----|---------|------------------------------------------------------------------------------------|
// | 1  | welcome | u8 version, u32 ship, its net id                                                   |
// | 2  | sight   | u32 tick, u8 charge 0..255, u8 n ships, the own one first, u8 n gems                |
// |    | a ship  | u32 net id, u16 x, u16 y, u16 score                                                |
// |    | a gem   | u32 net id, u16 x, u16 y                                                           |
// | 3  | said    | string name (none is the server), u16 hue 0..359, string text                      |
// | 4  | pong    | u32 token of the ping                                                              |
// | 5  | log     | u8 n; each u32 tick, u8 type, u16 id, string ip, u16 port, u32 size, u8 n, n bytes |
// | 6  | refused | u8 reason (`RefusedReason`), string text                                           |
// | 7  | prove   | u32 token: UDP, where senders can be forged; join again with this as the proof     |
//
// Only those who have not joined the replication (arenaWorld.ts) get sights: UDP carries none.
import {
  BufferType,
  type NetworkBuffer,
  seekBuffer,
  SeekBase,
  writeBuffer,
} from 'bitecs-networking'
import { MessageReader } from './MessageReader.ts'
import { type GemState } from './picture.ts'

/** What a sight has of a ship. */
export interface SeenShip {
  readonly player: number
  readonly x: number
  readonly y: number
  readonly score: number
}

/** One Networking event of the server. */
export interface LoggedEvent {
  readonly tick: number
  /** A `NetworkType`. */
  readonly type: number
  readonly id: number
  readonly ip: string
  readonly port: number
  /** Bytes of a data event; 0 for others. */
  readonly size: number
  /** The first bytes of it. */
  readonly bytes: Uint8Array
}

export type ServerMessage =
  | { readonly kind: 'welcome'; readonly version: number; readonly ship: number }
  | {
      readonly kind: 'sight'
      readonly tick: number
      /** 0..1; at 1 the own ship can dash. */
      readonly charge: number
      readonly ships: readonly SeenShip[]
      readonly gems: readonly GemState[]
    }
  | {
      readonly kind: 'said'
      readonly name: string
      readonly hue: number
      readonly text: string
    }
  | { readonly kind: 'pong'; readonly token: number }
  | { readonly kind: 'log'; readonly events: readonly LoggedEvent[] }
  | { readonly kind: 'refused'; readonly reason: number; readonly text: string }
  | { readonly kind: 'prove'; readonly token: number }

const ids = { welcome: 1, sight: 2, said: 3, pong: 4, log: 5, refused: 6, prove: 7 } as const

/** Writes a message from the start of a buffer that grows. Its size is then what `tellBuffer` gives. */
export function writeServerMessage(buffer: NetworkBuffer, message: ServerMessage): void {
  seekBuffer(buffer, SeekBase.start, 0)
  const { u8, u16, u32, string } = BufferType
  writeBuffer(buffer, u8, ids[message.kind])
  switch (message.kind) {
    case 'welcome':
      writeBuffer(buffer, u8, message.version)
      writeBuffer(buffer, u32, message.ship)
      break
    case 'sight':
      writeBuffer(buffer, u32, message.tick)
      writeBuffer(buffer, u8, Math.floor(message.charge * 255))
      writeList(buffer, message.ships, writeShip)
      writeList(buffer, message.gems, writeGem)
      break
    case 'said':
      writeBuffer(buffer, string, message.name)
      writeBuffer(buffer, u16, message.hue)
      writeBuffer(buffer, string, message.text)
      break
    case 'pong':
    case 'prove':
      writeBuffer(buffer, u32, message.token)
      break
    case 'log':
      writeList(buffer, message.events, writeEvent)
      break
    case 'refused':
      writeBuffer(buffer, u8, message.reason)
      writeBuffer(buffer, string, message.text)
  }
}

/** Reads a message; `undefined` for bytes that are none. */
export function readServerMessage(buffer: NetworkBuffer): ServerMessage | undefined {
  const reader = new MessageReader(buffer)
  const message = readAny(reader)
  return reader.failed ? undefined : message
}

function readAny(reader: MessageReader): ServerMessage | undefined {
  switch (reader.u8()) {
    case ids.welcome:
      return { kind: 'welcome', version: reader.u8(), ship: reader.u32() }
    case ids.sight:
      return {
        kind: 'sight',
        tick: reader.u32(),
        charge: reader.u8() / 255,
        ships: readList(reader, readShip),
        gems: readList(reader, readGem),
      }
    case ids.said:
      return { kind: 'said', name: reader.string(), hue: reader.u16(), text: reader.string() }
    case ids.pong:
      return { kind: 'pong', token: reader.u32() }
    case ids.log:
      return { kind: 'log', events: readList(reader, readEvent) }
    case ids.refused:
      return { kind: 'refused', reason: reader.u8(), text: reader.string() }
    case ids.prove:
      return { kind: 'prove', token: reader.u32() }
    default:
      return undefined
  }
}

function writeList<Item>(
  buffer: NetworkBuffer,
  items: readonly Item[],
  write: (buffer: NetworkBuffer, item: Item) => void,
): void {
  writeBuffer(buffer, BufferType.u8, items.length)
  for (const item of items) write(buffer, item)
}

function readList<Item>(reader: MessageReader, read: (reader: MessageReader) => Item): Item[] {
  const items: Item[] = []
  for (let left = reader.u8(); left > 0; left--) items.push(read(reader))
  return items
}

function writeShip(buffer: NetworkBuffer, { player, x, y, score }: SeenShip): void {
  writeBuffer(buffer, BufferType.u32, player)
  writeBuffer(buffer, BufferType.u16, x)
  writeBuffer(buffer, BufferType.u16, y)
  writeBuffer(buffer, BufferType.u16, score)
}

function readShip(reader: MessageReader): SeenShip {
  return { player: reader.u32(), x: reader.u16(), y: reader.u16(), score: reader.u16() }
}

function writeGem(buffer: NetworkBuffer, { gem, x, y }: GemState): void {
  writeBuffer(buffer, BufferType.u32, gem)
  writeBuffer(buffer, BufferType.u16, x)
  writeBuffer(buffer, BufferType.u16, y)
}

function readGem(reader: MessageReader): GemState {
  return { gem: reader.u32(), x: reader.u16(), y: reader.u16() }
}

function writeEvent(buffer: NetworkBuffer, event: LoggedEvent): void {
  writeBuffer(buffer, BufferType.u32, event.tick)
  writeBuffer(buffer, BufferType.u8, event.type)
  writeBuffer(buffer, BufferType.u16, event.id)
  writeBuffer(buffer, BufferType.string, event.ip)
  writeBuffer(buffer, BufferType.u16, event.port)
  writeBuffer(buffer, BufferType.u32, event.size)
  writeBuffer(buffer, BufferType.u8, event.bytes.length)
  for (const byte of event.bytes) writeBuffer(buffer, BufferType.u8, byte)
}

function readEvent(reader: MessageReader): LoggedEvent {
  return {
    tick: reader.u32(),
    type: reader.u8(),
    id: reader.u16(),
    ip: reader.string(),
    port: reader.u16(),
    size: reader.u32(),
    bytes: reader.bytes(reader.u8()),
  }
}
