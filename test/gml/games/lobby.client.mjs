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
  ds_list_clear,
  ds_list_create,
  ds_list_destroy,
  ds_list_sort,
  ds_map_clear,
  ds_map_create,
  ds_map_destroy,
  ds_map_find_first,
  ds_map_find_next,
  ds_map_find_value,
  ds_map_set,
  ds_map_size,
  gml_on_networking,
  gml_step,
  json_parse,
  network_config_connect_timeout,
  network_config_use_non_blocking_socket,
  network_connect,
  network_create_socket,
  network_destroy,
  network_send_packet,
  network_set_config,
  network_socket_tcp,
} from 'bitecs-networking/gml'
import { LOBBY } from './lobby.enum.mjs'

const alarm = [-1]

// Create
// the text box of the join menu holds "host:port"
const address_text = global.net_host + ':' + String(global.net_port)
const _colon = address_text.indexOf(':') + 1
const join_host = address_text.slice(0, _colon - 1)
const join_port = address_text.slice(_colon) // stays a text

const my_name = global.player_name
let my_id = -1
let my_points = 0
let state = 'joining'
let lobby_title = ''
let map_name = ''
let map_ok = false
let hits_max = 0
let hits_sent = 0
let times_hit = 0
let winner_name = ''
let board = []
const maps = ['dunes', 'docks', 'harbour', 'mines']

const roster = ds_map_create() // socket on the server -> struct
const points_of = ds_map_create() // socket on the server -> points
const names = ds_list_create() // for the menu, sorted

const cbuf = buffer_create(256, buffer_vbuffer, 1) // habit g
buffer_seek(cbuf, buffer_seek_start, 0)
buffer_write(cbuf, buffer_u8, LOBBY.JOIN)
buffer_write(cbuf, buffer_string, my_name)

network_set_config(network_config_connect_timeout, 4000)
network_set_config(network_config_use_non_blocking_socket, false) // habit a
const socket = network_create_socket(network_socket_tcp)
const connection = network_connect(socket, join_host, join_port) // habit h
network_send_packet(socket, cbuf, buffer_tell(cbuf)) // habit c
if (connection < 0) {
  console.log('lobby: nobody listens at ' + address_text)
  state = 'offline'
}

const send_ready = function (_ready) {
  buffer_seek(cbuf, buffer_seek_start, 0)
  buffer_write(cbuf, buffer_u8, LOBBY.READY)
  buffer_write(cbuf, buffer_u8, _ready) // habit a
  network_send_packet(socket, cbuf, buffer_tell(cbuf))
}

// Alarm 0
function alarm_0() {
  // stands in for the player's hands
  switch (state) {
    case 'lobby':
      send_ready(true)
      break

    case 'playing': {
      // shoot at the first one who is not me
      let _target = ds_map_find_first(roster)
      while (_target !== undefined && _target === my_id) {
        _target = ds_map_find_next(roster, _target)
      }
      if (_target === undefined) return
      buffer_seek(cbuf, buffer_seek_start, 0)
      buffer_write(cbuf, buffer_u8, LOBBY.HIT)
      buffer_write(cbuf, buffer_u8, _target) // habit b
      network_send_packet(socket, cbuf, buffer_tell(cbuf))
      hits_sent++
      if (hits_sent < hits_max) alarm[0] = 8
      break
    }
  }
}

// Async - Networking
gml_on_networking(() => {
  const _b = ds_map_find_value(async_load, 'buffer') // habit d
  buffer_seek(_b, buffer_seek_start, 0)

  switch (buffer_read(_b, buffer_u8)) {
    case LOBBY.WELCOME:
      my_id = buffer_read(_b, buffer_u8)
      lobby_title = buffer_read(_b, buffer_string)
      state = 'lobby'
      alarm[0] = 15
      break

    case LOBBY.ROSTER:
      ds_map_clear(roster)
      ds_list_clear(names)
      for (let n = buffer_read(_b, buffer_u8); n > 0; n--) {
        const _pid = buffer_read(_b, buffer_u8)
        const _pname = buffer_read(_b, buffer_string)
        const _prdy = buffer_read(_b, buffer_u8)
        ds_map_set(roster, _pid, { name: _pname, ready: _prdy }) // habit b
        ds_list_add(names, _pname)
      }
      ds_list_sort(names, true) // habit i
      break

    case LOBBY.START: {
      const _seed = buffer_read(_b, buffer_u64)
      const _info = json_parse(buffer_read(_b, buffer_string)) // habit j
      map_name = maps[_seed & 3n] // habit f
      map_ok = map_name === _info.map && _info.names.length === ds_map_size(roster)
      hits_max = _info.hits
      state = 'loading'
      buffer_seek(cbuf, buffer_seek_start, 0)
      buffer_write(cbuf, buffer_u8, LOBBY.LOADED)
      buffer_write(cbuf, buffer_u64, _seed)
      buffer_write(cbuf, buffer_u8, map_ok) // habit a
      network_send_packet(socket, cbuf, buffer_tell(cbuf))
      break
    }

    case LOBBY.GO:
      state = 'playing'
      alarm[0] = 8
      break

    case LOBBY.SCORE: {
      const _shooter = buffer_read(_b, buffer_u8)
      const _victim = buffer_read(_b, buffer_u8)
      ds_map_set(points_of, _shooter, buffer_read(_b, buffer_u16)) // habit b
      if (_shooter === my_id) my_points = ds_map_find_value(points_of, my_id)
      if (_victim === my_id) times_hit++
      break
    }

    case LOBBY.RESULTS:
      board = []
      for (let n = buffer_read(_b, buffer_u8); n > 0; n--) {
        board.push(buffer_read(_b, buffer_string))
      }
      winner_name = board[0].slice(5)
      state = 'results'
      console.log(my_name + ': ' + winner_name + ' wins')
      break
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
  network_destroy(socket)
  buffer_delete(cbuf)
  ds_map_destroy(roster)
  ds_map_destroy(points_of)
  ds_list_destroy(names)
})
