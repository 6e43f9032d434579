// The servers that every round runs, one after the other.
import { type WireName } from '../Wire.ts'
import { type StartServer } from './Server.ts'

/** A server under test. */
export interface ServerEntry {
  readonly name: string
  readonly wire: WireName
  /** A module outside of the build that exports `start`. */
  readonly module?: URL
  /** What runs the process, instead of Node. */
  readonly runtime?: URL | undefined
}

/** One that is part of the build; it is loaded only in the process that runs it. */
interface BuiltInEntry extends ServerEntry {
  readonly start: StartServer
}

/** What stands for `bare` and `by hand` of each wire. */
export const bases: Readonly<Record<WireName, { bare: string; byHand: string }>> = {
  ws: { bare: 'ws', byHand: 'ws-hand' },
  tcp: { bare: 'net', byHand: 'net-fast' },
  'socket.io': { bare: 'ws', byHand: 'ws-hand' },
  colyseus: { bare: 'ws', byHand: 'ws-hand' },
}

export const serverList: readonly BuiltInEntry[] = [
  {
    name: 'ws',
    wire: 'ws',
    start: async (setup) => (await import('./startWs.ts')).startWs(setup),
  },
  {
    name: 'net',
    wire: 'tcp',
    start: async (setup) => (await import('./startNet.ts')).startNet(setup),
  },
  {
    name: 'ws-hand',
    wire: 'ws',
    async start(setup) {
      const { frameProtocol } = await import('./frameReader.ts')
      const { startHandWritten } = await import('./startHandWritten.ts')
      return startHandWritten(frameProtocol, setup)
    },
  },
  {
    name: 'net-fast',
    wire: 'tcp',
    async start(setup) {
      const { packetProtocol } = await import('./packetReader.ts')
      const { startHandWritten } = await import('./startHandWritten.ts')
      return startHandWritten(packetProtocol, setup)
    },
  },
  {
    name: 'ours',
    wire: 'tcp',
    start: async (setup) => (await import('./startOurs.ts')).startOurs('tcp', setup),
  },
  {
    name: 'ours-ws',
    wire: 'ws',
    start: async (setup) => (await import('./startOurs.ts')).startOurs('ws', setup),
  },
]
