import {
  addEntity,
  createWorld,
  deleteWorld,
  hasComponent,
  query,
  removeEntity,
  resetWorld,
} from 'bitecs'
import {
  AsyncNetworking,
  BufferType,
  closeNetwork,
  createServer,
  destroySocket,
  NetworkSystem,
  NetworkType,
  onNetworking,
  readBuffer,
  Socket,
  SocketType,
} from 'bitecs-networking'
import {
  async_load,
  buffer_delete,
  buffer_read,
  buffer_u8,
  ds_map_find_value,
  gml_bind,
  gml_entity,
  gml_on_networking,
  gml_step,
  network_connect,
  network_create_socket,
  network_destroy,
  network_send_udp,
  network_socket_tcp,
  network_socket_udp,
  network_type_disconnect,
} from 'bitecs-networking/gml'
import * as assert from 'uvu/assert'
import { hello, helloPacket } from '../lib/gameMaker.ts'
import { turns } from '../lib/until.ts'
import { bufferOf, gmlSpec } from '../lib/withGml.ts'
import { throws } from '../lib/throws.ts'

gmlSpec('the gml face and worlds', (it) => {
  it('makes a world by itself, and gml_bind tells which was bound', () => {
    const world = createWorld()
    const before = gml_bind(world)
    assert.is.not(before, world)
    assert.is(gml_bind(world), world)
    throws(() => gml_bind({}), TypeError, /^gml_bind: world must be a bitECS world/)
    assert.is(gml_bind(world), world)
  })

  it('a socket stays with its world, whichever is bound', async (game) => {
    const server = game.server()
    const other = createWorld()
    gml_bind(other)
    assert.ok(gml_entity(server) >= 0)
    const peer = await game.net.join(game.portOf(server))
    const heard: number[] = []
    gml_on_networking(() => heard.push(1))
    gml_step()
    assert.equal(game.events, [])
    // An event acts on its own world, even if another is bound.
    gml_bind(game.world)
    gml_on_networking(() => heard.push(network_create_socket(network_socket_udp)))
    gml_bind(other)
    while (heard.length === 0) {
      NetworkSystem(game.world)
      await turns()
    }
    assert.ok(hasComponent(game.world, gml_entity(heard[0]!), Socket))
    gml_bind(game.world)
    network_destroy(heard[0]!)
    assert.is(gml_bind(other), game.world)
    peer.close()
    closeNetwork(other)
  })

  it('a handle names one socket only, though entities are recycled', (game) => {
    const first = network_create_socket(network_socket_udp)
    const entity = gml_entity(first)
    removeEntity(game.world, entity)
    const second = network_create_socket(network_socket_udp)
    assert.is(gml_entity(second), entity)
    assert.is.not(second, first)
    assert.is(gml_entity(first), -1)
    assert.is(network_send_udp(first, '127.0.0.1', 9, bufferOf(hello), 5), -1)
    network_destroy(first)
    assert.is(gml_entity(second), entity)
  })

  it('handles of a world that is reset or deleted name nothing', (game) => {
    const socket = network_create_socket(network_socket_tcp)
    const world = createWorld()
    gml_bind(world)
    const other = network_create_socket(network_socket_tcp)
    closeNetwork(world)
    assert.is(gml_entity(other), -1)
    const third = network_create_socket(network_socket_tcp)
    resetWorld(world)
    assert.is(gml_entity(third), -1)
    assert.is(network_connect(third, '127.0.0.1', 1), -1)
    deleteWorld(world)
    throws(() => gml_step(), TypeError, /^gml_step: world must be a bitECS world/)
    gml_bind(game.world)
    assert.ok(gml_entity(socket) >= 0)
  })

  it('ending a subscription leaves the entities of others alone', (game) => {
    const world = createWorld()
    gml_bind(world)
    const stopInFormer = gml_on_networking(() => {})
    const [former] = query(world, [AsyncNetworking])
    resetWorld(world)
    const stop = gml_on_networking(() => {})
    assert.equal([...query(world, [AsyncNetworking])], [former])
    stopInFormer()
    assert.equal([...query(world, [AsyncNetworking])], [former])
    removeEntity(world, former!)
    const recycled = addEntity(world)
    onNetworking(world, recycled, () => {})
    assert.is(recycled, former)
    stop()
    assert.equal([...query(world, [AsyncNetworking])], [recycled])
    gml_bind(game.world)
  })

  it('the message of an event is the main face’s to read as well, though the gml face deletes its buffer', async (game) => {
    const peer = await game.net.join(game.portOf(game.server()))
    await game.until(() => game.events.length === 1)
    const heard: unknown[] = []
    gml_on_networking(() => {
      const buffer = ds_map_find_value(async_load, 'buffer')
      heard.push(buffer_read(buffer, buffer_u8))
      buffer_delete(buffer)
    })
    onNetworking(game.world, addEntity(game.world), (_world, _self, load) => {
      if (load.type === NetworkType.data) heard.push(readBuffer(load.buffer, BufferType.text))
    })
    peer.send(helloPacket)
    await game.until(() => game.messages.length === 1)
    assert.equal(heard, ['h'.charCodeAt(0), 'hello'])
  })

  it('a socket that the main face destroys in its last event ends under the handle it had', async (game) => {
    const world = createWorld()
    gml_bind(world)
    onNetworking(world, addEntity(world), (_world, _self, load) => {
      if (load.type === NetworkType.disconnect) destroySocket(world, load.socket)
    })
    const heard: unknown[][] = []
    gml_on_networking(() =>
      heard.push(['type', 'socket'].map((key) => ds_map_find_value(async_load, key))),
    )
    const server = game.server()
    const peer = await game.net.join(Socket(world).port[gml_entity(server)]!)
    await game.until(() => heard.length === 1)
    const client = heard[0]![1] as number
    const entity = gml_entity(client)
    peer.close()
    await game.until(() => heard.length === 2)
    assert.equal(heard[1], [network_type_disconnect, client])
    assert.is(gml_entity(client), -1)
    const next = network_create_socket(network_socket_udp)
    assert.equal([gml_entity(next), next > client], [entity, true])
    closeNetwork(world)
    gml_bind(game.world)
  })

  it('sockets of the main face get handles when they are heard of', async (game) => {
    const server = createServer(game.world, SocketType.tcp, 0)
    const peer = await game.net.join(Socket(game.world).port[server]!)
    peer.send(helloPacket)
    await game.until(() => game.events.length === 2)
    const [connect, data] = game.events
    assert.is(gml_entity(connect!['id'] as number), server)
    assert.is(data!['id'], connect!['socket'])
  })
})
