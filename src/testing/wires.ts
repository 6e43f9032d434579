// Connections of the bare interface, without worlds.

import {
  type Connection,
  type Listener,
  MessageType,
  type NetworkError,
  networkErrorName,
  type Transport,
} from '../index.ts'
import { ConnectionRecorder } from './ConnectionRecorder.ts'
import { expect } from './expect.ts'
import { frameMessages } from './frameMessages.ts'
import { findFault, isThere, join } from './messages.ts'
import { type Stage } from './Stage.ts'

/** A listener, without a world, and who has come. */
export interface RecordedListener {
  readonly listener: Listener
  readonly accepted: ConnectionRecorder[]
  readonly errors: readonly NetworkError[]
}

/** Both ends of a connection, without worlds. */
export interface Wire {
  readonly listening: RecordedListener
  /** The end that has connected. */
  readonly near: ConnectionRecorder
  /** The end that was accepted. */
  readonly far: ConnectionRecorder
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
  onAccepted: (recorder: ConnectionRecorder) => void = () => {},
): RecordedListener | NetworkError {
  const { host, certificate, path, origins, protocol = '' } = stage.subject.server
  const accepted: ConnectionRecorder[] = []
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
        const recorder = new ConnectionRecorder(connection)
        accepted.push(recorder)
        stage.atEnd(() => connection.reset())
        onAccepted(recorder)
        return recorder
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
export async function listen(
  stage: Stage,
  onAccepted?: (recorder: ConnectionRecorder) => void,
): Promise<RecordedListener> {
  const listening = tryToListen(stage, 0, onAccepted)
  if (typeof listening === 'number')
    throw new Error(
      `expected: listen gives a listener, not ${networkErrorName(listening) ?? listening}`,
    )
  await stage.until(() => listening.listener.port > 0, 'the listener has a port')
  return listening
}

/** Begins to connect; what `connect` returns. */
export function connect(stage: Stage, port: number, recorder: ConnectionRecorder): Connection {
  const { host, connect, patienceMs: timeoutMs } = stage.subject
  const { protocol = '', ca } = connect
  const options = { host, port, timeoutMs, messageBytesMax, protocol, ca }
  const connection = transportOf(stage).connect(options, recorder)
  stage.atEnd(() => connection.reset())
  return connection
}

/** Connects to a listener. */
export async function joinListener(stage: Stage, listening: RecordedListener): Promise<Wire> {
  const near = new ConnectionRecorder()
  const before = listening.accepted.length
  near.connection = connect(stage, listening.listener.port, near)
  await stage.until(() => near.count('opened') > 0, 'opened is emitted')
  await stage.until(() => listening.accepted.length > before, 'accepted is emitted')
  return { listening, near, far: listening.accepted[before]! }
}

export async function openWire(stage: Stage): Promise<Wire> {
  return joinListener(stage, await listen(stage))
}

/** Writes messages at once, as the game's outbox does; the bytes that were handed over. */
export function write(
  { subject }: Stage,
  { connection }: ConnectionRecorder,
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
  recorder: ConnectionRecorder,
  sent: readonly Uint8Array[],
): Promise<void> {
  const { capabilities } = stage.subject
  let fault: string | undefined
  try {
    await stage.until(
      () => isThere(sent, recorder.messages, capabilities),
      'what was written arrives',
    )
  } catch (error) {
    fault = findFault(sent, recorder.messages, capabilities)
    if (fault === undefined) throw error
  }
  await stage.settle()
  fault = findFault(sent, recorder.messages, capabilities)
  expect(fault === undefined, `what was written is what arrives; ${fault}`)
}
