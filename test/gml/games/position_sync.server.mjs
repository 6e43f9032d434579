import {
  async_load,
  buffer_create,
  buffer_delete,
  buffer_f32,
  buffer_poke,
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
  network_create_server,
  network_destroy,
  network_send_packet,
  network_socket_ws,
  network_type_connect,
  network_type_data,
  network_type_disconnect,
  noone,
} from 'bitecs-networking/gml'
import {
  PS_JOIN,
  PS_SNAPSHOT,
  PS_LEFT,
  PS_HELLO,
  PS_WELCOME,
  PS_GO,
  PS_MOVE,
  PS_POS,
  PS_DONE,
} from './position_sync.macros.mjs'

// Create
const level_text = '{"name":"meadow","width":1000,"max_step":16,"wanted":2,"slots":"16"}'
const level = json_parse(level_text) // habit j

const port_text = String(global.net_port)
const server = network_create_server(network_socket_ws, port_text, level.slots) // habit h
if (server < 0) {
  console.log('sync: port ' + port_text + ' is taken')
}

const players = ds_map_create()
const order = ds_list_create()
const sbuf = buffer_create(512, buffer_vbuffer, 1) // habit g

let state = 'waiting'
let tick = 0
let moves_total = 0
let corrections = 0
let echoes_total = 0
let snapshots_sent = 0

const send_all = function (_except) {
  for (let i = 0; i < ds_list_size(order); i++) {
    if (ds_list_find_value(order, i) === _except) continue
    network_send_packet(ds_list_find_value(order, i), sbuf, buffer_tell(sbuf))
  }
}

const write_join = function (_sock) {
  const _p = ds_map_find_value(players, _sock)
  buffer_seek(sbuf, buffer_seek_start, 0)
  buffer_write(sbuf, buffer_u8, PS_JOIN)
  buffer_write(sbuf, buffer_u8, _sock) // habit b
  buffer_write(sbuf, buffer_s16, _p.x)
  buffer_write(sbuf, buffer_s16, _p.y)
  buffer_write(sbuf, buffer_f32, _p.angle)
  buffer_write(sbuf, buffer_string, _p.name)
}

const send_snapshot = function () {
  ds_list_sort(order, true) // habit i
  buffer_seek(sbuf, buffer_seek_start, 0)
  buffer_write(sbuf, buffer_u8, PS_SNAPSHOT)
  buffer_write(sbuf, buffer_u64, 0) // filled in below
  buffer_write(sbuf, buffer_string, level.name)
  const _ofs = BigInt(buffer_tell(sbuf))
  buffer_poke(sbuf, 1, buffer_u64, _ofs)
  buffer_write(sbuf, buffer_u8, ds_list_size(order))
  for (let i = 0; i < ds_list_size(order); i++) {
    const _p = ds_map_find_value(players, ds_list_find_value(order, i))
    buffer_write(sbuf, buffer_u8, ds_list_find_value(order, i))
    buffer_write(sbuf, buffer_s16, _p.x)
    buffer_write(sbuf, buffer_s16, _p.y)
    buffer_write(sbuf, buffer_f32, _p.angle)
  }
  const _size = BigInt(buffer_tell(sbuf))
  for (let i = 0; i < ds_list_size(order); i++) {
    network_send_packet(ds_list_find_value(order, i), sbuf, _size) // habit f: the size is an int64
  }
  snapshots_sent++
}

// Step
function step() {
  tick++
}

// Async - Networking
gml_on_networking(() => {
  switch (ds_map_find_value(async_load, 'type')) {
    case network_type_connect:
      console.log(
        'sync: socket ' +
          String(ds_map_find_value(async_load, 'socket')) +
          ' from ' +
          ds_map_find_value(async_load, 'ip'),
      )
      break

    case network_type_disconnect: {
      const _gone = ds_map_find_value(async_load, 'socket')
      const _place = ds_list_find_index(order, _gone)
      if (_place < 0) return
      ds_list_delete(order, _place)
      ds_map_delete(players, _gone)
      buffer_seek(sbuf, buffer_seek_start, 0)
      buffer_write(sbuf, buffer_u8, PS_LEFT)
      buffer_write(sbuf, buffer_u8, _gone)
      send_all(noone)
      break
    }

    case network_type_data: {
      const _sock = ds_map_find_value(async_load, 'id')
      const _b = ds_map_find_value(async_load, 'buffer')
      buffer_seek(_b, buffer_seek_start, 0)
      const _kind = buffer_read(_b, buffer_u8)

      if (_kind === PS_HELLO) {
        if (ds_map_exists(players, _sock)) return
        ds_map_set(players, _sock, {
          name: buffer_read(_b, buffer_string),
          x: 100 + 200 * ds_list_size(order),
          y: 40,
          angle: 0,
          seq: 0,
          done: false,
        })
        const _new = ds_map_find_value(players, _sock)
        buffer_seek(sbuf, buffer_seek_start, 0)
        buffer_write(sbuf, buffer_u8, PS_WELCOME)
        buffer_write(sbuf, buffer_u8, _sock) // habit b
        buffer_write(sbuf, buffer_s16, _new.x)
        buffer_write(sbuf, buffer_s16, _new.y)
        buffer_write(sbuf, buffer_string, level_text)
        network_send_packet(_sock, sbuf, buffer_tell(sbuf))

        // the old ones to the new one, the new one to the old ones
        for (let i = 0; i < ds_list_size(order); i++) {
          write_join(ds_list_find_value(order, i))
          network_send_packet(_sock, sbuf, buffer_tell(sbuf))
        }
        ds_list_add(order, _sock)
        write_join(_sock)
        send_all(_sock)

        if (state === 'waiting' && ds_list_size(order) >= level.wanted) {
          state = 'running'
          buffer_seek(sbuf, buffer_seek_start, 0)
          buffer_write(sbuf, buffer_u8, PS_GO)
          buffer_write(sbuf, buffer_u64, tick)
          send_all(noone)
        }
        return
      }

      if (!ds_map_exists(players, _sock)) return
      const _p = ds_map_find_value(players, _sock)

      if (_kind === PS_MOVE) {
        const _seq = buffer_read(_b, buffer_u8)
        const _want_x = buffer_read(_b, buffer_s16)
        const _want_y = buffer_read(_b, buffer_s16)
        const _angle = buffer_read(_b, buffer_f32)
        const _jumping = buffer_read(_b, buffer_u8)
        if (_seq <= _p.seq) return
        moves_total++

        // nobody is faster than max_step
        const _reach = level.max_step + 4 * _jumping
        const _x = Math.min(Math.max(_want_x, _p.x - _reach), _p.x + _reach)
        const _y = Math.min(Math.max(_want_y, _p.y - _reach), _p.y + _reach)
        const _corrected = _x !== _want_x || _y !== _want_y
        corrections += _corrected // habit a: true counts as 1
        _p.x = Math.min(Math.max(_x, -level.width), level.width)
        _p.y = _y
        _p.angle = _angle
        _p.seq = _seq

        buffer_seek(sbuf, buffer_seek_start, 0)
        buffer_write(sbuf, buffer_u8, PS_POS)
        buffer_write(sbuf, buffer_u8, _sock) // habit b
        buffer_write(sbuf, buffer_u8, _seq)
        buffer_write(sbuf, buffer_s16, _p.x)
        buffer_write(sbuf, buffer_s16, _p.y)
        buffer_write(sbuf, buffer_f32, _p.angle)
        buffer_write(sbuf, buffer_u8, _corrected) // habit a
        buffer_write(sbuf, buffer_u64, tick)
        send_all(noone)
        echoes_total += ds_list_size(order)
      }

      if (_kind === PS_DONE) {
        _p.done = true
        for (let i = 0; i < ds_list_size(order); i++) {
          if (!ds_map_find_value(players, ds_list_find_value(order, i)).done) return
        }
        if (state === 'running') {
          state = 'finished'
          send_snapshot()
        }
      }
      break
    }
  }
})

const steps = setInterval(() => {
  gml_step()
  step()
}, 1000 / 60)

// Clean Up
process.once('SIGINT', () => {
  clearInterval(steps)
  network_destroy(server)
  buffer_delete(sbuf)
  ds_map_destroy(players)
  ds_list_destroy(order)
})
