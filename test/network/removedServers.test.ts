import { createWorld, observe, onAdd, query, removeComponent, resetWorld, type World } from 'bitecs'
import {
  AcceptedBy,
  closeNetwork,
  Connected,
  connectSocket,
  createServer,
  createSocket,
  destroySocket,
  NetworkSystem,
  sendPacket,
  setNetworkConfig,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { type HandEnd, HandTransport } from '../lib/HandTransport.ts'
import { thrownBy } from '../lib/throws.ts'
import { spec } from '../spec.ts'

const answer = Buffer.from('bebafeca0bb0adde1000000000000000', 'hex')
const greeting = Buffer.from('GM:Studio-Connect\0')
const welcome = Buffer.from('adbeafdeebbe0df00c000000', 'hex')

interface Host {
  readonly world: World
  readonly transport: HandTransport
  readonly server: number
}

function createHost(): Host {
  const world = createWorld()
  const transport = new HandTransport()
  return { world, transport, server: createServer(world, transport, 0) }
}

/** A client that has shaken hands. */
function join({ transport }: Host): HandEnd {
  const end = transport.accept()
  end.events.received(new Uint8Array(answer))
  return end
}

spec('servers that are removed', (it) => {
  it('close every client though their listener and a connection throw', () => {
    const host = createHost()
    const { world, transport, server } = host
    const listen = transport.listen.bind(transport)
    transport.listen = (options, events) => ({
      ...listen(options, events),
      close() {
        throw new Error('listener')
      },
    })
    const broken = createServer(world, transport, 0)
    const ends = [1, 2, 3].map(() => join(host))
    ends[0]!.connection.close = () => {
      throw new Error('connection')
    }
    NetworkSystem(world)
    assert.is(query(world, [Socket, AcceptedBy(broken)]).length, 3)
    const error = thrownBy(() => destroySocket(world, broken))
    assert.equal(
      (error as AggregateError).errors.map((each: Error) => each.message),
      ['listener', 'connection'],
    )
    assert.equal(
      ends.slice(1).map(({ connection }) => connection.ended),
      ['close', 'close'],
    )
    assert.equal([...query(world, [Socket])], [server])
    closeNetwork(world)
  })

  it('take clients with them whose Socket was removed by hand: the next server of the id has none', () => {
    const host = createHost()
    const { world, transport, server } = host
    join(host)
    NetworkSystem(world)
    const [client] = query(world, [Socket, AcceptedBy(server)])
    removeComponent(world, client!, Socket)
    destroySocket(world, server)
    let next = -1
    for (let tries = 0; tries < 4 && next !== server; tries++)
      next = createServer(world, transport, 0)
    assert.is(next, server)
    assert.equal([...query(world, [AcceptedBy(next)])], [])
    closeNetwork(world)
  })

  it('leave nothing in a world that an observer resets while a tick takes its connections', () => {
    const host = createHost()
    const { world } = host
    let resets = 0
    observe(world, onAdd(Connected), () => {
      if (resets++ === 0) resetWorld(world)
    })
    for (let count = 0; count < 3; count++) join(host)
    // bitECS throws while it adds components of the world that was.
    assert.instance(
      thrownBy(() => NetworkSystem(world)),
      Error,
    )
    assert.is(resets, 1)
    assert.is(query(world, [Socket]).length, 0)
    closeNetwork(world)
  })
})

spec('bytes of a handshake that the connection cannot write yet', (it) => {
  it('hold up no packet, count towards no limit, and are no stall', async () => {
    const world = createWorld()
    let nowMs = 0
    const clock = { now: () => nowMs, setTimer: () => () => {} }
    setNetworkConfig(world, { clock, writeStallMs: 1_000, clientSendQueueBytesMax: 1 })
    const transport = new HandTransport()
    const socket = createSocket(world, transport)
    const connected = connectSocket(world, socket, 'far', 7)
    const { connection, events } = transport.client!
    connection.isSlow = true
    events.opened(connection)
    events.received(new Uint8Array(greeting))
    events.received(new Uint8Array(welcome))
    assert.is(await connected, socket)
    assert.is(connection.pendingBytes, 16)
    assert.is(sendPacket(world, socket, Uint8Array.of(1)), 13)
    NetworkSystem(world)
    assert.is(connection.writes.length, 2)
    assert.is(Socket(world).packetsOut[socket], 1)
    assert.is(Socket(world).bytesOut[socket], 16 + 13)
    connection.pendingBytes = 0
    events.drained()
    nowMs = 2_000
    NetworkSystem(world)
    assert.is(connection.ended, '')
    closeNetwork(world)
  })
})
