import { type World } from 'bitecs'
import { NetworkType, sendPacket, sendRaw, Socket, SocketType } from 'bitecs-networking'
import { type TestNet } from '../lib/TestNet.ts'
import { onEach } from '../lib/recordEvents.ts'
import { withNet } from '../lib/withNet.ts'

/** A case whose servers and clients are those of WebSocket. */
export function withWebSocket(run: (net: TestNet) => Promise<void>): () => Promise<void> {
  return withNet(run, { transport: SocketType.ws })
}

/** A world answers every message with itself, in the way it came. */
export function echo(world: World): void {
  onEach(world, (load) => {
    if (load.type !== NetworkType.data) return
    const { id, buffer, size } = load
    const isRaw = Socket(world).raw[id] === true
    if (isRaw) sendRaw(world, id, buffer, { size, type: load.message_type })
    else sendPacket(world, id, buffer, size)
  })
}
