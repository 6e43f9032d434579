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
  ds_list_destroy,
  ds_list_sort,
  ds_map_clear,
  ds_map_create,
  ds_map_delete,
  ds_map_destroy,
  ds_map_find_value,
  ds_map_set,
  gml_on_networking,
  gml_step,
  json_parse,
  network_config_connect_timeout,
  network_config_message_size_limit,
  network_config_use_non_blocking_socket,
  network_connect,
  network_create_socket,
  network_destroy,
  network_send_packet,
  network_set_config,
  network_socket_tcp,
} from 'bitecs-networking/gml'

const alarm = [-1]

// Create
const my_name = global.player_name
const play_style = global.play_style
const port_text = String(global.net_port).replaceAll(/\D/g, '') // from the options file

let state = 'connecting'
let socket = -1
let my_id = -1
let my_points = 0
let claimed = 0
let act = 0
let accepted = 0
let warnings = 0
let kicks_seen = 0
let denied = 0
let connects = 0
let for_good = 0
let last_reason = ''

const name_of = ds_map_create() // socket on the server -> name
const rivals = ds_list_create() // names, sorted
const seen_kicks = ds_list_create()
const kick_reasons = ds_list_create()

const cbuf = buffer_create(1024, buffer_vbuffer, true) // habit g, habit a

network_set_config(network_config_connect_timeout, '4000') // habit h
network_set_config(network_config_use_non_blocking_socket, false) // habit a

const join = function () {
  if (socket >= 0) network_destroy(socket) // the old one is dead anyway
  ds_map_clear(name_of)
  state = 'connecting'
  my_id = -1
  my_points = 0
  claimed = 0
  act = 0
  connects++

  buffer_seek(cbuf, buffer_seek_start, 0)
  buffer_write(cbuf, buffer_u8, 1)
  buffer_write(cbuf, buffer_string, my_name)

  socket = network_create_socket(network_socket_tcp)
  network_set_config(network_config_message_size_limit, socket, 65536)
  network_connect(socket, global.net_host, port_text) // habit h
  network_send_packet(socket, cbuf, buffer_tell(cbuf)) // habit c
}

const send_score = function (_total) {
  buffer_seek(cbuf, buffer_seek_start, 0)
  buffer_write(cbuf, buffer_u8, 3)
  buffer_write(cbuf, buffer_u8, my_id) // habit b
  buffer_write(cbuf, buffer_u32, _total)
  network_send_packet(socket, cbuf, buffer_tell(cbuf))
}

const send_chat = function (_text) {
  buffer_seek(cbuf, buffer_seek_start, 0)
  buffer_write(cbuf, buffer_u8, 4)
  buffer_write(cbuf, buffer_string, _text)
  network_send_packet(socket, cbuf, buffer_tell(cbuf))
}

const play_fair = function () {
  claimed += 10
  send_score(claimed)
  if (claimed < 60) alarm[0] = 10
}

const play_foul = function () {
  if (kicks_seen === 0) {
    // first visit: one honest score, then a text far too long, then a lie
    switch (act) {
      case 0:
        send_score(10)
        break
      case 1:
        send_chat('blah '.repeat(150))
        break
      case 2:
        send_score(9999)
        break
    }
    act++
    if (act < 3) alarm[0] = 10
  } else {
    // second visit: shout
    for (let n = 30; n > 0; n--) {
      send_chat('let me win')
    }
  }
}

join()

// Alarm 0
function alarm_0() {
  switch (state) {
    case 'playing':
      if (play_style === 'fair') play_fair()
      else play_foul()
      break

    case 'kicked':
      join()
      break
  }
}

// Async - Networking
gml_on_networking(() => {
  if (ds_map_find_value(async_load, 'id') !== socket) return // could be late news for a socket we gave up
  const _b = ds_map_find_value(async_load, 'buffer') // habit d
  buffer_seek(_b, buffer_seek_start, 0)

  switch (buffer_read(_b, buffer_u8)) {
    case 11: // denied
      denied++
      last_reason = buffer_read(_b, buffer_string)
      state = 'banned'
      network_destroy(socket)
      socket = -1
      break

    case 12: {
      // challenge
      my_id = buffer_read(_b, buffer_u8)
      const _token = buffer_read(_b, buffer_string)
      const _where = buffer_read(_b, buffer_u64)
      buffer_seek(cbuf, buffer_seek_start, 0)
      buffer_write(cbuf, buffer_u8, 2)
      buffer_write(cbuf, buffer_u8, my_id) // habit b
      buffer_write(cbuf, buffer_string, _token.slice(Number(_where) - 1).slice(0, 6)) // habit f
      network_send_packet(socket, cbuf, buffer_tell(cbuf))
      break
    }

    case 13: {
      // welcome
      my_id = buffer_read(_b, buffer_u8)
      const _info = json_parse(buffer_read(_b, buffer_string)) // habit j
      for (let i = 0; i < _info.players.length; i++) {
        ds_map_set(name_of, _info.players[i].sock, _info.players[i].name)
        ds_list_add(rivals, _info.players[i].name)
      }
      ds_list_sort(rivals, true) // habit i
      state = 'welcome'
      break
    }

    case 14: {
      // somebody joined
      const _jid = buffer_read(_b, buffer_u8)
      ds_map_set(name_of, _jid, buffer_read(_b, buffer_string)) // habit b
      ds_list_add(rivals, ds_map_find_value(name_of, _jid))
      ds_list_sort(rivals, true) // habit i
      break
    }

    case 15: // go
      state = 'playing'
      alarm[0] = 10
      break

    case 16: // accepted
      if (buffer_read(_b, buffer_u8) !== my_id) return
      my_points = buffer_read(_b, buffer_u32)
      accepted++
      if (my_points >= 60) state = 'done'
      break

    case 17: // warning
      warnings++
      last_reason = buffer_read(_b, buffer_string)
      break

    case 18: // kicked
      kicks_seen++
      last_reason = buffer_read(_b, buffer_string)
      for_good = buffer_read(_b, buffer_u8)
      ds_list_add(kick_reasons, last_reason)
      state = 'kicked'
      alarm[0] = 40 // try again, whatever they said
      break

    case 19: {
      // somebody was kicked
      const _kid = buffer_read(_b, buffer_u8)
      ds_list_add(
        seen_kicks,
        ds_map_find_value(name_of, _kid) + ': ' + buffer_read(_b, buffer_string),
      ) // habit b
      ds_map_delete(name_of, _kid)
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
  if (socket >= 0) network_destroy(socket)
  buffer_delete(cbuf)
  ds_map_destroy(name_of)
  ds_list_destroy(rivals)
  ds_list_destroy(seen_kicks)
  ds_list_destroy(kick_reasons)
})
