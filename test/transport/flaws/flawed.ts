import {
  type Connection,
  type ConnectionEvents,
  type MessageFraming,
  type MessageType,
  type Transport,
} from 'bitecs-networking'

// A suite proves something only if it finds what is wrong: here are transports that each do one thing wrong.

/** One end of a connection of a flawed transport. */
export interface End {
  readonly side: 'near' | 'far'
  /** Who hears of it. */
  readonly hears: ConnectionEvents
  /** The sound connection. */
  readonly sound: Connection
  /** Messages that are no handshake. */
  count: number
  /** What the flaw keeps. */
  kept: Uint8Array | undefined
  isOver: boolean
}

type Tells = (end: End) => Partial<ConnectionEvents>

/** What a transport does wrong. */
export interface Flaw {
  readonly name: string
  readonly tells?: Tells
  readonly does?: (end: End) => Partial<Connection>
  readonly transport?: (sound: Transport) => Partial<Transport>
  /** It is one only with these boundaries. */
  readonly only?: 'stream' | 'message'
  /** The cases that must find it, by parts of their names. */
  readonly finds: readonly string[]
}

/** An object that is another but for some members. */
export function overlay<Whole extends object>(whole: Whole, part: Partial<Whole>): Whole {
  return new Proxy(whole, {
    get(target, key) {
      const value: unknown = Reflect.get(key in part ? part : target, key)
      return typeof value === 'function' && !(key in part) ? value.bind(target) : value
    },
    has: (target, key) => key in part || key in target,
  })
}

function createEnd(side: End['side'], hears: () => ConnectionEvents, sound: () => Connection): End {
  return {
    side,
    get hears() {
      return hears()
    },
    get sound() {
      return sound()
    },
    count: 0,
    kept: undefined,
    isOver: false,
  }
}

/** A transport that is as sound as another but for a flaw. */
export function flawed(
  sound: Transport,
  { tells, does, transport }: Pick<Flaw, 'tells' | 'does' | 'transport'>,
): Transport {
  const whole: Transport = {
    type: sound.type,
    capabilities: sound.capabilities,
    listen: (options, events) =>
      sound.listen(
        options,
        overlay(events, {
          accepted(connection) {
            let hears: ConnectionEvents | undefined
            const end = createEnd(
              'far',
              () => hears!,
              () => connection,
            )
            const heard = overlay<ConnectionEvents>(
              lateEvents(() => hears!),
              tells?.(end) ?? {},
            )
            hears = events.accepted(overlay(connection, does?.(end) ?? {}))
            return heard
          },
        }),
      ),
    connect(options, events) {
      let inner: Connection | undefined
      let shown: Connection | undefined
      const end = createEnd(
        'near',
        () => events,
        () => inner!,
      )
      const show = (connection: Connection): Connection => {
        inner = connection
        return (shown ??= overlay(connection, does?.(end) ?? {}))
      }
      const heard = overlay(events, tells?.(end) ?? {})
      const opened = (connection: Connection): void => heard.opened(show(connection))
      return show(sound.connect(options, overlay(heard, { opened })))
    },
  }
  return overlay(whole, transport?.(whole) ?? {})
}

/** Events for somebody who is not known yet. */
function lateEvents(hears: () => ConnectionEvents): ConnectionEvents {
  return {
    opened: (connection) => hears().opened(connection),
    failed: (error) => hears().failed(error),
    received: (bytes, type) => hears().received(bytes, type),
    drained: () => hears().drained(),
    alive: () => hears().alive(),
    ended: (reason) => hears().ended(reason),
  }
}

/** What becomes of a message. */
export type Change = (end: End, bytes: Uint8Array, type: MessageType | undefined) => void

/** Does something else with the first message that is longer than those of the handshake. */
export function toFirst(change: Change, toOthers: Change = pass): Tells {
  return (end) => ({
    received(bytes, type) {
      if (bytes.length <= 18) pass(end, bytes, type)
      else if (end.count++ === 0) change(end, bytes, type)
      else toOthers(end, bytes, type)
    },
  })
}

/** Does something else with every message. */
export function toAll(change: Change): Tells {
  return (end) => ({ received: (bytes, type) => change(end, bytes, type) })
}

/** Lets a message pass. */
export const pass: Change = ({ hears }, bytes, type) => hears.received(bytes, type)
/** Keeps a message instead of delivering it. */
export const keep: Change = (end, bytes) => void (end.kept = bytes)
/** Runs in a later turn. */
export const later = (run: () => void): void => void setTimeout(run, 0)

/** Gives what is kept behind a message. */
export const giveBehind: Change = (end, bytes, type) => {
  pass(end, bytes, type)
  if (end.kept !== undefined) pass(end, end.kept, type)
  end.kept = undefined
}

/** Gives what is kept in front of a message, as one. */
export const giveJoined: Change = (end, bytes, type) => {
  pass(end, Uint8Array.of(...(end.kept ?? []), ...bytes), type)
  end.kept = undefined
}

/** Frames: 4 bytes for the size, 1 for the type, the message. */
export const soundFraming: MessageFraming = {
  framedBytes: (size) => 5 + size,
  frame(bytes, at, size, type) {
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, size)
    bytes[at + 4] = type
  },
}

/** Lets a connection that gets limits get framed messages. */
export function framed(part: Partial<MessageFraming>): (end: End) => Partial<Connection> {
  return ({ sound }) => ({
    framing: { ...soundFraming, ...part },
    write(bytes) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      const messages: Uint8Array[] = []
      const types: MessageType[] = []
      for (let at = 0; at < bytes.length; at += 5 + view.getUint32(at)) {
        messages.push(bytes.subarray(at + 5, at + 5 + view.getUint32(at)))
        types.push(bytes[at + 4] as MessageType)
      }
      let size = 0
      const ends = messages.map(({ length }) => (size += length))
      sound.write(Buffer.concat(messages), { ends, types })
    },
  })
}
