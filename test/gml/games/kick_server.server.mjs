import {
  async_load,
  buffer_create,
  buffer_delete,
  buffer_read,
  buffer_seek,
  buffer_seek_start,
  buffer_string,
  buffer_tell,
  buffer_u32,
  buffer_u64,
  buffer_u8,
  buffer_vbuffer,
  buffer_write,
  ds_list_add,
  ds_list_create,
  ds_list_delete,
  ds_list_destroy,
  ds_list_find_index,
  ds_list_find_value,
  ds_list_size,
  ds_list_sort,
  ds_map_create,
  ds_map_delete,
  ds_map_destroy,
  ds_map_exists,
  ds_map_find_value,
  ds_map_keys_to_array,
  ds_map_set,
  gml_on_networking,
  gml_step,
  json_parse,
  json_stringify,
  network_config_message_size_limit,
  network_create_server,
  network_destroy,
  network_send_packet,
  network_set_config,
  network_socket_tcp,
  network_type_connect,
  network_type_data,
  network_type_disconnect,
  noone,
  sha1_string_utf8,
} from 'bitecs-networking/gml'

const alarm = [-1]

// Create
//   from clients: 1 hello (string name)   2 answer (u8 my socket, string piece)
//                 3 score (u8 my socket, u32 total)   4 chat (string)
//   to clients:  11 denied (string why)   12 challenge (u8 your socket, string token, u64 where)
//                13 welcome (u8 your socket, string json)   14 joined (u8 socket, string name)
//                15 go   16 accepted (u8 socket, u32 total)   17 warning (string)
//                18 kicked (string why, u8 for good)   19 someone was kicked (u8 socket, string why)

const settings = json_parse(
  '{"max_clients":"4","max_players":3,"needed":2,"flood_limit":20,"flood_window":1000,"packet_limit":512,"message_limit":"2048","kick_delay":10,"max_gain":10,"bans":["da39a3ee5e6b4b0d3255bfef95601890afd80709"]}',
) // habit j

const server = network_create_server(
  network_socket_tcp,
  String(global.net_port),
  settings.max_clients,
) // habit h
if (server < 0) console.log('referee: port in use')

const clients = ds_map_create() // socket -> struct
const kicks_of = ds_map_create() // ban key -> how often
const bans = ds_list_create() // sha1 of "ip/name"
const kick_queue = ds_list_create() // sockets that get destroyed by the alarm
const kick_log = ds_list_create()

for (let i = 0; i < settings.bans.length; i++) {
  ds_list_add(bans, settings.bans[i])
}

const sbuf = buffer_create(1024, buffer_vbuffer, true) // habit g, habit a

let state = 'waiting'
let connects_total = 0
let joined_total = 0
let kicked_total = 0
let denied_total = 0
let lies = 0
let oversize = 0
let floods = 0

const start = function (_kind) {
  buffer_seek(sbuf, buffer_seek_start, 0)
  buffer_write(sbuf, buffer_u8, _kind)
}

const send_to = function (_sock) {
  return network_send_packet(_sock, sbuf, buffer_tell(sbuf))
}

const send_players = function (_except) {
  const _keys = ds_map_keys_to_array(clients)
  for (let i = 0; i < _keys.length; i++) {
    const _c = ds_map_find_value(clients, _keys[i])
    if (_c.joined && !_c.doomed && _keys[i] !== _except) send_to(_keys[i])
  }
}

const count_players = function () {
  let _n = 0
  const _keys = ds_map_keys_to_array(clients)
  for (let i = 0; i < _keys.length; i++) {
    const _c = ds_map_find_value(clients, _keys[i])
    _n += _c.joined && !_c.doomed // habit a
  }
  return _n
}

// the message has to leave before the socket dies, so it dies a few steps later
const doom = function (_sock) {
  ds_map_find_value(clients, _sock).doomed = true
  ds_list_add(kick_queue, _sock)
  if (alarm[0] < 0) alarm[0] = settings.kick_delay
}

const forget = function (_sock) {
  ds_map_delete(clients, _sock)
  const _q = ds_list_find_index(kick_queue, _sock)
  if (_q >= 0) ds_list_delete(kick_queue, _q)
}

const kick = function (_sock, _why) {
  const _c = ds_map_find_value(clients, _sock)
  let _times = ds_map_find_value(kicks_of, _c.key)
  if (_times === undefined) _times = 0
  _times++
  ds_map_set(kicks_of, _c.key, _times)

  const _for_good = _times >= 2
  if (_for_good) {
    ds_list_add(bans, _c.key)
    ds_list_sort(bans, true) // habit i
  }
  kicked_total++
  ds_list_add(kick_log, _c.name + ': ' + _why)
  console.log('referee: kick ' + _c.name + ' (' + _why + ')')

  start(18)
  buffer_write(sbuf, buffer_string, _why)
  buffer_write(sbuf, buffer_u8, _for_good) // habit a
  send_to(_sock)

  start(19)
  buffer_write(sbuf, buffer_u8, _sock) // habit b
  buffer_write(sbuf, buffer_string, _why)
  send_players(_sock)

  doom(_sock)
}

const deny = function (_sock, _why) {
  denied_total++
  start(11)
  buffer_write(sbuf, buffer_string, _why)
  send_to(_sock)
  doom(_sock)
}

const strike = function (_sock, _why) {
  const _c = ds_map_find_value(clients, _sock)
  _c.strikes++
  if (_c.strikes >= 2) {
    kick(_sock, 'cheating')
    return
  }
  start(17)
  buffer_write(sbuf, buffer_string, _why)
  send_to(_sock)
}

// Alarm 0
function alarm_0() {
  // throw them out
  while (ds_list_size(kick_queue) > 0) {
    const _sock = ds_list_find_value(kick_queue, 0)
    network_destroy(_sock)
    forget(_sock) // no disconnect event comes for those we close ourselves
  }
}

// Async - Networking
gml_on_networking(() => {
  switch (ds_map_find_value(async_load, 'type')) {
    case network_type_connect: {
      const _new = ds_map_find_value(async_load, 'socket')
      connects_total++
      network_set_config(network_config_message_size_limit, _new, settings.message_limit) // habit h
      ds_map_set(clients, _new, {
        name: '',
        key: '',
        ip: ds_map_find_value(async_load, 'ip'),
        joined: false,
        doomed: false,
        points: 0,
        strikes: 0,
        count: 0,
        since: Math.trunc(performance.now()),
        token: sha1_string_utf8('salt' + String(connects_total)),
        where: BigInt(3 + connects_total),
      })
      break
    }

    case network_type_disconnect: {
      const _gone = ds_map_find_value(async_load, 'socket')
      if (ds_map_exists(clients, _gone)) {
        console.log('referee: ' + ds_map_find_value(clients, _gone).name + ' is gone')
        forget(_gone)
      }
      break
    }

    case network_type_data: {
      const _sock = ds_map_find_value(async_load, 'id')
      const _size = ds_map_find_value(async_load, 'size')
      const _c = ds_map_find_value(clients, _sock)
      if (_c === undefined) return
      if (_c.doomed) return // may say what it likes

      // flooding?
      if (Math.trunc(performance.now()) - _c.since > settings.flood_window) {
        _c.since = Math.trunc(performance.now())
        _c.count = 0
      }
      _c.count++
      if (_c.count > settings.flood_limit) {
        floods++
        kick(_sock, 'flood')
        return
      }

      // too long for anything we know?
      if (_size > settings.packet_limit) {
        oversize++
        strike(_sock, 'too long')
        return
      }

      const _b = ds_map_find_value(async_load, 'buffer')
      buffer_seek(_b, buffer_seek_start, 0)
      switch (buffer_read(_b, buffer_u8)) {
        case 1: // hello
          _c.name = buffer_read(_b, buffer_string)
          _c.key = sha1_string_utf8(_c.ip + '/' + _c.name)
          if (ds_list_find_index(bans, _c.key) >= 0) {
            deny(_sock, 'banned')
            return
          }
          if (count_players() >= settings.max_players) {
            deny(_sock, 'full')
            return
          }
          start(12)
          buffer_write(sbuf, buffer_u8, _sock) // habit b
          buffer_write(sbuf, buffer_string, _c.token)
          buffer_write(sbuf, buffer_u64, _c.where)
          send_to(_sock)
          break

        case 2: {
          // answer
          const _says = buffer_read(_b, buffer_u8)
          const _piece = buffer_read(_b, buffer_string)
          if (_says !== _sock || _piece !== _c.token.slice(Number(_c.where) - 1).slice(0, 6)) {
            // habit b, habit f
            deny(_sock, 'wrong answer')
            return
          }
          // who is here already
          const _list = []
          const _keys = ds_map_keys_to_array(clients)
          for (let i = 0; i < _keys.length; i++) {
            const _o = ds_map_find_value(clients, _keys[i])
            if (_o.joined && !_o.doomed) _list.push({ sock: _keys[i], name: _o.name })
          }
          _c.joined = true
          joined_total++
          start(13)
          buffer_write(sbuf, buffer_u8, _sock)
          buffer_write(
            sbuf,
            buffer_string,
            json_stringify({ players: _list, gain: settings.max_gain }),
          )
          send_to(_sock)

          start(14)
          buffer_write(sbuf, buffer_u8, _sock)
          buffer_write(sbuf, buffer_string, _c.name)
          send_players(_sock)

          if (state === 'open') {
            start(15)
            send_to(_sock)
          } else if (count_players() >= settings.needed) {
            state = 'open'
            start(15)
            send_players(noone)
          }
          break
        }

        case 3: {
          // score
          const _from = buffer_read(_b, buffer_u8)
          const _total = buffer_read(_b, buffer_u32)
          if (!_c.joined) return
          if (_from !== _sock || _total < _c.points || _total - _c.points > settings.max_gain) {
            lies++
            strike(_sock, 'that cannot be')
            return
          }
          _c.points = _total
          start(16)
          buffer_write(sbuf, buffer_u8, _sock)
          buffer_write(sbuf, buffer_u32, _c.points)
          send_to(_sock)
          break
        }

        case 4: // chat, nobody listens
          console.log(_c.name + ': ' + buffer_read(_b, buffer_string))
          break
      }
      break
    }
  }
})

const steps = setInterval(() => {
  gml_step()
  if (alarm[0] > 0 && --alarm[0] === 0) {
    alarm[0] = -1
    alarm_0()
  }
}, 1000 / 60)

// Clean Up
process.once('SIGINT', () => {
  clearInterval(steps)
  network_destroy(server)
  buffer_delete(sbuf)
  ds_map_destroy(clients)
  ds_map_destroy(kicks_of)
  ds_list_destroy(bans)
  ds_list_destroy(kick_queue)
  ds_list_destroy(kick_log)
})
