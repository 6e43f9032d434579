import { once } from 'node:events'
import * as assert from 'uvu/assert'
import { WebSocket } from 'ws'
import { PlainPeer } from '../interop/PlainPeer.ts'
import { answer, greeting, welcome } from './gameMaker.ts'
import { RawDatagrams } from './RawDatagrams.ts'
import { RawPeer } from './RawPeer.ts'
import { type Step, until } from './until.ts'

/** The client's end of a connection between two GameMaker games, or of UDP, played byte by byte. */
export interface GameWire {
  send(hex: string): void
  /** Waits for as many bytes as these, or over WebSocket and UDP one message, and compares them. */
  hears(hex: string, step: Step): Promise<void>
  /** What has arrived and nobody has asked for, in hex. */
  readonly rest: string
  /** Waits for the end of the connection. UDP has none. */
  ends(step: Step): Promise<void>
  leave(): void
}

/** Connects a wire to a port of this machine and shakes hands. */
export type Wire = (port: number, step: Step) => Promise<GameWire>

export const overTcp: Wire = async (port, step) => {
  const peer = await RawPeer.connect(port)
  assert.is(await peer.take(18, step), greeting)
  peer.send(answer)
  assert.is(await peer.take(12, step), welcome)
  return {
    send: (hex) => peer.send(hex),
    hears: async (hex, step) => assert.is(await peer.take(hex.length / 2, step), hex),
    get rest() {
      return peer.takeAll()
    },
    ends: async (step) => {
      await until(() => peer.hasEnded || peer.isClosed, step)
      peer.close()
    },
    leave: () => peer.close(),
  }
}

const asksForProof = 'dec0adde0c0000000400000010'
const gives = 'dec0adde0c0000000400000006'

export const overUdp: Wire = async (serverPort) => {
  const datagrams = await RawDatagrams.bind()
  let isClosed = false
  let last = ''
  /** Sends back the number that the server of the demo asks for, and then what was sent last, as the client does. */
  const prove = (): void => {
    const { received } = datagrams
    if (received[0]?.hex.startsWith(asksForProof) !== true) return
    datagrams.send(gives + received.shift()!.hex.slice(asksForProof.length), serverPort)
    datagrams.send(last, serverPort)
  }
  return {
    send: (hex) => {
      prove()
      last = hex
      datagrams.send(hex, serverPort)
    },
    hears: async (hex, step) => {
      await until(() => {
        prove()
        return datagrams.received.length > 0
      }, step)
      assert.equal(await datagrams.take(), { hex, ip: '127.0.0.1', port: serverPort })
    },
    get rest() {
      return datagrams.received
        .splice(0)
        .map(({ hex }) => hex)
        .join('')
    },
    ends: () => Promise.resolve(),
    leave: () => {
      if (!isClosed) datagrams.close()
      isClosed = true
    },
  }
}

export const overWebSocket: Wire = async (port, step) => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`)
  const peer = new PlainPeer(socket)
  await once(socket, 'open')
  assert.equal(await peer.take(1, step), [greeting])
  peer.send(answer)
  assert.equal(await peer.take(1, step), [welcome])
  return {
    send: (hex) => peer.send(hex),
    hears: async (hex, step) => assert.equal(await peer.take(1, step), [hex]),
    get rest() {
      return peer.messages.splice(0).join('')
    },
    ends: async (step) => void (await peer.ends(step)),
    leave: () => socket.close(),
  }
}
