import { createWorld, deleteWorld, observe, onRemove } from 'bitecs'
import { closeNetwork, setNetworkConfig, Socket } from 'bitecs-networking'
import {
  async_load,
  buffer_create,
  buffer_exists,
  buffer_grow,
  ds_list_create,
  ds_map_create,
  ds_map_find_value,
  gml_bind,
  gml_entity,
  gml_on_networking,
  network_create_server,
  network_create_socket,
  network_destroy,
  network_send_udp,
  network_socket_tcp,
  network_socket_udp,
  network_type_connect,
  network_type_data,
  network_type_disconnect,
} from 'bitecs-networking/gml'
import * as assert from 'uvu/assert'
import { hello, helloPacket } from '../../lib/gameMaker.ts'
import { bufferOf, gmlSpec } from '../../lib/withGml.ts'

const create = (): number => network_create_socket(network_socket_tcp)

gmlSpec('the ids of sockets', (it) => {
  it('are a row of their own from 0, as those of buffers, maps and lists are', () => {
    assert.is(create(), 0)
    assert.is(buffer_create(1, buffer_grow, 1), 0)
    assert.is(ds_map_create(), 0)
    assert.is(ds_list_create(), 0)
    assert.is(network_create_server(network_socket_tcp, 0, 4), 1)
    assert.is(create(), 2)
    assert.is(buffer_create(1, buffer_grow, 1), 1)
    assert.is(ds_map_create(), 1)
  })

  it('are given again, the one that is free for longest first', () => {
    const [a, b, c] = [create(), create(), create()]
    for (const id of [b, a, c]) network_destroy(id)
    const free = [create(), create(), create(), create()]
    // What other cases have left free came first.
    const at = free.indexOf(b)
    assert.equal(free.slice(at, at + 3), [b, a, c].slice(0, free.length - at))
    for (const id of free) network_destroy(id)
  })

  it('stay small however many messages come and however many clients have gone', async (game) => {
    const server = game.server()
    const ids = new Set<unknown>()
    const port = game.portOf(server)
    for (let round = 0; round < 60; round++) {
      const peer = await game.net.join(port)
      peer.send(helloPacket.repeat(20))
      await game.until(() => game.of(network_type_data).length === (round + 1) * 20)
      ids.add(game.of(network_type_data).at(-1)!['id'])
      peer.close()
      await game.until(() => game.of(network_type_disconnect).length === round + 1)
    }
    const largest = Math.max(...([...ids] as number[]))
    assert.ok(largest < 12, [...ids].join())
  })

  it('mean one socket only in the events of a step', async (game) => {
    const server = game.server()
    const port = game.portOf(server)
    const peers = [await game.net.join(port), await game.net.join(port)]
    await game.until(() => game.of(network_type_connect).length === 2)
    const clients = game.of(network_type_connect).map(({ socket }) => socket as number)
    const made: number[] = []
    gml_on_networking(() => {
      if (ds_map_find_value(async_load, 'type') !== network_type_disconnect) return
      network_destroy(ds_map_find_value(async_load, 'socket'))
      made.push(create(), create())
    })
    for (const peer of peers) peer.close()
    await game.until(() => made.length === 4)
    assert.is(
      made.filter((id) => clients.includes(id)).length,
      0,
      `${made.join()} ${clients.join()}`,
    )
    const ended = game.of(network_type_disconnect).map(({ socket }) => socket)
    assert.equal(new Set(ended), new Set(clients))
    // Then they are free again.
    const later = Array.from({ length: 12 }, create)
    for (const id of clients) assert.ok(later.includes(id))
  })

  it('lead to nothing when they are stale, and those of buffers never to another buffer', async (game) => {
    const udp = network_create_socket(network_socket_udp)
    const seen: number[] = []
    gml_on_networking(() => seen.push(ds_map_find_value(async_load, 'buffer')))
    for (let count = 1; count <= 5; count++) {
      network_send_udp(udp, '127.0.0.1', game.portOf(udp), bufferOf(hello), 5)
      await game.until(() => seen.length === count)
    }
    assert.is(new Set(seen).size, 5)
    assert.equal(seen.map(buffer_exists), Array(5).fill(false))
    network_destroy(udp)
    assert.is(gml_entity(udp), -1)
  })

  it('are free once, whoever looks while a socket is removed', () => {
    const world = createWorld()
    setNetworkConfig(world, {})
    const made: number[] = []
    observe(world, onRemove(Socket), () => {
      if (made.length > 0) return
      // The socket is gone by now, and its id may be given again.
      assert.is(gml_entity(gone), -1)
      made.push(...Array.from({ length: 25 }, create))
    })
    const before = gml_bind(world)!
    const gone = create()
    network_destroy(gone)
    assert.ok(made.includes(gone))
    for (const id of made) assert.ok(gml_entity(id) >= 0, `${id} of ${made.join()}`)
    closeNetwork(world)
    gml_bind(before)
  })

  it('of a deleted world are given again when there is another, though no call names them', () => {
    const world = createWorld()
    const before = gml_bind(world)!
    const id = create()
    deleteWorld(world)
    const next = createWorld()
    gml_bind(next)
    const later = Array.from({ length: 30 }, create)
    assert.ok(later.includes(id), `${id} of ${later.join()}`)
    closeNetwork(next)
    gml_bind(before)
  })

  it('of a world that is gone are given again', () => {
    const world = createWorld()
    const before = gml_bind(world)!
    const id = create()
    closeNetwork(world)
    gml_bind(before)
    assert.is(gml_entity(id), -1)
    const later = Array.from({ length: 40 }, create)
    assert.ok(later.includes(id))
    for (const each of later) network_destroy(each)
  })
})
