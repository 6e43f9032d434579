// What browsers get of the package, in Node.

import { createWorld } from 'bitecs'
import type * as mainFace from 'bitecs-networking'
import type * as simulationFace from 'bitecs-networking/simulation'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'

type MainFace = typeof mainFace
type SimulationFace = typeof simulationFace

async function load<Face>(name: string): Promise<Face> {
  return (await import(new URL(`dist/browser/${name}.js`, `file://${process.cwd()}/`).href)) as Face
}

spec('the browser build', (it) => {
  it('has UDP in worlds that have joined a network in memory, and in no others', async () => {
    const main = await load<MainFace>('index')
    const { createMemoryNetwork } = await load<SimulationFace>('simulation')
    const { udp } = main.SocketType
    const network = createMemoryNetwork()
    const [host, guest, alone] = [createWorld(), createWorld(), createWorld()]
    for (const world of [host, guest]) network.join(world)
    const received: string[] = []
    const server = main.createServer(host, udp, 6_510)
    main.onNetworking(host, server, (_world, _self, asyncLoad) => {
      if (asyncLoad.type === main.NetworkType.data) received.push(main.readText(asyncLoad.buffer))
    })
    const socket = main.createSocket(guest, udp)
    assert.ok(main.sendUdp(guest, socket, '127.0.0.1', 6_510, 'in a page') > 0)
    main.NetworkSystem(host)
    assert.equal(received, ['in a page'])
    main.setNetworkConfig(alone, { warn: () => {} })
    assert.is(main.createSocket(alone, udp), main.NetworkError.unsupported)
  })

  it('puts a bad line under WebSockets, and names what it has else', async () => {
    const { SocketType } = await load<MainFace>('index')
    const { withConditions } = await load<SimulationFace>('simulation')
    assert.is(withConditions(SocketType.ws, 'lte').type, SocketType.ws)
    assert.throws(
      () => withConditions(SocketType.tcp, 'lte'),
      'withConditions: there are no tcp sockets here; this platform has ws, wss',
    )
  })
})
