import { createWorld, deleteWorld, hasComponent, removeEntity, resetWorld } from 'bitecs'
import { closeNetwork, createServer, NetworkSystem, Socket, SocketType } from 'bitecs-networking'
import {
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
} from 'bitecs-networking/gml'
import * as assert from 'uvu/assert'
import { hello, helloPacket } from '../lib/gameMaker.ts'
import { turns } from '../lib/until.ts'
import { bufferOf, withGml } from '../lib/withGml.ts'
import { throws } from '../lib/throws.ts'
import { spec } from '../spec.ts'

spec('the gml face and worlds', (it) => {
  it('makes a world by itself, and gml_bind tells which was bound', () => {
    const world = createWorld()
    const before = gml_bind(world)
    assert.is.not(before, world)
    assert.is(gml_bind(world), world)
    throws(() => gml_bind({}), TypeError, /^gml_bind: world must be a bitECS world/)
    assert.is(gml_bind(world), world)
  })

  it(
    'a socket stays with its world, whichever is bound',
    withGml(async (game) => {
      const server = game.server()
      const other = createWorld()
      gml_bind(other)
      assert.ok(gml_entity(server) >= 0)
      const peer = await game.join(game.portOf(server))
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
    }),
  )

  it(
    'a handle names one socket only, though entities are recycled',
    withGml((game) => {
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
    }),
  )

  it(
    'handles of a world that is reset or deleted name nothing',
    withGml((game) => {
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
    }),
  )

  it(
    'sockets of the main face get handles when they are heard of',
    withGml(async (game) => {
      const server = createServer(game.world, SocketType.tcp, 0)
      const peer = await game.join(Socket(game.world).port[server]!)
      peer.send(helloPacket)
      await game.until(() => game.events.length === 2)
      const [connect, data] = game.events
      assert.is(gml_entity(connect!['id'] as number), server)
      assert.is(data!['id'], connect!['socket'])
    }),
  )
})
