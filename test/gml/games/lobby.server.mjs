import {
  async_load,
  buffer_create,
  buffer_delete,
  buffer_read,
  buffer_seek,
  buffer_seek_start,
  buffer_string,
  buffer_tell,
  buffer_u16,
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
  ds_map_set,
  gml_on_networking,
  gml_step,
  json_parse,
  json_stringify,
  network_create_server,
  network_destroy,
  network_send_packet,
  network_socket_tcp,
  network_type_connect,
  network_type_data,
  network_type_disconnect,
} from 'bitecs-networking/gml'
import { LOBBY } from './lobby.enum.mjs'

const alarm = [-1]

// Create
const settings = json_parse(
  '{"title":"Friday night","slots":"8","min_players":2,"countdown":30,"hits":3,"maps":["dunes","docks","harbour","mines"]}',
) // habit j

const server = network_create_server(network_socket_tcp, String(global.net_port), settings.slots) // habit h (both)
if (server < 0) {
  console.log('lobby: cannot open port ' + String(global.net_port))
}

const players = ds_map_create() // socket -> struct
const seats = ds_list_create() // sockets of those who told a name, in that order
const sbuf = buffer_create(1024, buffer_vbuffer, true) // habit g, habit a

let state = 'lobby'
let matches_started = 0
let matches_finished = 0
let hits_total = 0
let bad_seeds = 0
let match_seed = BigInt(0)
let winner_name = ''

const begin_packet = function (_kind) {
  buffer_seek(sbuf, buffer_seek_start, 0)
  buffer_write(sbuf, buffer_u8, _kind)
}

const send_all = function () {
  for (let i = 0; i < ds_list_size(seats); i++) {
    network_send_packet(ds_list_find_value(seats, i), sbuf, buffer_tell(sbuf))
  }
}

const send_roster = function () {
  begin_packet(LOBBY.ROSTER)
  buffer_write(sbuf, buffer_u8, ds_list_size(seats))
  for (let i = 0; i < ds_list_size(seats); i++) {
    const _s = ds_list_find_value(seats, i)
    const _p = ds_map_find_value(players, _s)
    buffer_write(sbuf, buffer_u8, _s) // habit b
    buffer_write(sbuf, buffer_string, _p.name)
    buffer_write(sbuf, buffer_u8, _p.ready) // habit a
  }
  send_all()
}

const everyone = function (_what) {
  if (ds_list_size(seats) < settings.min_players) return false
  for (let i = 0; i < ds_list_size(seats); i++) {
    const _p = ds_map_find_value(players, ds_list_find_value(seats, i))
    if (_what === 'ready' && !_p.ready) return false
    if (_what === 'loaded' && !_p.loaded) return false
  }
  return true
}

const finish_match = function () {
  // "0030|ann": sorts by points first and by name second
  const _board = ds_list_create()
  for (let i = 0; i < ds_list_size(seats); i++) {
    const _p = ds_map_find_value(players, ds_list_find_value(seats, i))
    ds_list_add(_board, _p.points.toFixed(0).padStart(4).replaceAll(' ', '0') + '|' + _p.name)
  }
  ds_list_sort(_board, false) // habit i

  begin_packet(LOBBY.RESULTS)
  buffer_write(sbuf, buffer_u8, ds_list_size(_board))
  for (let i = 0; i < ds_list_size(_board); i++) {
    buffer_write(sbuf, buffer_string, ds_list_find_value(_board, i))
  }
  send_all()

  winner_name = ds_list_find_value(_board, 0).slice(5)
  ds_list_destroy(_board)
  matches_finished++
  state = 'results'
  console.log('lobby: match over, winner ' + winner_name)
}

// Alarm 0
function alarm_0() {
  // the countdown ran out
  if (state !== 'countdown') return

  matches_started++
  match_seed = BigInt(20240613 + matches_started)
  hits_total = 0
  state = 'loading'

  const _names = ds_list_create()
  for (let i = 0; i < ds_list_size(seats); i++) {
    const _p = ds_map_find_value(players, ds_list_find_value(seats, i))
    _p.points = 0
    _p.loaded = false
    ds_list_add(_names, _p.name)
  }
  ds_list_sort(_names, true) // habit i

  const _array = []
  for (let i = 0; i < ds_list_size(_names); i++) {
    _array.push(ds_list_find_value(_names, i))
  }
  ds_list_destroy(_names)

  begin_packet(LOBBY.START)
  buffer_write(sbuf, buffer_u64, match_seed)
  buffer_write(
    sbuf,
    buffer_string,
    json_stringify({
      map: settings.maps[match_seed & 3n], // habit f: an int64 picks from the array
      names: _array,
      hits: settings.hits,
    }),
  )
  send_all()
}

// Async - Networking
gml_on_networking(() => {
  const _type = ds_map_find_value(async_load, 'type')

  switch (_type) {
    case network_type_connect: {
      if (ds_map_find_value(async_load, 'id') !== server) return
      const _new = ds_map_find_value(async_load, 'socket')
      ds_map_set(players, _new, { name: '', ready: false, loaded: false, points: 0 })
      console.log(
        'lobby: ' + String(ds_map_find_value(async_load, 'ip')) + ' on socket ' + String(_new),
      )
      break
    }

    case network_type_disconnect: {
      const _gone = ds_map_find_value(async_load, 'socket')
      if (!ds_map_exists(players, _gone)) return
      ds_map_delete(players, _gone)
      const _seat = ds_list_find_index(seats, _gone)
      if (_seat >= 0) ds_list_delete(seats, _seat)
      if (state === 'countdown') {
        alarm[0] = -1
        state = 'lobby'
      }
      send_roster()
      break
    }

    case network_type_data: {
      const _sock = ds_map_find_value(async_load, 'id')
      if (!ds_map_exists(players, _sock)) return
      const _me = ds_map_find_value(players, _sock)
      const _b = ds_map_find_value(async_load, 'buffer')
      buffer_seek(_b, buffer_seek_start, 0)

      switch (buffer_read(_b, buffer_u8)) {
        case LOBBY.JOIN:
          _me.name = buffer_read(_b, buffer_string)
          ds_list_add(seats, _sock)
          begin_packet(LOBBY.WELCOME)
          buffer_write(sbuf, buffer_u8, _sock) // habit b
          buffer_write(sbuf, buffer_string, settings.title)
          network_send_packet(_sock, sbuf, buffer_tell(sbuf))
          send_roster()
          break

        case LOBBY.READY:
          if (state !== 'lobby' && state !== 'countdown') break
          _me.ready = buffer_read(_b, buffer_u8) === 1
          send_roster()
          if (everyone('ready')) {
            state = 'countdown'
            alarm[0] = settings.countdown
          } else {
            state = 'lobby'
            alarm[0] = -1
          }
          break

        case LOBBY.LOADED:
          if (state !== 'loading') break
          if (buffer_read(_b, buffer_u64) !== match_seed) {
            bad_seeds++
            break
          }
          _me.loaded = buffer_read(_b, buffer_u8) > 0.5
          if (everyone('loaded')) {
            state = 'playing'
            begin_packet(LOBBY.GO)
            send_all()
          }
          break

        case LOBBY.HIT: {
          if (state !== 'playing') break
          const _target = buffer_read(_b, buffer_u8)
          if (!ds_map_exists(players, _target) || _target === _sock) break // habit b: the byte is a key of the map
          hits_total++
          _me.points += 10
          begin_packet(LOBBY.SCORE)
          buffer_write(sbuf, buffer_u8, _sock)
          buffer_write(sbuf, buffer_u8, _target)
          buffer_write(sbuf, buffer_u16, _me.points)
          send_all()
          if (hits_total >= settings.hits * ds_list_size(seats)) {
            finish_match()
          }
          break
        }
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
  ds_map_destroy(players)
  ds_list_destroy(seats)
})
