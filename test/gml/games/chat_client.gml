// obj_chat_client  (TCP chat)
//
// set by the test before Create: global.net_host, global.net_port (number or text),
//                                global.player_name ("ann" / "bob")
//
// after the script with two clients:
//   state == "left"         socket == -1          motd == "server: be nice — ¡y diviértete! 🎮"
//   said == 3               lines_seen == 6       old_lines == 1 (what the welcome brought)
//   ds_list_size(chat_log) == 7                   lines_by[? my_id] == 3 and 3 for the other id
//   whisper_text == "psst, this is bob ♥" for ann ("psst, this is ann ♥" for bob)
//   whisper_from == the id of the other
//   final_users[0] == "ann_afk", final_users[1] == "bob_afk"
//   found_ok == true        max_users == 2
//
// habits in this file: a b c d f g h i j

/// Create
my_name = global.player_name;
my_id   = -1;
state   = "joining";
motd    = "";
said    = 0;
lines_seen   = 0;
old_lines    = 0;
max_users    = 0;
last_index   = int64(-1);
whispered    = false;
whisper_text = "";
whisper_from = -1;
nick_sent    = false;
lookup_sent  = false;
found_ok     = false;
final_users  = [];

chat_log = ds_list_create();  // what the chat window shows
online   = ds_list_create();  // names, sorted
name_of  = ds_map_create();   // id -> name
lines_by = ds_map_create();   // id -> number of lines

things_to_say = [
    "hello, I am " + my_name,
    "naïve façade — 日本語 🎲",
    "{\"not\": \"json\", \\ and 'quotes' \"stay\"}"
];

cbuf = buffer_create(1024, buffer_vbuffer, 1); // habit g

// join with a json, the line after the connect
buffer_seek(cbuf, buffer_seek_start, 0);
buffer_write(cbuf, buffer_u8, true); // habit a: 1 is "join"
buffer_write(cbuf, buffer_string, json_stringify({ name : my_name, away : false, version : 3 }));

network_set_config(network_config_use_non_blocking_socket, false); // habit a
socket = network_create_socket(network_socket_tcp);
network_connect(socket, global.net_host, string(global.net_port)); // habit h
network_send_packet(socket, cbuf, buffer_tell(cbuf));              // habit c

say = function(_text) {
    buffer_seek(cbuf, buffer_seek_start, 0);
    buffer_write(cbuf, buffer_u8, 2);
    buffer_write(cbuf, buffer_string, _text);
    network_send_packet(socket, cbuf, buffer_tell(cbuf));
    said++;
};

whisper = function(_to, _text) {
    buffer_seek(cbuf, buffer_seek_start, 0);
    buffer_write(cbuf, buffer_u8, 3);
    buffer_write(cbuf, buffer_u8, _to); // habit b
    buffer_write(cbuf, buffer_u64, string_byte_length(_text) + 1);
    buffer_write(cbuf, buffer_string, _text);
    network_send_packet(socket, cbuf, buffer_tell(cbuf));
};

/// Alarm 0
// types like a person
if (state != "talking") exit;

if (said < array_length(things_to_say)) {
    say(things_to_say[said]);
    alarm[0] = 6;
} else if (!whispered) {
    for (var k = ds_map_find_first(name_of); !is_undefined(k); k = ds_map_find_next(name_of, k)) {
        if (k == my_id) continue;
        whisper(k, "psst, this is " + my_name + " ♥");
        whispered = true;
    }
}

/// Step
if (state == "talking" && !nick_sent && whispered && lines_seen == 6 && whisper_text != "") {
    nick_sent = true;
    buffer_seek(cbuf, buffer_seek_start, 0);
    buffer_write(cbuf, buffer_u8, 4);
    buffer_write(cbuf, buffer_string, my_name + "_afk");
    network_send_packet(socket, cbuf, buffer_tell(cbuf));
}

/// Async - Networking
if (async_load[? "id"] != socket) exit;
var _b = async_load[? "buffer"]; // habit d
buffer_seek(_b, buffer_seek_start, 0);

switch (buffer_read(_b, buffer_u8))
{
    case 101: // welcome
        my_id = buffer_read(_b, buffer_u8);
        var _map  = json_decode(buffer_read(_b, buffer_string));
        var _list = _map[? "history"];
        motd = _map[? "motd"];
        for (var i = 0; i < ds_list_size(_list); i++) {
            ds_list_add(chat_log, _list[| i]);
            old_lines++;
        }
        ds_map_destroy(_map);
        state = "waiting";
        break;

    case 102: // users
        var _info = json_parse(buffer_read(_b, buffer_string)); // habit j
        ds_map_clear(name_of);
        ds_list_clear(online);
        var _afk = 0;
        for (var i = 0; i < array_length(_info.users); i++) {
            var _u = _info.users[i];
            name_of[? _u.sock] = _u.name;
            ds_list_add(online, _u.name);
            _afk += (string_pos("_afk", _u.name) > 0); // habit a
        }
        ds_list_sort(online, true); // habit i
        max_users = max(max_users, _info.count);

        if (state == "waiting" && _info.count >= 2) {
            state = "talking";
            alarm[0] = 6;
        }
        if (_afk == 2 && !lookup_sent) {
            lookup_sent = true;
            final_users = [];
            for (var i = 0; i < ds_list_size(online); i++) {
                array_push(final_users, online[| i]);
            }
            // is the last line the same over there?
            buffer_seek(cbuf, buffer_seek_start, 0);
            buffer_write(cbuf, buffer_u8, 5);
            buffer_write(cbuf, buffer_u64, last_index);
            network_send_packet(socket, cbuf, buffer_tell(cbuf));
        }
        break;

    case 103: // line
        var _who = buffer_read(_b, buffer_u8);
        last_index = buffer_read(_b, buffer_u64);
        ds_list_add(chat_log, buffer_read(_b, buffer_string));
        lines_seen++;
        if (!ds_map_exists(lines_by, _who)) ds_map_add(lines_by, _who, 0); // habit b
        lines_by[? _who] += 1;
        break;

    case 104: // whisper
        whisper_from = buffer_read(_b, buffer_u8);
        whisper_text = buffer_read(_b, buffer_string);
        show_debug_message(name_of[? whisper_from] + " whispers: " + whisper_text); // habit b
        break;

    case 105: // found
        var _index = buffer_read(_b, buffer_u64);
        var _line  = buffer_read(_b, buffer_string);
        found_ok = (_line == chat_log[| _index]); // habit f
        // that is all, goodbye
        state = "left";
        network_destroy(socket);
        socket = -1;
        break;
}

/// Clean Up
if (socket >= 0) network_destroy(socket);
buffer_delete(cbuf);
ds_list_destroy(chat_log);
ds_list_destroy(online);
ds_map_destroy(name_of);
ds_map_destroy(lines_by);
