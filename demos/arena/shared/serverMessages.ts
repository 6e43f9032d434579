// What the server sends to players. The first byte tells what it is; numbers are little-endian, as GameMaker's buffers have
// them, texts end with a zero byte.
//
// | id | kind     | then                                                                              |
// |----|----------|-----------------------------------------------------------------------------------|
// | 1  | welcome  | u8 version, u16 player, u16 width, u16 height, u8 ticks a second                  |
// | 2  | snapshot | u32 tick, u8 n, n ships, u8 n, n gems                                             |
// |    | a ship   | u16 player, f32 x, y, vx, vy, u8 1 while it dashes, u8 charge 0..255, u16 score   |
// |    | a gem    | u16 gem, u16 x, u16 y                                                             |
// | 3  | roster   | u8 n; each u16 player, u16 hue 0..359, u8 `SocketType`, string name               |
// | 4  | said     | u16 player (0 is the server), string text                                         |
// | 5  | pong     | u32 token of the ping                                                             |
// | 6  | log      | u8 n; each u32 tick, u8 type, u16 id, string ip, u16 port, u32 size, u8 n, n bytes |
// | 7  | refused  | u8 reason (`RefusedReason`), string text                                          |
// | 8  | prove    | u32 token: UDP, where senders can be forged; join again with this as the proof    |
import {
  BufferType,
  type NetworkBuffer,
  peekBuffer,
  seekBuffer,
  SeekBase,
  writeBuffer,
} from 'bitecs-networking'
import { MessageReader } from './MessageReader.ts'

export interface ShipState {
  readonly player: number
  readonly x: number
  readonly y: number
  readonly vx: number
  readonly vy: number
  readonly dashing: boolean
  /** 0..1; at 1 the ship can dash. */
  readonly charge: number
  readonly score: number
}

export interface GemState {
  readonly gem: number
  readonly x: number
  readonly y: number
}

/** What of a player changes seldom. */
export interface RosterEntry {
  readonly player: number
  /** Colour, in degrees. */
  readonly hue: number
  /** The `SocketType` that this player is connected by. */
  readonly socketType: number
  readonly name: string
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
  | {
      readonly kind: 'welcome'
      readonly version: number
      readonly player: number
      readonly width: number
      readonly height: number
      readonly ticksPerSecond: number
    }
  | {
      readonly kind: 'snapshot'
      readonly tick: number
      readonly ships: readonly ShipState[]
      readonly gems: readonly GemState[]
    }
  | { readonly kind: 'roster'; readonly entries: readonly RosterEntry[] }
  | { readonly kind: 'said'; readonly player: number; readonly text: string }
  | { readonly kind: 'pong'; readonly token: number }
  | { readonly kind: 'log'; readonly events: readonly LoggedEvent[] }
  | { readonly kind: 'refused'; readonly reason: number; readonly text: string }
  | { readonly kind: 'prove'; readonly token: number }

const ids = {
  welcome: 1,
  snapshot: 2,
  roster: 3,
  said: 4,
  pong: 5,
  log: 6,
  refused: 7,
  prove: 8,
} as const

/** Writes a message from the start of a buffer that grows. Its size is then what `tellBuffer` gives. */
export function writeServerMessage(buffer: NetworkBuffer, message: ServerMessage): void {
  seekBuffer(buffer, SeekBase.start, 0)
  const { u8, u16, u32, string } = BufferType
  writeBuffer(buffer, u8, ids[message.kind])
  switch (message.kind) {
    case 'welcome':
      writeBuffer(buffer, u8, message.version)
      writeBuffer(buffer, u16, message.player)
      writeBuffer(buffer, u16, message.width)
      writeBuffer(buffer, u16, message.height)
      writeBuffer(buffer, u8, message.ticksPerSecond)
      break
    case 'snapshot':
      writeBuffer(buffer, u32, message.tick)
      writeList(buffer, message.ships, writeShip)
      writeList(buffer, message.gems, writeGem)
      break
    case 'roster':
      writeList(buffer, message.entries, writeEntry)
      break
    case 'said':
      writeBuffer(buffer, u16, message.player)
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

const kinds = new Map(Object.entries(ids).map(([kind, id]) => [id, kind as ServerMessage['kind']]))

/** What a message is, by its first byte alone; `undefined` for bytes that are none. */
export function kindOfServerMessage(buffer: NetworkBuffer): ServerMessage['kind'] | undefined {
  const id = peekBuffer(buffer, 0, BufferType.u8)
  return kinds.get(id as (typeof ids)[keyof typeof ids])
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
      return {
        kind: 'welcome',
        version: reader.u8(),
        player: reader.u16(),
        width: reader.u16(),
        height: reader.u16(),
        ticksPerSecond: reader.u8(),
      }
    case ids.snapshot:
      return {
        kind: 'snapshot',
        tick: reader.u32(),
        ships: readList(reader, readShip),
        gems: readList(reader, readGem),
      }
    case ids.roster:
      return { kind: 'roster', entries: readList(reader, readEntry) }
    case ids.said:
      return { kind: 'said', player: reader.u16(), text: reader.string() }
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

function writeShip(buffer: NetworkBuffer, ship: ShipState): void {
  writeBuffer(buffer, BufferType.u16, ship.player)
  for (const value of [ship.x, ship.y, ship.vx, ship.vy]) writeBuffer(buffer, BufferType.f32, value)
  writeBuffer(buffer, BufferType.u8, ship.dashing ? 1 : 0)
  writeBuffer(buffer, BufferType.u8, Math.floor(ship.charge * 255))
  writeBuffer(buffer, BufferType.u16, ship.score)
}

function readShip(reader: MessageReader): ShipState {
  return {
    player: reader.u16(),
    x: reader.f32(),
    y: reader.f32(),
    vx: reader.f32(),
    vy: reader.f32(),
    dashing: reader.u8() !== 0,
    charge: reader.u8() / 255,
    score: reader.u16(),
  }
}

function writeGem(buffer: NetworkBuffer, { gem, x, y }: GemState): void {
  for (const value of [gem, x, y]) writeBuffer(buffer, BufferType.u16, value)
}

function readGem(reader: MessageReader): GemState {
  return { gem: reader.u16(), x: reader.u16(), y: reader.u16() }
}

function writeEntry(buffer: NetworkBuffer, entry: RosterEntry): void {
  writeBuffer(buffer, BufferType.u16, entry.player)
  writeBuffer(buffer, BufferType.u16, entry.hue)
  writeBuffer(buffer, BufferType.u8, entry.socketType)
  writeBuffer(buffer, BufferType.string, entry.name)
}

function readEntry(reader: MessageReader): RosterEntry {
  return {
    player: reader.u16(),
    hue: reader.u16(),
    socketType: reader.u8(),
    name: reader.string(),
  }
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
