// The echo through the whole library: world, `NetworkSystem`, handler, send.
import { createWorld } from 'bitecs'
import {
  createServer,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  sendRaw,
  Socket,
  type SocketType,
} from 'bitecs-networking'
import { answerParent } from './answerParent.ts'

/** Serves until the parent ends the process. In raw mode messages go back without packet headers. */
export function echoThroughLibrary(type: SocketType, raw: boolean): void {
  const tally = { messages: 0 }
  const world = createWorld()
  // Without `host`, because only then a free port is known at once.
  const server = createServer(world, type, 0, { maxClients: 4096, raw })
  if (server < 0) throw new Error(`createServer returned ${server}`)
  const port = Socket(world).port[server]
  if (port === undefined || port === 0) throw new Error('createServer told no port')
  onNetworking(world, server, (_world, _self, asyncLoad) => {
    if (asyncLoad.type !== NetworkType.data) return
    tally.messages++
    const { id, buffer } = asyncLoad
    if (raw) sendRaw(world, id, buffer)
    else sendPacket(world, id, buffer)
  })

  answerParent(port, tally)
  tick()

  /** Runs once per turn of the event loop, as the loop of `server-net-tick.ts` does. */
  function tick(): void {
    NetworkSystem(world)
    setImmediate(tick)
  }
}
