// Connections of the bare interface, without worlds.

import {
  type Connection,
  type Listener,
  MessageType,
  type NetworkError,
  networkErrorName,
  type Transport,
} from '../index.ts'
import { Ear } from './Ear.ts'
import { expect } from './expect.ts'
import { frameMessages } from './frameMessages.ts'
import { findFault, isThere, join } from './messages.ts'
import { type Stage } from './Stage.ts'

/** A listener, without a world, and who has come. */
export interface Ears {
  readonly listener: Listener
  readonly accepted: Ear[]
  readonly errors: readonly NetworkError[]
}

/** Both ends of a connection, without worlds. */
export interface Wire {
  readonly ears: Ears
  /** The end that has connected. */
  readonly near: Ear
  /** The end that was accepted. */
  readonly far: Ear
}

/** Messages above this are not tried here, in bytes. */
const messageBytesMax = 64 * 1024 * 1024

/** The transport, which has connections where these cases are played. */
function transportOf({ subject }: Stage): Transport {
  return subject.transport as Transport
}

/** Begins to listen; the listener, or the code that it answers. */
export function tryToListen(
  stage: Stage,
  port: number,
  onAccepted: (ear: Ear) => void = () => {},
): Ears | NetworkError {
  const { host, certificate, path, origins, protocol = '' } = stage.subject.server
  const accepted: Ear[] = []
  const errors: NetworkError[] = []
  const listener = transportOf(stage).listen(
    {
      port,
      host,
      messageBytesMax,
      handshakeTimeoutMs: stage.subject.patienceMs,
      certificate,
      webSocket: { path, origins, protocol },
    },
    {
      accepted(connection) {
        const ear = new Ear()
        ear.connection = connection
        accepted.push(ear)
        stage.atEnd(() => connection.reset())
        onAccepted(ear)
        return ear
      },
      listening() {},
      failed: (error) => errors.push(error),
      warned() {},
      rejected() {},
    },
  )
  if (typeof listener === 'number') return listener
  stage.atEnd(() => listener.close())
  return { listener, accepted, errors }
}

/** Listens on a free port. */
export async function listen(stage: Stage, onAccepted?: (ear: Ear) => void): Promise<Ears> {
  const ears = tryToListen(stage, 0, onAccepted)
  if (typeof ears === 'number')
    throw new Error(`expected: listen gives a listener, not ${networkErrorName(ears) ?? ears}`)
  await stage.until(() => ears.listener.port > 0, 'the listener has a port')
  return ears
}

/** Begins to connect; what `connect` returns. */
export function connect(stage: Stage, port: number, ear: Ear): Connection {
  const { host, connect, patienceMs: timeoutMs } = stage.subject
  const { protocol = '', ca } = connect
  const options = { host, port, timeoutMs, messageBytesMax, protocol, ca }
  const connection = transportOf(stage).connect(options, ear)
  stage.atEnd(() => connection.reset())
  return connection
}

/** Connects to a listener. */
export async function joinListener(stage: Stage, ears: Ears): Promise<Wire> {
  const near = new Ear()
  const before = ears.accepted.length
  near.connection = connect(stage, ears.listener.port, near)
  await stage.until(() => near.count('opened') > 0, 'opened is told')
  await stage.until(() => ears.accepted.length > before, 'accepted is told')
  return { ears, near, far: ears.accepted[before]! }
}

export async function openWire(stage: Stage): Promise<Wire> {
  return joinListener(stage, await listen(stage))
}

/** Writes messages at once, as the game's outbox does; the bytes that were handed over. */
export function write(
  { subject }: Stage,
  { connection }: Ear,
  messages: readonly Uint8Array[],
  types: readonly MessageType[] = messages.map(() => MessageType.binary),
): Uint8Array {
  const { framing } = connection!
  if (framing !== undefined) {
    const framed = frameMessages(framing, messages, types)
    connection!.write(framed)
    return framed
  }
  const bytes = join(messages)
  if (subject.capabilities.boundaries === 'stream') {
    connection!.write(bytes)
    return bytes
  }
  let end = 0
  const limits = { ends: messages.map(({ length }) => (end += length)), types: [...types] }
  connection!.write(bytes, limits)
  // They hold only during the call.
  limits.ends.fill(0)
  limits.types.fill(MessageType.binary)
  return bytes
}

/** Waits for messages and compares them with what was written. */
export async function expectReceived(
  stage: Stage,
  ear: Ear,
  sent: readonly Uint8Array[],
): Promise<void> {
  const { capabilities } = stage.subject
  let fault: string | undefined
  try {
    await stage.until(() => isThere(sent, ear.messages, capabilities), 'what was written arrives')
  } catch (error) {
    fault = findFault(sent, ear.messages, capabilities)
    if (fault === undefined) throw error
  }
  await stage.settle()
  fault = findFault(sent, ear.messages, capabilities)
  expect(fault === undefined, `what was written is what arrives; ${fault}`)
}
