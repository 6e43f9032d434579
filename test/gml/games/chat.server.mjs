import {
  async_load,
  buffer_copy,
  buffer_create,
  buffer_delete,
  buffer_poke,
  buffer_read,
  buffer_seek,
  buffer_seek_start,
  buffer_string,
  buffer_tell,
  buffer_u64,
  buffer_u8,
  buffer_vbuffer,
  buffer_write,
  ds_list_add,
  ds_list_copy,
  ds_list_create,
  ds_list_delete,
  ds_list_destroy,
  ds_list_find_value,
  ds_list_size,
  ds_list_sort,
  ds_map_add,
  ds_map_add_list,
  ds_map_create,
  ds_map_delete,
  ds_map_destroy,
  ds_map_exists,
  ds_map_find_first,
  ds_map_find_next,
  ds_map_find_value,
  ds_map_set,
  gml_on_networking,
  gml_step,
  json_encode,
  json_parse,
  json_stringify,
  md5_string_utf8,
  network_create_server,
  network_destroy,
  network_send_packet,
  network_socket_tcp,
  network_type_connect,
  network_type_data,
  network_type_disconnect,
} from 'bitecs-networking/gml'

// Create
// first byte of a packet
//   from clients: 1 join (json)   2 say (string)   3 whisper (u8 target, u64 length, bytes)
//                 4 nick (string) 5 lookup (u64 index)
//   to clients:   101 welcome (u8 your socket, string json of a ds_map)
//                 102 users (string json)   103 line (u8 speaker, u64 index, string)
//                 104 whisper (u8 from, string)   105 found (u64 index, string)

const config = json_parse(
  '{"port":"","max":"10","keep":50,"motd":"server: be nice — ¡y diviértete! 🎮"}',
) // habit j
config.port = String(global.net_port)

const server = network_create_server(network_socket_tcp, config.port, config.max) // habit h (port and max are texts)
if (server < 0) console.log('chat: could not listen on ' + config.port)

const users = ds_map_create() // socket -> struct
const history = ds_list_create() // plain lines "name: text"
ds_list_add(history, config.motd)

const sbuf = buffer_create(4096, buffer_vbuffer, true) // habit g, habit a

let joined_total = 0
let left_total = 0
let lines_total = 0
let whispers_total = 0
let nicks_total = 0
let lookups_total = 0
let bad_packets = 0
let peak_users = 0

const broadcast = function () {
  const _size = buffer_tell(sbuf)
  for (let k = ds_map_find_first(users); k !== undefined; k = ds_map_find_next(users, k)) {
    network_send_packet(k, sbuf, _size)
  }
}

const name_taken = function (_name) {
  for (let k = ds_map_find_first(users); k !== undefined; k = ds_map_find_next(users, k)) {
    if (ds_map_find_value(users, k).name === _name) return true
  }
  return false
}

const send_users = function () {
  // sort "name|socket" and take it apart again
  const _list = ds_list_create()
  for (let k = ds_map_find_first(users); k !== undefined; k = ds_map_find_next(users, k)) {
    ds_list_add(_list, ds_map_find_value(users, k).name + '|' + String(k))
  }
  ds_list_sort(_list, true) // habit i

  const _out = []
  for (let i = 0; i < ds_list_size(_list); i++) {
    const _bar = ds_list_find_value(_list, i).indexOf('|') + 1
    const _name = ds_list_find_value(_list, i).slice(0, _bar - 1)
    _out.push({
      name: _name,
      sock: Number(ds_list_find_value(_list, i).slice(_bar)),
      tint: md5_string_utf8(_name).slice(0, 6),
    })
  }
  peak_users = Math.max(peak_users, ds_list_size(_list))
  ds_list_destroy(_list)

  buffer_seek(sbuf, buffer_seek_start, 0)
  buffer_write(sbuf, buffer_u8, 102)
  buffer_write(sbuf, buffer_string, json_stringify({ count: _out.length, users: _out }))
  broadcast()
}

const welcome_json = function () {
  // the old way, ds_map and ds_list
  const _copy = ds_list_create()
  ds_list_copy(_copy, history)
  const _map = ds_map_create()
  ds_map_add(_map, 'motd', config.motd)
  ds_map_add(_map, 'count', ds_list_size(_copy))
  ds_map_add_list(_map, 'history', _copy)
  const _text = json_encode(_map)
  ds_map_destroy(_map) // takes _copy with it
  return _text
}

// Async - Networking
gml_on_networking(() => {
  const _type = ds_map_find_value(async_load, 'type')

  if (_type === network_type_connect) {
    console.log('chat: hello socket ' + String(ds_map_find_value(async_load, 'socket')))
    return
  }

  if (_type === network_type_disconnect) {
    const _gone = ds_map_find_value(async_load, 'socket')
    if (ds_map_exists(users, _gone)) {
      left_total++
      ds_map_delete(users, _gone)
      send_users()
    }
    return
  }

  if (_type !== network_type_data) return

  const _sock = ds_map_find_value(async_load, 'id')
  const _b = ds_map_find_value(async_load, 'buffer')
  buffer_seek(_b, buffer_seek_start, 0)
  const _cmd = buffer_read(_b, buffer_u8)

  if (_cmd !== 1 && !ds_map_exists(users, _sock)) return // not one of ours

  switch (_cmd) {
    case 1: {
      // join
      const _info = json_parse(buffer_read(_b, buffer_string)) // habit j
      while (name_taken(_info.name)) {
        _info.name += '_'
      }
      ds_map_set(users, _sock, { name: _info.name, lines: 0, away: _info.away })
      joined_total++
      buffer_seek(sbuf, buffer_seek_start, 0)
      buffer_write(sbuf, buffer_u8, 101)
      buffer_write(sbuf, buffer_u8, _sock) // habit b
      buffer_write(sbuf, buffer_string, welcome_json())
      network_send_packet(_sock, sbuf, buffer_tell(sbuf))
      send_users()
      break
    }

    case 2: {
      // say
      const _user = ds_map_find_value(users, _sock)
      const _line = _user.name + ': ' + buffer_read(_b, buffer_string)
      ds_list_add(history, _line)
      if (ds_list_size(history) > config.keep) ds_list_delete(history, 0)
      _user.lines++
      lines_total++
      buffer_seek(sbuf, buffer_seek_start, 0)
      buffer_write(sbuf, buffer_u8, 103)
      buffer_write(sbuf, buffer_u8, _sock) // habit b
      buffer_write(sbuf, buffer_u64, ds_list_size(history) - 1)
      buffer_write(sbuf, buffer_string, _line)
      broadcast()
      break
    }

    case 3: {
      // whisper, handed on as it came
      const _to = buffer_read(_b, buffer_u8)
      const _len = buffer_read(_b, buffer_u64)
      const _at = buffer_tell(_b)
      if (
        !ds_map_exists(users, _to) ||
        BigInt(_at) + _len > ds_map_find_value(async_load, 'size')
      ) {
        bad_packets++
        break
      }
      whispers_total++
      buffer_poke(sbuf, 0, buffer_u8, 104)
      buffer_poke(sbuf, 1, buffer_u8, _sock)
      buffer_copy(_b, _at, _len, sbuf, 2) // habit f
      network_send_packet(_to, sbuf, _len + 2n) // habit f, habit b: the byte is the socket
      break
    }

    case 4: {
      // nick
      const _nick = buffer_read(_b, buffer_string)
      if (_nick === '' || name_taken(_nick)) {
        bad_packets++
        break
      }
      ds_map_find_value(users, _sock).name = _nick
      nicks_total++
      send_users()
      break
    }

    case 5: {
      // lookup
      const _index = buffer_read(_b, buffer_u64)
      lookups_total++
      buffer_seek(sbuf, buffer_seek_start, 0)
      buffer_write(sbuf, buffer_u8, 105)
      buffer_write(sbuf, buffer_u64, _index)
      buffer_write(sbuf, buffer_string, ds_list_find_value(history, _index)) // habit f
      network_send_packet(_sock, sbuf, buffer_tell(sbuf))
      break
    }

    default:
      bad_packets++
      break
  }
})

const steps = setInterval(() => {
  gml_step()
}, 1000 / 60)

// Clean Up
process.once('SIGINT', () => {
  clearInterval(steps)
  network_destroy(server)
  buffer_delete(sbuf)
  ds_map_destroy(users)
  ds_list_destroy(history)
})
