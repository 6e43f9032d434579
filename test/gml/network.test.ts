import { createWorld, deleteWorld, hasComponent, removeEntity, resetWorld } from 'bitecs'
import { closeNetwork, createServer, NetworkSystem, Socket, SocketType } from 'bitecs-networking'
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
  gml_setting,
  gml_step,
  network_config_avoid_time_wait,
  network_config_connect_timeout,
  network_config_enable_reliable_udp,
  network_config_message_size_limit,
  network_config_use_non_blocking_socket,
  network_config_websocket_protocol,
  network_connect,
  network_connect_async,
  network_connect_raw,
  network_connect_raw_async,
  network_create_server,
  network_create_server_raw,
  network_create_socket,
  network_create_socket_ext,
  network_destroy,
  network_resolve,
  network_send_broadcast,
  network_send_packet,
  network_send_raw,
  network_send_text,
  network_send_udp,
  network_set_config,
  network_set_timeout,
  network_socket_tcp,
  network_socket_udp,
  network_socket_ws,
  network_type_connect,
  network_type_data,
  network_type_disconnect,
  network_type_non_blocking_connect,
  os_is_network_connected,
} from 'bitecs-networking/gml'
import { networkInterfaces } from 'node:os'
import * as assert from 'uvu/assert'
import { hello, helloPacket, packet } from '../lib/gameMaker.ts'
import { turns } from '../lib/until.ts'
import { bufferOf, withGml } from '../lib/withGml.ts'
import { spec } from '../spec.ts'

function throws(run: () => unknown, type: ErrorConstructor, message: RegExp): void {
  try {
    run()
  } catch (error) {
    assert.instance(error, type)
    assert.match((error as Error).message, message)
    return
  }
  assert.unreachable('should have thrown')
}

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

spec('the events of the gml face', (it) => {
  it(
    'a handler that throws costs nobody an event, and leaves nothing behind',
    withGml(async (game) => {
      const peer = await game.join(game.portOf(game.server()))
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
    }),
  )

  it(
    'an unsubscribed function hears nothing more, even of the running event',
    withGml(async (game) => {
      const peer = await game.join(game.portOf(game.server()))
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
    }),
  )

  it(
    'the last unsubscription stops listening, the next subscription begins anew',
    withGml(async (game) => {
      const world = createWorld()
      gml_bind(world)
      let count = 0
      gml_on_networking(() => count++)()
      gml_on_networking(() => count++)
      const server = game.server()
      const peer = await game.join(Socket(world).port[gml_entity(server)]!)
      await game.until(() => count === 1)
      peer.close()
      closeNetwork(world)
    }),
  )

  it(
    'nothing more is heard of a socket that a handler destroys, but everybody hears of an end',
    withGml(async (game) => {
      const server = game.server()
      const first = await game.join(game.portOf(server))
      const second = await game.join(game.portOf(server))
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
    }),
  )

  it(
    'a handler may delete the buffer of its event',
    withGml(async (game) => {
      const peer = await game.join(game.portOf(game.server()))
      await game.until(() => game.events.length === 1)
      gml_on_networking(() => {
        const buffer = ds_map_find_value(async_load, 'buffer')
        if (typeof buffer === 'number') buffer_delete(buffer)
      })
      peer.send(helloPacket + packet('01'))
      await game.until(() => game.events.length === 3)
      assert.equal(game.messages, [hello, '01'])
    }),
  )

  it(
    'event_perform_async runs at once, destroys its map, and wants one that exists',
    withGml(() => {
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
        () => event_perform_async('68' as never, ds_map_create()),
        TypeError,
        /^event_perform_async: type/,
      )
    }),
  )

  it(
    'the html5 profile gives the keys, ports, addresses and buffers of that runner',
    withGml(async (game) => {
      gml_profile('html5')
      const server = game.server()
      const port = game.portOf(server)
      const client = network_create_socket(network_socket_tcp)
      network_connect(client, 'localhost', port)
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
    }),
  )

  it(
    'message_type tells text from bytes, but not by the manual of 2018',
    withGml(async (game) => {
      for (const profile of ['default', '2018'] as const) {
        gml_profile(profile)
        game.events.length = 0
        const server = network_create_server_raw(network_socket_ws, 0, 4)
        const client = network_create_socket(network_socket_ws)
        network_connect_raw(client, '127.0.0.1', game.portOf(server))
        await game.until(() => game.events.length === 2)
        assert.is(network_send_raw(client, bufferOf('68c3a9'), 3, network_send_text), 3)
        assert.is(network_send_raw(client, bufferOf('ff'), 1), 1)
        await game.until(() => game.of(network_type_data).length === 2)
        const types = game.of(network_type_data).map((event) => event['message_type'])
        assert.equal(types, profile === '2018' ? [undefined, undefined] : [network_send_text, 1])
        assert.equal(game.messages, ['68c3a9', 'ff'])
      }
    }),
  )
})

spec('the network functions of the gml face', (it) => {
  const noSuch = [-1, -4, 1e9, 0.5]

  it(
    'give -1 for a socket that does not exist, or throw by the native profile',
    withGml(() => {
      const buffer = bufferOf(hello)
      const calls: Record<string, (socket: number) => unknown> = {
        network_connect: (socket) => network_connect(socket, 'localhost', 1),
        network_connect_raw: (socket) => network_connect_raw(socket, 'localhost', 1),
        network_connect_async: (socket) => network_connect_async(socket, 'localhost', 1),
        network_connect_raw_async: (socket) => network_connect_raw_async(socket, 'localhost', 1),
        network_send_packet: (socket) => network_send_packet(socket, buffer, 5),
        network_send_raw: (socket) => network_send_raw(socket, buffer, 5),
        network_send_udp: (socket) => network_send_udp(socket, '127.0.0.1', 9, buffer, 5),
        network_send_broadcast: (socket) => network_send_broadcast(socket, 9, buffer, 5),
      }
      for (const [name, call] of Object.entries(calls)) {
        for (const socket of [...noSuch, buffer]) {
          gml_setting('unknown_socket', 'result')
          assert.is(call(socket), -1, name)
          gml_setting('unknown_socket', 'error')
          throws(
            () => call(socket),
            RangeError,
            new RegExp(`^${name}: there is no socket ${socket}`),
          )
        }
        for (const wrong of [undefined, NaN, '0', null])
          throws(
            () => call(wrong as never),
            TypeError,
            new RegExp(`^${name}: socket must be the handle`),
          )
      }
      gml_setting('unknown_socket', 'result')
      assert.is(network_destroy(1e9), undefined)
      network_set_timeout(1e9, 0, 0)
      network_set_config(network_config_avoid_time_wait, 1e9)
      assert.is(gml_entity(1e9), -1)
    }),
  )

  it(
    'give -1 for what cannot be sent, and send nothing',
    withGml(async (game) => {
      const server = game.server()
      const client = network_create_socket(network_socket_tcp)
      const buffer = bufferOf(hello)
      assert.is(network_send_packet(client, buffer, 5), -1)
      network_connect(client, '127.0.0.1', game.portOf(server))
      assert.is(network_send_packet(client, buffer, 5), -1)
      assert.is(network_connect(client, '127.0.0.1', game.portOf(server)), -1)
      await game.until(() => game.events.length === 2)
      for (const size of [6, -1, NaN, Infinity])
        assert.is(network_send_packet(client, buffer, size), -1)
      for (const none of noSuch) assert.is(network_send_packet(client, none, 0), -1)
      assert.is(network_send_packet(server, buffer, 5), -1)
      assert.is(network_send_udp(client, '127.0.0.1', 9, buffer, 5), -1)
      const udp = network_create_socket(network_socket_udp)
      assert.is(network_send_packet(udp, buffer, 5), -1)
      assert.is(network_send_udp(udp, '', 9, buffer, 5), -1)
      for (const port of [0, -1, 65_536, NaN])
        assert.is(network_send_udp(udp, '127.0.0.1', port, buffer, 5), -1)
      assert.is(network_send_broadcast(udp, 0, buffer, 5), -1)
      assert.is(network_connect(udp, '127.0.0.1', 9), -1)
      assert.is(network_send_packet(client, buffer, 2.9), 14)
      await game.until(() => game.messages.length === 1)
      assert.equal(game.messages, ['6865'])
    }),
  )

  it(
    'give -1 for types and ports that there are not, with a warning',
    withGml(async (game) => {
      for (const type of [2, 3, 100, -1, NaN]) assert.is(network_create_socket(type), -1)
      for (const port of [-1, 65_536, NaN])
        assert.is(network_create_server(network_socket_tcp, port, 4), -1)
      await turns()
      assert.ok(
        game.warnings.some((text) =>
          text.includes('network_create_socket: there is no socket type'),
        ),
        game.warnings.join(),
      )
      throws(
        () => network_create_server('tcp' as never, 1, 1),
        TypeError,
        /^network_create_server: type must be a number, got "tcp"/,
      )
      throws(
        () => network_create_socket_ext(1, undefined as never),
        TypeError,
        /^network_create_socket_ext: port must be a number/,
      )
      const client = network_create_socket(network_socket_tcp)
      for (const port of [0, -1, 65_536, NaN])
        assert.is(network_connect(client, 'localhost', port), -1)
      assert.is(network_connect(client, '', 6510), -1)
      throws(
        () => network_connect(client, 5 as never, 6510),
        TypeError,
        /^network_connect: url must be a string, got 5/,
      )
    }),
  )

  it(
    'network_create_socket_ext binds UDP to the port it is given',
    withGml(async (game) => {
      const first = network_create_socket_ext(network_socket_udp, 0)
      const port = game.portOf(first)
      assert.is(network_create_socket_ext(network_socket_udp, port), -1)
      network_destroy(first)
      await turns()
      const again = network_create_socket_ext(network_socket_udp, port)
      assert.ok(again >= 0)
      assert.is(game.portOf(again), port)
    }),
  )

  it(
    'max_client turns away, unless the setting ignores it',
    withGml(async (game) => {
      const full = game.server(1)
      await game.join(game.portOf(full))
      await game.until(() => game.events.length === 1)
      const turnedAway = await game.peer(game.portOf(full))
      await game.until(() => turnedAway.isClosed || turnedAway.hasEnded)
      assert.is(turnedAway.size, 0)
      gml_setting('max_client', 'ignored')
      const open = game.server(0)
      await game.join(game.portOf(open))
      await game.until(() => game.events.length === 2)
    }),
  )

  it(
    'a socket whose connection has failed or ended can be connected again',
    withGml(async (game) => {
      const listener = await game.listen()
      const client = network_create_socket(network_socket_tcp)
      network_connect_raw(client, '127.0.0.1', listener.port)
      const peer = await listener.accept()
      await game.until(() => game.events.length === 1)
      peer.close()
      await game.until(() => network_send_raw(client, bufferOf(hello), 5) === -1)
      assert.is(network_connect_raw(client, '127.0.0.1', listener.port), client)
      await game.until(() => game.events.length === 2)
      assert.equal([game.events[1]!['id'], game.events[1]!['succeeded']], [client, 1])
    }),
  )

  it(
    'network_resolve knows addresses and localhost at once, names later',
    withGml(async () => {
      assert.is(network_resolve('192.0.2.7'), '192.0.2.7')
      assert.is(network_resolve('2001:db8::1'), '2001:db8::1')
      assert.is(network_resolve('localhost'), '127.0.0.1')
      assert.is(network_resolve(''), '')
      assert.is(network_resolve('no-such-name.invalid'), '')
      throws(() => network_resolve(5 as never), TypeError, /^network_resolve: url must be a string/)
    }),
  )

  it(
    'network_set_config reaches the world and its sockets',
    withGml(async (game) => {
      assert.is(network_set_config(network_config_use_non_blocking_socket, 1), undefined)
      const server = game.server()
      network_set_config(network_config_message_size_limit, server, 4)
      network_set_config(network_config_avoid_time_wait, server)
      const peer = await game.join(game.portOf(server))
      peer.send(helloPacket)
      await game.until(() => game.of(network_type_disconnect).length === 1)
      assert.equal(game.messages, [])
      network_set_config(network_config_enable_reliable_udp, server)
      await turns()
      assert.ok(game.warnings.some((text) => text.includes('no such setting')))
      throws(
        () => network_set_config(99, 1),
        RangeError,
        /^network_set_config: there is no network_config_ constant 99/,
      )
      throws(
        () => network_set_config(network_config_connect_timeout, -1),
        RangeError,
        /^network_set_config: value1 must be in/,
      )
      throws(
        () => network_set_config(network_config_connect_timeout, 'x'),
        TypeError,
        /^network_set_config: value1 must be a number/,
      )
      throws(
        () => network_set_config(network_config_message_size_limit, server),
        TypeError,
        /^network_set_config: value2/,
      )
      throws(
        () => network_set_config(network_config_websocket_protocol, server),
        TypeError,
        /^network_set_config: value2/,
      )
    }),
  )

  it(
    'a WebSocket client offers the sub-protocol it was given',
    withGml(async (game) => {
      const listener = await game.listen()
      for (const ofSocket of [true, false]) {
        const client = network_create_socket(network_socket_ws)
        if (ofSocket) network_set_config(network_config_websocket_protocol, client, 'mine.v1')
        else network_set_config(network_config_websocket_protocol, 'mine.v2')
        network_connect(client, '127.0.0.1', listener.port)
        const peer = await listener.accept()
        let request = ''
        await game.until(() => {
          request += Buffer.from(peer.takeAll(), 'hex').toString()
          return request.includes('\r\n\r\n')
        })
        assert.match(
          request,
          ofSocket ? /sec-websocket-protocol: mine\.v1/i : /sec-websocket-protocol: mine\.v2/i,
        )
      }
    }),
  )

  it(
    'network_set_timeout ends a peer that does not finish its packet',
    withGml(async (game) => {
      const peer = await game.join(game.portOf(game.server()))
      await game.until(() => game.events.length === 1)
      const client = game.events[0]!['socket'] as number
      network_set_timeout(client, 30, 0)
      peer.send(helloPacket.slice(0, 20))
      await game.until(() => game.of(network_type_disconnect).length === 1)
      throws(
        () => network_set_timeout(client, -1, 0),
        RangeError,
        /^network_set_timeout: read_timeout must be in/,
      )
    }),
  )

  it('os_is_network_connected tells what the interfaces tell', () => {
    const isUp = Object.values(networkInterfaces())
      .flat()
      .some((address) => address?.internal === false)
    assert.is(os_is_network_connected(), isUp)
    assert.is(os_is_network_connected(0), isUp)
  })
})
