import {
  async_load,
  buffer_exists,
  buffer_get_alignment,
  buffer_get_size,
  buffer_get_type,
  buffer_grow,
  buffer_create,
  buffer_seek,
  buffer_seek_start,
  buffer_tell,
  buffer_u8,
  buffer_write,
  ds_exists,
  ds_map_create,
  ds_map_find_value,
  ds_map_set,
  ds_type_map,
  ev_async_web_networking,
  event_perform_async,
  gml_on_networking,
  gml_profile,
  gml_setting,
  gml_step,
  network_connect_async,
  network_create_server,
  network_create_socket,
  network_destroy,
  network_send_packet,
  network_send_udp,
  network_send_udp_raw,
  network_socket_tcp,
  network_socket_udp,
  network_socket_ws,
  network_socket_wss,
  network_type_connect,
  network_type_data,
  network_type_disconnect,
  network_type_non_blocking_connect,
} from 'bitecs-networking/gml'
import * as assert from 'uvu/assert'
import { hello, helloPacket } from '../lib/gameMaker.ts'
import { turns } from '../lib/until.ts'
import { bufferOf, type GmlEvent, type GmlGame } from '../lib/withGml.ts'
import { conformance, type ConformanceCase } from './conformance.ts'

/** The keys of an event, without the tests' own. */
function keysOf(event: GmlEvent | undefined): string[] {
  return Object.keys(event ?? {}).filter((key) => key !== 'hex')
}

/** A server and a client of the same game, connected. */
async function pair(
  game: GmlGame,
  type = network_socket_tcp,
): Promise<{ server: number; client: number; accepted: number }> {
  const server = network_create_server(type, 0, 4)
  const client = network_create_socket(type)
  assert.is(network_connect_async(client, '127.0.0.1', game.portOf(server)), client)
  const types = [network_type_connect, network_type_non_blocking_connect]
  await game.until(() => types.every((type) => game.of(type).length === 1))
  const accepted = game.of(network_type_connect)[0]!['socket'] as number
  return { server, client, accepted }
}

const cases: ConformanceCase[] = [
  {
    number: 'M22',
    what: 'async_load is -1 outside an event',
    run: async (game) => {
      assert.is(async_load, -1)
      const { peer } = await game.joined()
      const seen: number[] = []
      gml_on_networking(() => seen.push(async_load))
      peer.send(helloPacket)
      await game.until(() => seen.length === 1)
      assert.ok(seen[0]! >= 0)
      assert.is(async_load, -1)
      assert.is(ds_map_find_value(async_load, 'type'), undefined)
    },
  },
  {
    number: 'M23',
    what: 'after a data event its buffer and map are gone',
    run: async (game) => {
      const { peer } = await game.joined()
      const maps: number[] = []
      gml_on_networking(() => {
        maps.push(async_load)
        assert.ok(ds_exists(async_load, ds_type_map))
        assert.ok(buffer_exists(ds_map_find_value(async_load, 'buffer') as number))
      })
      peer.send(helloPacket)
      await game.until(() => maps.length === 1)
      assert.is(buffer_exists(game.of(network_type_data)[0]!['buffer'] as number), false)
      assert.is(ds_exists(maps[0]!, ds_type_map), false)
      assert.is(async_load, -1)
    },
  },
  {
    number: 'M24',
    what: 'the buffer of a data event is grow, of alignment 1, as large as size, at 0',
    run: async (game) => {
      const { peer } = await game.joined()
      let seen: number[] = []
      gml_on_networking(() => {
        const buffer = ds_map_find_value(async_load, 'buffer') as number
        seen = [
          buffer_get_type(buffer),
          buffer_get_alignment(buffer),
          buffer_get_size(buffer),
          buffer_tell(buffer),
          ds_map_find_value(async_load, 'size') as number,
        ]
      })
      peer.send(helloPacket)
      await game.until(() => seen.length > 0)
      assert.equal(seen, [buffer_grow, 1, 5, 0, 5])
    },
  },
  {
    number: 'M25',
    what: 'data on a packet server has the client as id and the server as server',
    run: async (game) => {
      const { server, client, peer } = await game.joined()
      peer.send(helloPacket)
      await game.until(() => game.of(network_type_data).length === 1)
      const [event] = game.of(network_type_data)
      assert.is(event!['id'], client)
      assert.is(event!['server'], server)
      assert.is(event!['ip'], '127.0.0.1')
      assert.is(event!['port'], peer.localPort)
      assert.is(event!.hex, hello)
    },
  },
  {
    number: 'M26',
    what: 'connect and disconnect on a server name server and client; succeeded only by the 2018 manual',
    run: async (game) => {
      for (const [profile, keys] of [
        ['default', ['type', 'id', 'ip', 'port', 'socket', 'succeeded']],
        ['2018', ['type', 'id', 'ip', 'port', 'socket', 'succeeded']],
        ['manual', ['type', 'id', 'ip', 'port', 'socket']],
        ['native', ['type', 'id', 'ip', 'port', 'socket']],
        ['html5', ['type', 'id', 'ip', 'port', 'other_port', 'socket']],
      ] as const) {
        gml_profile(profile)
        game.events.length = 0
        const { server, client, peer } = await game.joined()
        peer.close()
        await game.until(() => game.events.length === 2)
        const [connect, disconnect] = game.events
        assert.equal(keysOf(connect), keys, profile)
        assert.equal(keysOf(disconnect), keys, profile)
        assert.equal([connect!['id'], connect!['socket']], [server, client])
        assert.equal(
          [disconnect!['type'], disconnect!['id'], disconnect!['socket']],
          [network_type_disconnect, server, client],
        )
      }
    },
  },
  {
    number: 'M27',
    what: 'non_blocking_connect has succeeded; socket only by the 2018 manual',
    run: async (game) => {
      for (const [profile, extra] of [
        ['default', ['socket', 'succeeded']],
        ['2018', ['socket', 'succeeded']],
        ['manual', ['succeeded']],
        ['html5', ['succeeded']],
      ] as const) {
        gml_profile(profile)
        game.events.length = 0
        const server = game.server()
        const client = network_create_socket(network_socket_tcp)
        network_connect_async(client, '127.0.0.1', game.portOf(server))
        await game.until(() => game.of(network_type_non_blocking_connect).length === 1)
        const [event] = game.of(network_type_non_blocking_connect)
        assert.equal(keysOf(event), ['type', 'id', 'ip', 'port', ...extra], profile)
        assert.equal([event!['id'], event!['succeeded']], [client, 1])
      }
    },
  },
  {
    number: 'M28',
    what: 'a client hears nothing when its server goes, unless a setting asks for it',
    run: async (game) => {
      const { server } = await pair(game)
      network_destroy(server)
      await turns(20)
      gml_step()
      assert.is(game.of(network_type_disconnect).length, 0)
      gml_setting('client_disconnect', true)
      game.events.length = 0
      const second = await pair(game)
      network_destroy(second.server)
      await game.until(() => game.of(network_type_disconnect).length === 1)
      assert.is(game.of(network_type_disconnect)[0]!['id'], second.client)
    },
  },
  {
    number: 'M29',
    what: 'a server on a used port is below 0',
    run: (game) => {
      const port = game.portOf(game.server())
      assert.is(network_create_server(network_socket_tcp, port, 4), -1)
    },
  },
  {
    number: 'M30',
    what: 'network_send_packet of 5 bytes gives 17 over TCP and 5 over WebSocket, or what the setting says',
    run: async (game) => {
      const rows = [
        ['by_type', 17, 5],
        ['with_header', 17, 17],
        ['payload', 5, 5],
      ] as const
      for (const [setting, overTcp, overWebSocket] of rows) {
        gml_setting('packet_result', setting)
        for (const [type, expected] of [
          [network_socket_tcp, overTcp],
          [network_socket_ws, overWebSocket],
        ] as const) {
          game.events.length = 0
          const { client } = await pair(game, type)
          assert.is(network_send_packet(client, bufferOf(hello), 5), expected, setting)
        }
      }
    },
  },
  {
    number: 'M31',
    what: 'network_send_udp of 5 bytes gives 17, network_send_udp_raw 5',
    run: (game) => {
      const socket = network_create_socket(network_socket_udp)
      const port = game.portOf(socket)
      assert.is(network_send_udp(socket, '127.0.0.1', port, bufferOf(hello), 5), 17)
      assert.is(network_send_udp_raw(socket, '127.0.0.1', port, bufferOf(hello), 5), 5)
    },
  },
  {
    number: 'M32',
    what: 'there is no server for secure WebSocket',
    run: () => assert.is(network_create_server(network_socket_wss, 0, 4), -1),
  },
  {
    number: 'M33',
    what: 'a TCP data event has no message_type',
    run: async (game) => {
      const { peer } = await game.joined()
      peer.send(helloPacket)
      await game.until(() => game.of(network_type_data).length === 1)
      assert.equal(keysOf(game.of(network_type_data)[0]), [
        'type',
        'id',
        'ip',
        'port',
        'buffer',
        'size',
        'server',
      ])
    },
  },
  {
    number: 'M34',
    what: 'event_perform_async inside an event has a map of its own, which is destroyed',
    run: async (game) => {
      const { peer } = await game.joined()
      const seen: unknown[] = []
      const inner = ds_map_create()
      ds_map_set(inner, 'type', 'mine')
      gml_on_networking(() => {
        const outer = async_load
        const type = ds_map_find_value(async_load, 'type')
        seen.push(type)
        if (type === 'mine') return
        event_perform_async(ev_async_web_networking, inner)
        seen.push(async_load === outer, ds_map_find_value(async_load, 'type'))
      })
      peer.send(helloPacket)
      await game.until(() => seen.length === 4)
      assert.equal(seen, [network_type_data, 'mine', true, network_type_data])
      assert.is(ds_exists(inner, ds_type_map), false)
      assert.is(async_load, -1)
    },
  },
  {
    number: 'M35',
    what: 'a send takes bytes from the start and moves nothing',
    run: async (game) => {
      const { accepted, client } = await pair(game)
      const buffer = buffer_create(16, buffer_grow, 1)
      for (let byte = 0; byte < 10; byte++) buffer_write(buffer, buffer_u8, byte)
      assert.is(network_send_packet(client, buffer, 4), 16)
      assert.is(buffer_tell(buffer), 10)
      buffer_seek(buffer, buffer_seek_start, 2)
      await game.until(() => game.messages.length === 1)
      assert.equal(game.messages, ['00010203'])
      assert.is(game.of(network_type_data)[0]!['id'], accepted)
    },
  },
]

conformance('the Networking event, by the manual', 'M', [22, 35], cases)
