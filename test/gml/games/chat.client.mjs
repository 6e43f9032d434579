import {
  async_load,
  buffer_create,
  buffer_delete,
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
  ds_list_clear,
  ds_list_create,
  ds_list_destroy,
  ds_list_find_value,
  ds_list_size,
  ds_list_sort,
  ds_map_add,
  ds_map_clear,
  ds_map_create,
  ds_map_destroy,
  ds_map_exists,
  ds_map_find_first,
  ds_map_find_next,
  ds_map_find_value,
  ds_map_set,
  gml_on_networking,
  gml_step,
  json_decode,
  json_parse,
  json_stringify,
  network_config_use_non_blocking_socket,
  network_connect,
  network_create_socket,
  network_destroy,
  network_send_packet,
  network_set_config,
  network_socket_tcp,
  string_byte_length,
} from 'bitecs-networking/gml'

const alarm = [-1]

// Create
const my_name = global.player_name
let my_id = -1
let state = 'joining'
let motd = ''
let said = 0
let lines_seen = 0
let old_lines = 0
let max_users = 0
let last_index = BigInt(-1)
let whispered = false
let whisper_text = ''
let whisper_from = -1
let nick_sent = false
let lookup_sent = false
let found_ok = false
let final_users = []

const chat_log = ds_list_create() // what the chat window shows
const online = ds_list_create() // names, sorted
const name_of = ds_map_create() // id -> name
const lines_by = ds_map_create() // id -> number of lines

const things_to_say = [
  'hello, I am ' + my_name,
  'naïve façade — 日本語 🎲',
  '{"not": "json", \\ and \'quotes\' "stay"}',
]

const cbuf = buffer_create(1024, buffer_vbuffer, 1) // habit g

// join with a json, the line after the connect
buffer_seek(cbuf, buffer_seek_start, 0)
buffer_write(cbuf, buffer_u8, true) // habit a: 1 is "join"
buffer_write(cbuf, buffer_string, json_stringify({ name: my_name, away: false, version: 3 }))

network_set_config(network_config_use_non_blocking_socket, false) // habit a
let socket = network_create_socket(network_socket_tcp)
network_connect(socket, global.net_host, String(global.net_port)) // habit h
network_send_packet(socket, cbuf, buffer_tell(cbuf)) // habit c

const say = function (_text) {
  buffer_seek(cbuf, buffer_seek_start, 0)
  buffer_write(cbuf, buffer_u8, 2)
  buffer_write(cbuf, buffer_string, _text)
  network_send_packet(socket, cbuf, buffer_tell(cbuf))
  said++
}

const whisper = function (_to, _text) {
  buffer_seek(cbuf, buffer_seek_start, 0)
  buffer_write(cbuf, buffer_u8, 3)
  buffer_write(cbuf, buffer_u8, _to) // habit b
  buffer_write(cbuf, buffer_u64, string_byte_length(_text) + 1)
  buffer_write(cbuf, buffer_string, _text)
  network_send_packet(socket, cbuf, buffer_tell(cbuf))
}

// Alarm 0
function alarm_0() {
  // types like a person
  if (state !== 'talking') return

  if (said < things_to_say.length) {
    say(things_to_say[said])
    alarm[0] = 6
  } else if (!whispered) {
    for (let k = ds_map_find_first(name_of); k !== undefined; k = ds_map_find_next(name_of, k)) {
      if (k === my_id) continue
      whisper(k, 'psst, this is ' + my_name + ' ♥')
      whispered = true
    }
  }
}

// Step
function step() {
  if (state === 'talking' && !nick_sent && whispered && lines_seen === 6 && whisper_text !== '') {
    nick_sent = true
    buffer_seek(cbuf, buffer_seek_start, 0)
    buffer_write(cbuf, buffer_u8, 4)
    buffer_write(cbuf, buffer_string, my_name + '_afk')
    network_send_packet(socket, cbuf, buffer_tell(cbuf))
  }
}

// Async - Networking
gml_on_networking(() => {
  if (ds_map_find_value(async_load, 'id') !== socket) return
  const _b = ds_map_find_value(async_load, 'buffer') // habit d
  buffer_seek(_b, buffer_seek_start, 0)

  switch (buffer_read(_b, buffer_u8)) {
    case 101: {
      // welcome
      my_id = buffer_read(_b, buffer_u8)
      const _map = json_decode(buffer_read(_b, buffer_string))
      const _list = ds_map_find_value(_map, 'history')
      motd = ds_map_find_value(_map, 'motd')
      for (let i = 0; i < ds_list_size(_list); i++) {
        ds_list_add(chat_log, ds_list_find_value(_list, i))
        old_lines++
      }
      ds_map_destroy(_map)
      state = 'waiting'
      break
    }

    case 102: {
      // users
      const _info = json_parse(buffer_read(_b, buffer_string)) // habit j
      ds_map_clear(name_of)
      ds_list_clear(online)
      let _afk = 0
      for (let i = 0; i < _info.users.length; i++) {
        const _u = _info.users[i]
        ds_map_set(name_of, _u.sock, _u.name)
        ds_list_add(online, _u.name)
        _afk += _u.name.indexOf('_afk') + 1 > 0 // habit a
      }
      ds_list_sort(online, true) // habit i
      max_users = Math.max(max_users, _info.count)

      if (state === 'waiting' && _info.count >= 2) {
        state = 'talking'
        alarm[0] = 6
      }
      if (_afk === 2 && !lookup_sent) {
        lookup_sent = true
        final_users = []
        for (let i = 0; i < ds_list_size(online); i++) {
          final_users.push(ds_list_find_value(online, i))
        }
        // is the last line the same over there?
        buffer_seek(cbuf, buffer_seek_start, 0)
        buffer_write(cbuf, buffer_u8, 5)
        buffer_write(cbuf, buffer_u64, last_index)
        network_send_packet(socket, cbuf, buffer_tell(cbuf))
      }
      break
    }

    case 103: {
      // line
      const _who = buffer_read(_b, buffer_u8)
      last_index = buffer_read(_b, buffer_u64)
      ds_list_add(chat_log, buffer_read(_b, buffer_string))
      lines_seen++
      if (!ds_map_exists(lines_by, _who)) ds_map_add(lines_by, _who, 0) // habit b
      ds_map_set(lines_by, _who, ds_map_find_value(lines_by, _who) + 1)
      break
    }

    case 104: // whisper
      whisper_from = buffer_read(_b, buffer_u8)
      whisper_text = buffer_read(_b, buffer_string)
      console.log(ds_map_find_value(name_of, whisper_from) + ' whispers: ' + whisper_text) // habit b
      break

    case 105: {
      // found
      const _index = buffer_read(_b, buffer_u64)
      const _line = buffer_read(_b, buffer_string)
      found_ok = _line === ds_list_find_value(chat_log, _index) // habit f
      // that is all, goodbye
      state = 'left'
      network_destroy(socket)
      socket = -1
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
  step()
}, 1000 / 60)

// Clean Up
process.once('SIGINT', () => {
  clearInterval(steps)
  if (socket >= 0) network_destroy(socket)
  buffer_delete(cbuf)
  ds_list_destroy(chat_log)
  ds_list_destroy(online)
  ds_map_destroy(name_of)
  ds_map_destroy(lines_by)
})
