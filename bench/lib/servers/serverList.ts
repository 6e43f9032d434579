// The servers that every round runs, one after the other.
import { type WireName } from '../Wire.ts'
import { type StartServer } from './Server.ts'

/** A server under test; it is loaded only in the process that runs it. */
export interface ServerEntry {
  readonly name: string
  readonly wire: WireName
  readonly start: StartServer
}

/** What stands for `bare` and `by hand` of each wire. */
export const bases: Readonly<Record<WireName, { bare: string; byHand: string }>> = {
  ws: { bare: 'ws', byHand: 'ws-hand' },
  tcp: { bare: 'net', byHand: 'net-fast' },
}

export const serverList: readonly ServerEntry[] = [
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
