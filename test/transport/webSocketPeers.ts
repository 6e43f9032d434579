import { MessageType, type NetworkError } from 'bitecs-networking'
import { ConnectionRecorder } from 'bitecs-networking/testing'
import { createHash } from 'node:crypto'
import * as assert from 'uvu/assert'
import { ws } from '../../src/transport/node/webSocket.node.ts'
import { frameMessages } from '../../src/testing/frameMessages.ts'
import {
  type Connection,
  type ConnectionEvents,
  type Listener,
  type ListenerEvents,
  type ListenOptions,
  type MessageLimits,
  type Transport,
  type TransportConnectOptions,
} from '../../src/transport/Transport.ts'
import { RawListener } from '../lib/RawListener.ts'
import { RawPeer } from '../lib/RawPeer.ts'
import { turns, until } from '../lib/until.ts'

/** Sends a message, given in hex or as bytes, of a connection that is recorded. */
export function send(
  recorder: ConnectionRecorder,
  content: string | Uint8Array,
  type: MessageType = MessageType.binary,
): void {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'hex') : content
  write(recorder, bytes, { ends: [bytes.length], types: [type] })
}

/** Writes messages that stand back to back. */
export function write(
  { connection }: ConnectionRecorder,
  bytes: Uint8Array,
  limits: MessageLimits,
): void {
  const { framing } = connection!
  if (framing === undefined) {
    connection!.write(bytes, limits)
    return
  }
  const { ends, types } = limits
  const messages = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
  connection!.write(frameMessages(framing, messages, types))
}

/** A listener and what it emits. */
export class Door implements ListenerEvents {
  readonly heard: ConnectionRecorder[] = []
  readonly warnings: string[] = []
  readonly failures: NetworkError[] = []
  rejections = 0
  listenings = 0
  listener: Listener | undefined
  onAccepted: (connection: Connection) => void = () => {}
  #given = 0

  accepted(connection: Connection): ConnectionEvents {
    const heard = new ConnectionRecorder(connection)
    this.heard.push(heard)
    this.onAccepted(connection)
    return heard
  }

  listening(): void {
    this.listenings++
  }

  failed(error: NetworkError): void {
    this.failures.push(error)
  }

  warned(message: string): void {
    this.warnings.push(message)
  }

  rejected(): void {
    this.rejections++
  }

  get port(): number {
    return this.listener!.port
  }

  /** The next connection. */
  async accept(): Promise<ConnectionRecorder> {
    const index = this.#given++
    await until(() => this.heard.length > index)
    return this.heard[index]!
  }

  close(): void {
    this.listener?.close()
    for (const { connection } of this.heard) connection?.reset()
  }
}

export const listenDefaults: ListenOptions = {
  port: 0,
  messageBytesMax: 1024 * 1024,
  handshakeTimeoutMs: 10_000,
}

/** Listens, or fails. */
export function openDoor(options: Partial<ListenOptions> = {}, transport: Transport = ws): Door {
  const door = new Door()
  const listener = transport.listen({ ...listenDefaults, ...options }, door)
  if (typeof listener === 'number') throw new Error(`listen gives ${listener}`)
  door.listener = listener
  return door
}

/** Runs with a listener and closes it. */
export async function withDoor(
  run: (door: Door) => Promise<void>,
  options: Partial<ListenOptions> = {},
  transport: Transport = ws,
): Promise<void> {
  const door = openDoor(options, transport)
  try {
    await run(door)
  } finally {
    door.close()
    closeRawPeers()
    await turns()
  }
}

export function closeRawPeers(): void {
  for (const peer of rawPeers) peer.close()
  rawPeers.clear()
}

const rawPeers = new Set<RawPeer>()

/** A raw connection, which `withDoor` closes too. */
export async function connectRaw(port: number): Promise<RawPeer> {
  const peer = await RawPeer.connect(port)
  rawPeers.add(peer)
  return peer
}

/** The other side has ended the connection. */
export function isLeft(peer: RawPeer): boolean {
  return peer.hasEnded || peer.isClosed
}

export const connectDefaults: TransportConnectOptions = {
  host: '127.0.0.1',
  port: 0,
  timeoutMs: 5_000,
  messageBytesMax: 1024 * 1024,
  protocol: '',
}

/** Begins to connect. */
export function connect(
  options: Partial<TransportConnectOptions>,
  transport: Transport = ws,
): ConnectionRecorder {
  const heard = new ConnectionRecorder()
  const connection = transport.connect({ ...connectDefaults, ...options }, heard)
  heard.connection ??= connection
  return heard
}

/** Both ends of a connection. */
export async function join(
  door: Door,
  options: Partial<TransportConnectOptions> = {},
  transport: Transport = ws,
): Promise<{ client: ConnectionRecorder; server: ConnectionRecorder }> {
  const client = connect({ port: door.port, ...options }, transport)
  await until(() => client.log.length > 0)
  assert.equal(client.log, ['opened'])
  return { client, server: await door.accept() }
}

const key = 'dGhlIHNhbXBsZSBub25jZQ=='
/** What belongs to the key: RFC 6455 section 1.3. */
export const keyAnswer = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='

export function upgradeRequest(path = '/', headers: readonly string[] = []): Uint8Array {
  return Buffer.from(
    [
      `GET ${path} HTTP/1.1`,
      'Host: example.org',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Key: ${key}`,
      'Sec-WebSocket-Version: 13',
      ...headers,
      '\r\n',
    ].join('\r\n'),
  )
}

/** Takes an HTTP head, to its empty line. */
export async function takeHead(peer: RawPeer): Promise<string> {
  let head = ''
  while (!head.endsWith('\r\n\r\n')) head += Buffer.from(await peer.take(1), 'hex').toString()
  return head
}

/** A client that has done its handshake and speaks frames by hand. */
export async function rawClient(
  port: number,
  path = '/',
  headers: readonly string[] = [],
): Promise<RawPeer> {
  const peer = await connectRaw(port)
  peer.send(upgradeRequest(path, headers))
  const head = await takeHead(peer)
  assert.match(head, /^HTTP\/1\.1 101 /)
  return peer
}

/** A client's frame: first byte, payload in hex of up to 125 bytes, and a mask that changes nothing. */
export function frame(first: number, payload = ''): string {
  const size = payload.length / 2
  return Buffer.from([first, 0x80 | size, 0, 0, 0, 0]).toString('hex') + payload
}

/** A raw client and the server's end of its connection. */
export async function rawJoin(door: Door): Promise<{ peer: RawPeer; server: ConnectionRecorder }> {
  return { peer: await rawClient(door.port), server: await door.accept() }
}

/** A client's end whose server speaks frames by hand. */
export async function rawServer(
  run: (peer: RawPeer, client: ConnectionRecorder) => Promise<void>,
): Promise<void> {
  const listener = await RawListener.listen()
  const client = connect({ port: listener.port, messageBytesMax: 1_000 })
  try {
    const peer = await listener.accept()
    const request = await takeHead(peer)
    const key = /Sec-WebSocket-Key: (.*)\r/.exec(request)![1]!
    const answer = createHash('sha1')
      .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64')
    peer.send(
      Buffer.from(
        `HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${answer}\r\n\r\n`,
      ),
    )
    await until(() => client.log.length > 0)
    assert.equal(client.log, ['opened'])
    await run(peer, client)
  } finally {
    client.connection?.reset()
    listener.close()
  }
}

/** Takes a masked frame of up to 125 bytes; its first byte and its payload, as hex. */
export async function takeMasked(peer: RawPeer): Promise<string> {
  const head = Buffer.from(await peer.take(6), 'hex')
  assert.ok(head[1]! >= 0x80, 'masked')
  const payload = Buffer.from(await peer.take(head[1]! & 0x7f), 'hex')
  for (let index = 0; index < payload.length; index++) payload[index]! ^= head[2 + (index & 3)]!
  return `${head.toString('hex', 0, 1)} ${payload.toString('hex')}`
}

/** What a request is answered with, and whether the connection ends. */
export async function ask(port: number, request: string | Uint8Array): Promise<string> {
  const peer = await connectRaw(port)
  try {
    peer.send(typeof request === 'string' ? Buffer.from(request) : request)
    const head = await takeHead(peer)
    if (!head.startsWith('HTTP/1.1 101')) await until(() => isLeft(peer))
    return head
  } finally {
    peer.close()
  }
}

/** The HTTP status of the answer to a request. */
export async function statusOf(port: number, request: string | Uint8Array): Promise<number> {
  return Number((await ask(port, request)).split(' ')[1])
}
