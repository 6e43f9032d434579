// A page's program: what chromium.test.ts has a real browser run. It is bundled as a user's bundler does it, and asks for
// nothing but the package.
import { createWorld, hasComponent } from 'bitecs'
import {
  connectSocket,
  createServer,
  createSocket,
  destroySocket,
  Disconnected,
  MessageType,
  type NetworkError,
  sendPacket,
  sendRaw,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { type Loop, PageGame, type Told } from './PageGame.ts'

/** What the page can play, each with a world and a client socket of its own. All of it can pass through JSON. */
export interface PageCases {
  /** Connects in packet mode, and is echoed packets of these sizes: one by one, then all in a tick. */
  packets(
    type: SocketType,
    host: string,
    port: number,
    loop: Loop,
    sizes: readonly number[],
  ): Promise<{
    readonly isConnected: boolean
    readonly state: readonly string[]
    /** What `sendPacket` has returned. */
    readonly returned: readonly number[]
    /** The sizes of messages that have come back as something else. */
    readonly wrong: readonly number[]
    /** The `ip`, `port` and `localPort` of the entity. */
    readonly shown: readonly unknown[]
    readonly told: readonly Told[]
  }>

  /** Connects in raw mode, and is echoed text and binary messages of up to 1 MiB. */
  raw(
    type: SocketType,
    url: string,
  ): Promise<{
    readonly isConnected: boolean
    readonly returned: readonly number[]
    readonly areLargeSame: boolean
    readonly told: readonly Told[]
  }>

  /** Connects as often as this, on one socket entity; says hello each time and waits until the connection has ended. */
  outlive(
    host: string,
    port: number,
    times: number,
    strictly?: 'strictly',
  ): Promise<{
    readonly reasons: readonly (number | undefined)[]
    /** The tags when it was connected and when it was not any more. */
    readonly states: readonly (readonly string[])[]
    /** What a send gives at last. */
    readonly late: number
    readonly told: readonly Told[]
  }>

  /** Tries to connect, in vain. */
  fail(
    host: string,
    port: number,
    timeoutMs: number,
  ): Promise<{
    readonly result: number
    readonly shown: number | undefined
    readonly state: readonly string[]
    readonly told: readonly Told[]
  }>

  /** Makes a server and a client socket of each type, each in a world of its own: a world warns once a second. */
  make(
    types: readonly SocketType[],
  ): Promise<{ readonly servers: readonly number[]; readonly sockets: readonly number[] }>

  /** Says hello, hears as many numbered messages, sends as many in one tick, and destroys its socket. */
  flood(
    host: string,
    port: number,
    count: number,
  ): Promise<{
    readonly count: number
    /** The index of the first that is not as it should be, or −1. */
    readonly wrong: number
    readonly ticks: number
  }>

  /**
   * Sends 1 MiB at a time until the queue is full, waits until it takes one more and until each has been answered, and
   * destroys its socket behind another one.
   */
  fill(
    host: string,
    port: number,
  ): Promise<{
    readonly refusal: NetworkError
    /** How many were taken before that, and in the end. */
    readonly sentFirst: number
    readonly sent: number
  }>

  /** Connects in raw mode and stays. */
  stay(url: string, protocol: string): Promise<boolean>
}

/** Bytes that show when some are missing, doubled or in a wrong order. */
function pattern(size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  for (let index = 0; index < size; index++) bytes[index] = (index * 7 + size) % 251
  return bytes
}

function numbered(index: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(index).buffer)
}

function isSame(left: Uint8Array | undefined, right: Uint8Array): boolean {
  return left?.length === right.length && right.every((byte, index) => left[index] === byte)
}

const cases: PageCases = {
  async packets(type, host, port, loop, sizes) {
    const game = new PageGame(type, loop)
    const { world, socket, messages, told } = game
    const result = await connectSocket(world, socket, host, port, { async: true })
    const { state } = game
    const returned: number[] = []
    for (const [index, size] of sizes.entries()) {
      returned.push(sendPacket(world, socket, pattern(size)))
      await game.until(() => messages.length > index, `echo of ${size} bytes`)
    }
    for (const size of sizes) sendPacket(world, socket, pattern(size))
    await game.until(() => messages.length >= 2 * sizes.length, 'all echoes')
    const wrong = [...sizes, ...sizes].filter(
      (size, index) => !isSame(messages[index], pattern(size)),
    )
    const store = Socket(world)
    const shown = [store.ip[socket], store.port[socket], store.localPort[socket]]
    game.close()
    return { isConnected: result === socket, state, returned, wrong, shown, told }
  },

  async raw(type, url) {
    const game = new PageGame(type, 'frames')
    const { world, socket, messages, told } = game
    const result = await connectSocket(world, socket, url, 0, { raw: true })
    const text = new TextEncoder().encode('\u{FEFF}hé € 😀')
    const empty = new Uint8Array(0)
    const large = new TextEncoder().encode('ü'.repeat(2 ** 19))
    const sent = [
      [text, MessageType.text],
      [text, MessageType.binary],
      [empty, MessageType.text],
      [empty, MessageType.binary],
      [large, MessageType.text],
      [pattern(2 ** 20), MessageType.binary],
      [Uint8Array.of(0x61, 0xff), MessageType.text],
    ] as const
    const returned = sent.map(([bytes, form]) =>
      sendRaw(world, socket, bytes, { size: bytes.length, type: form }),
    )
    await game.until(() => messages.length >= sent.length, 'echoes')
    const areLargeSame = isSame(messages[4], large) && isSame(messages[5], pattern(2 ** 20))
    game.close()
    return { isConnected: result === socket, returned, areLargeSame, told }
  },

  async outlive(host, port, times, strictly) {
    const game = new PageGame(SocketType.ws)
    const { world, socket, told } = game
    setNetworkConfig(world, { clientDisconnectEvents: true })
    if (strictly !== undefined)
      setNetworkConfig(world, socket, { malformed: 'close', messageBytesMax: 1_000 })
    const reasons: (number | undefined)[] = []
    const states: (readonly string[])[] = []
    for (let count = 0; count < times; count++) {
      const result = await connectSocket(world, socket, host, port)
      states.push(game.state)
      if (result !== socket) throw new Error(`connectSocket gives ${result}`)
      sendPacket(world, socket, new TextEncoder().encode(`hello ${count}`))
      await game.until(() => hasComponent(world, socket, Disconnected), 'Disconnected')
      reasons.push(Socket(world).disconnectReason[socket])
      states.push(game.state)
    }
    const late = sendPacket(world, socket, new Uint8Array(1))
    game.close()
    return { reasons, states, late, told }
  },

  async fail(host, port, timeoutMs) {
    const game = new PageGame(SocketType.ws, 'startTicks')
    const { world, socket, told } = game
    const result = await connectSocket(world, socket, host, port, { async: true, timeoutMs })
    await game.until(() => told.length > 0, 'the event')
    const shown = Socket(world).connectError[socket]
    const { state } = game
    game.close()
    return { result, shown, state, told }
  },

  async make(types) {
    return {
      servers: types.map((type) => createServer(createWorld(), type, 0)),
      sockets: types.map((type) => createSocket(createWorld(), type)),
    }
  },

  async flood(host, port, count) {
    const game = new PageGame(SocketType.ws, 'frames')
    const { world, socket, messages } = game
    await connectSocket(world, socket, host, port)
    const before = game.ticks
    sendPacket(world, socket, new Uint8Array(0))
    await game.until(() => messages.length >= count, `${count} messages`)
    const ticks = game.ticks - before
    const wrong = messages.findIndex((message, index) => !isSame(message, numbered(index)))
    for (let index = 0; index < count; index++) sendPacket(world, socket, numbered(index))
    game.close()
    return { count: messages.length, wrong, ticks }
  },

  async fill(host, port) {
    const game = new PageGame(SocketType.ws)
    const { world, socket, messages } = game
    await connectSocket(world, socket, host, port)
    const mebibyte = pattern(2 ** 20)
    let sent = 0
    let code = 0
    const send = (): boolean => {
      code = sendPacket(world, socket, mebibyte)
      if (code >= 0) sent++
      return code >= 0
    }
    while (send());
    const refusal = code as NetworkError
    const sentFirst = sent
    await game.until(send, 'the queue takes more')
    await game.until(() => messages.length === sent, 'as many answers')
    send()
    destroySocket(world, socket)
    game.close()
    return { refusal, sentFirst, sent }
  },

  async stay(url, protocol) {
    const { world, socket } = new PageGame(SocketType.ws)
    return (await connectSocket(world, socket, url, 0, { raw: true, protocol })) === socket
  },
}

Object.assign(globalThis, { cases })
