import { createWorld, deleteWorld, resetWorld } from 'bitecs'
import { closeNetwork, Socket } from 'bitecs-networking'
import {
  async_load,
  buffer_delete,
  buffer_exists,
  buffer_get_type,
  buffer_fixed,
  ds_map_create,
  ds_map_find_value,
  ds_map_set,
  ev_async_dialog,
  ev_async_web_networking,
  event_perform_async,
  gml_bind,
  gml_entity,
  gml_on_networking,
  gml_profile,
  gml_step,
  network_connect_async,
  network_connect_raw_async,
  network_create_server_raw,
  network_create_socket,
  network_destroy,
  network_send_packet,
  network_send_raw,
  network_send_text,
  network_socket_tcp,
  network_socket_ws,
  network_type_connect,
  network_type_data,
  network_type_disconnect,
  network_type_non_blocking_connect,
} from 'bitecs-networking/gml'
import * as assert from 'uvu/assert'
import { hello, helloPacket, packet } from '../../lib/gameMaker.ts'
import { throws } from '../../lib/throws.ts'
import { turns } from '../../lib/until.ts'
import { bufferOf, gmlSpec } from '../../lib/withGml.ts'

gmlSpec('the events of the gml face', (it) => {
  it('a handler that throws costs nobody an event, and leaves nothing behind', async (game) => {
    const peer = await game.net.join(game.portOf(game.server()))
    await game.until(() => game.events.length === 1)
    const heard: unknown[] = []
    gml_on_networking(() => {
      throw new Error('first')
    })
    gml_on_networking(() => {
      heard.push(ds_map_find_value(async_load, 'type'))
      throw new Error('second')
    })
    peer.send(helloPacket)
    await turns(20)
    throws(gml_step, AggregateError as never, /2 errors/)
    assert.equal(heard, [network_type_data])
    assert.is(async_load, -1)
    assert.not.ok(buffer_exists(game.of(network_type_data)[0]!['buffer'] as number))
  })

  it('an unsubscribed function hears nothing more, even of the running event', async (game) => {
    const peer = await game.net.join(game.portOf(game.server()))
    await game.until(() => game.events.length === 1)
    const heard: string[] = []
    const stopFirst = gml_on_networking(() => {
      heard.push('first')
      stopFirst()
      stopSecond()
    })
    const stopSecond = gml_on_networking(() => heard.push('second'))
    peer.send(helloPacket + helloPacket)
    await game.until(() => game.events.length === 3)
    assert.equal(heard, ['first'])
    throws(
      () => gml_on_networking(5 as never),
      TypeError,
      /^gml_on_networking: handler must be a function, got 5/,
    )
  })

  it('the last unsubscription stops listening, the next subscription begins anew', async (game) => {
    const world = createWorld()
    gml_bind(world)
    let count = 0
    gml_on_networking(() => count++)()
    gml_on_networking(() => count++)
    const server = game.server()
    const peer = await game.net.join(Socket(world).port[gml_entity(server)]!)
    await game.until(() => count === 1)
    peer.close()
    closeNetwork(world)
  })

  it('nothing more is heard of a socket that a handler destroys, but everybody hears of an end', async (game) => {
    const server = game.server()
    const first = await game.net.join(game.portOf(server))
    const second = await game.net.join(game.portOf(server))
    await game.until(() => game.events.length === 2)
    const heard: unknown[] = []
    gml_on_networking(() => {
      if (ds_map_find_value(async_load, 'type') === network_type_data)
        network_destroy(ds_map_find_value(async_load, 'id') as number)
      else network_destroy(ds_map_find_value(async_load, 'socket') as number)
    })
    gml_on_networking(() => heard.push(ds_map_find_value(async_load, 'type')))
    first.send(helloPacket + helloPacket)
    await game.until(() => first.isClosed || first.hasEnded)
    second.close()
    await game.until(() => game.of(network_type_disconnect).length === 1)
    assert.equal(heard, [network_type_disconnect])
    assert.is(game.of(network_type_data).length, 1)
  })

  it('nobody hears more of an event in which a handler resets or deletes the world', async (game) => {
    for (const end of [resetWorld, deleteWorld]) {
      const world = createWorld()
      gml_bind(world)
      const server = game.server()
      const heard: string[] = []
      gml_on_networking(() => {
        heard.push('first')
        end(world)
      })
      gml_on_networking(() => heard.push('second'))
      await game.net.join(Socket(world).port[gml_entity(server)]!)
      for (let i = 0; i < 500 && heard.length === 0; i++) {
        gml_step()
        await turns()
      }
      assert.equal(heard, ['first'])
      gml_bind(game.world)
    }
  })

  it('a handler may delete the buffer of its event', async (game) => {
    const peer = await game.net.join(game.portOf(game.server()))
    await game.until(() => game.events.length === 1)
    gml_on_networking(() => {
      const buffer = ds_map_find_value(async_load, 'buffer')
      if (typeof buffer === 'number') buffer_delete(buffer)
    })
    peer.send(helloPacket + packet('01'))
    await game.until(() => game.events.length === 3)
    assert.equal(game.messages, [hello, '01'])
  })

  it('event_perform_async runs at once, destroys its map, and wants one that exists', () => {
    const map = ds_map_create()
    ds_map_set(map, 'type', 3)
    let seen: unknown
    gml_on_networking(() => {
      seen = ds_map_find_value(async_load, 'type')
    })
    event_perform_async(ev_async_web_networking, map)
    assert.is(seen, 3)
    throws(
      () => event_perform_async(ev_async_web_networking, map),
      RangeError,
      new RegExp(`^event_perform_async: there is no ds_map ${map}`),
    )
    const unheard = ds_map_create()
    seen = undefined
    event_perform_async(ev_async_dialog, unheard)
    assert.is(seen, undefined)
    assert.is(ds_map_find_value(unheard, 'type'), undefined)
    throws(
      () => event_perform_async('web' as never, ds_map_create()),
      TypeError,
      /^event_perform_async: type/,
    )
  })

  it('the html5 profile gives the keys, ports, addresses and buffers of that runner', async (game) => {
    gml_profile('html5')
    const server = game.server()
    const port = game.portOf(server)
    const client = network_create_socket(network_socket_tcp)
    network_connect_async(client, 'localhost', port)
    await game.until(() => game.events.length === 2)
    const connect = game.of(network_type_connect)[0]!
    const result = game.of(network_type_non_blocking_connect)[0]!
    assert.is(connect['port'], port)
    assert.is(connect['other_port'], game.portOf(client))
    assert.equal([result['ip'], result['port'], result['succeeded']], ['localhost', port, 1])
    assert.is('socket' in result, false)
    let kind = -1
    gml_on_networking(() => {
      kind = buffer_get_type(ds_map_find_value(async_load, 'buffer') as number)
    })
    assert.is(network_send_packet(client, bufferOf(hello), 5), 5)
    await game.until(() => kind >= 0)
    const data = game.of(network_type_data)[0]!
    assert.is(kind, buffer_fixed)
    assert.equal(
      [data['port'], data['other_port'], data['server']],
      [port, game.portOf(client), undefined],
    )
    network_send_packet(connect['socket'] as number, bufferOf('01'), 1)
    await game.until(() => game.of(network_type_data).length === 2)
    assert.is(game.of(network_type_data)[1]!['ip'], 'localhost')
  })

  it('message_type tells text from bytes, but not by the manual of 2018', async (game) => {
    for (const profile of ['default', '2018'] as const) {
      gml_profile(profile)
      game.events.length = 0
      const server = network_create_server_raw(network_socket_ws, 0, 4)
      const client = network_create_socket(network_socket_ws)
      network_connect_raw_async(client, '127.0.0.1', game.portOf(server))
      await game.until(() => game.events.length === 2)
      assert.is(network_send_raw(client, bufferOf('68c3a9'), 3, network_send_text), 3)
      assert.is(network_send_raw(client, bufferOf('ff'), 1), 1)
      await game.until(() => game.of(network_type_data).length === 2)
      const types = game.of(network_type_data).map((event) => event['message_type'])
      assert.equal(types, profile === '2018' ? [undefined, undefined] : [network_send_text, 1])
      assert.equal(game.messages, ['68c3a9', 'ff'])
    }
  })
})
