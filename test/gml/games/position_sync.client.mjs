import {
  async_load,
  buffer_create,
  buffer_delete,
  buffer_f32,
  buffer_peek,
  buffer_read,
  buffer_s16,
  buffer_seek,
  buffer_seek_start,
  buffer_string,
  buffer_tell,
  buffer_u64,
  buffer_u8,
  buffer_vbuffer,
  buffer_write,
  ds_list_add,
  ds_list_create,
  ds_list_destroy,
  ds_list_sort,
  ds_map_create,
  ds_map_delete,
  ds_map_destroy,
  ds_map_find_value,
  ds_map_set,
  gml_on_networking,
  gml_step,
  json_parse,
  network_config_use_non_blocking_socket,
  network_connect,
  network_create_socket,
  network_destroy,
  network_send_packet,
  network_set_config,
  network_socket_ws,
} from 'bitecs-networking/gml'
import {
  PS_HELLO,
  PS_MOVE,
  PS_WELCOME,
  PS_JOIN,
  PS_GO,
  PS_POS,
  PS_DONE,
  PS_SNAPSHOT,
  PS_LEFT,
} from './position_sync.macros.mjs'

const alarm = [-1]

// Create
const my_name = global.player_name
let my_id = -1
let my_x = 0
let my_y = 0
let my_angle = 0
let spawn_x = 0
let state = 'joining'
let level_name = ''
let level = undefined
let moves_sent = 0
let acked_seq = 0
let corrections = 0
let others_seen = 0
let late_ticks = 0
let last_tick = BigInt(0)

const pos = ds_map_create() // socket on the server -> struct
const final_pos = ds_map_create()
const tags = ds_list_create() // name tags, sorted for the scoreboard

const port_text = String(global.net_port) // as typed by the player

const cbuf = buffer_create(128, buffer_vbuffer, true) // habit g, habit a
buffer_write(cbuf, buffer_u8, PS_HELLO)
buffer_write(cbuf, buffer_string, my_name)

network_set_config(network_config_use_non_blocking_socket, false) // habit a
const socket = network_create_socket(network_socket_ws)
network_connect(socket, global.net_host, port_text) // habit h
network_send_packet(socket, cbuf, buffer_tell(cbuf)) // habit c

const send_move = function () {
  // the keys of this frame: always right and up
  const _right = true
  const _left = false
  const _up = true
  const _down = false
  let _dx = (_right - _left) * 10 // habit a
  const _dy = (_down - _up) * 15 // habit a

  moves_sent++
  if (moves_sent === 4) _dx += 490 // speed hack, the server must not believe it

  buffer_seek(cbuf, buffer_seek_start, 0)
  buffer_write(cbuf, buffer_u8, PS_MOVE)
  buffer_write(cbuf, buffer_u8, moves_sent)
  buffer_write(cbuf, buffer_s16, my_x + _dx)
  buffer_write(cbuf, buffer_s16, my_y + _dy)
  buffer_write(cbuf, buffer_f32, 22.5 * moves_sent)
  buffer_write(cbuf, buffer_u8, _down) // habit a: jumping
  network_send_packet(socket, cbuf, buffer_tell(cbuf))
}

// Alarm 0
function alarm_0() {
  send_move()
}

// Async - Networking
gml_on_networking(() => {
  if (ds_map_find_value(async_load, 'id') !== socket) return
  const _b = ds_map_find_value(async_load, 'buffer') // habit d
  const _kind = buffer_peek(_b, false, buffer_u8) // habit a
  buffer_seek(_b, buffer_seek_start, 1)

  switch (_kind) {
    case PS_WELCOME:
      my_id = buffer_read(_b, buffer_u8)
      my_x = buffer_read(_b, buffer_s16)
      my_y = buffer_read(_b, buffer_s16)
      spawn_x = my_x
      level = json_parse(buffer_read(_b, buffer_string)) // habit j
      ds_map_set(pos, my_id, { x: my_x, y: my_y, angle: 0, name: my_name })
      ds_list_add(tags, my_name)
      state = 'waiting'
      break

    case PS_JOIN: {
      const _jid = buffer_read(_b, buffer_u8)
      const _jx = buffer_read(_b, buffer_s16)
      const _jy = buffer_read(_b, buffer_s16)
      const _ja = buffer_read(_b, buffer_f32)
      const _jn = buffer_read(_b, buffer_string)
      ds_map_set(pos, _jid, { x: _jx, y: _jy, angle: _ja, name: _jn }) // habit b
      ds_list_add(tags, _jn)
      ds_list_sort(tags, true) // habit i
      break
    }

    case PS_GO:
      last_tick = buffer_read(_b, buffer_u64)
      state = 'running'
      alarm[0] = 5
      break

    case PS_POS: {
      const _pid = buffer_read(_b, buffer_u8)
      const _seq = buffer_read(_b, buffer_u8)
      const _who = ds_map_find_value(pos, _pid) // habit b
      if (_who === undefined) return
      _who.x = buffer_read(_b, buffer_s16)
      _who.y = buffer_read(_b, buffer_s16)
      _who.angle = buffer_read(_b, buffer_f32)
      const _corrected = buffer_read(_b, buffer_u8)
      const _tick = buffer_read(_b, buffer_u64)
      if (_tick < last_tick) late_ticks++
      last_tick = _tick

      if (_pid !== my_id) {
        others_seen++
        return
      }
      acked_seq = _seq
      my_x = _who.x
      my_y = _who.y
      my_angle = _who.angle
      corrections += _corrected
      if (moves_sent < 5) {
        alarm[0] = 5
      } else {
        buffer_seek(cbuf, buffer_seek_start, 0)
        buffer_write(cbuf, buffer_u8, PS_DONE)
        buffer_write(cbuf, buffer_u64, last_tick)
        network_send_packet(socket, cbuf, buffer_tell(cbuf))
      }
      break
    }

    case PS_SNAPSHOT: {
      const _ofs = buffer_read(_b, buffer_u64)
      level_name = buffer_read(_b, buffer_string)
      const _count = buffer_peek(_b, _ofs, buffer_u8) // habit f
      buffer_seek(_b, buffer_seek_start, _ofs + 1n) // habit f
      for (let i = 0; i < _count; i++) {
        const _fid = buffer_read(_b, buffer_u8)
        const _fx = buffer_read(_b, buffer_s16)
        const _fy = buffer_read(_b, buffer_s16)
        const _fa = buffer_read(_b, buffer_f32)
        ds_map_set(final_pos, _fid, { x: _fx, y: _fy, angle: _fa })
      }
      state = 'finished'
      console.log(my_name + ' ended at ' + String(my_x) + ',' + String(my_y))
      break
    }

    case PS_LEFT:
      ds_map_delete(pos, buffer_read(_b, buffer_u8))
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
  ds_map_destroy(pos)
  ds_map_destroy(final_pos)
  ds_list_destroy(tags)
})
