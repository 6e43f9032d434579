// obj_kick_server_client  (TCP, plays fair or not)
//
// set by the test before Create: global.net_host, global.net_port (number or text),
//                                global.player_name, global.play_style
//                                ("ann" with "fair" in one game, "bob" with "cheat" in the other)
//
// after the script with two clients:
//   ann: state == "done"    accepted == 6   my_points == 60   warnings == 0   kicks_seen == 0
//        seen_kicks[| 0] == "bob: cheating", seen_kicks[| 1] == "bob: flood"
//        connects == 1      ds_list_size(seen_kicks) == 2
//   bob: state == "banned"  accepted == 1   warnings == 1     kicks_seen == 2 denied == 1
//        last_reason == "banned"            kick_reasons[| 0] == "cheating", kick_reasons[| 1] == "flood"
//        for_good == 1      connects == 3   socket == -1
//
// habits in this file: a b c d f g h i j

/// Create
my_name    = global.player_name;
play_style = global.play_style;
port_text  = string_digits(string(global.net_port)); // from the options file

state       = "connecting";
socket      = -1;
my_id       = -1;
my_points   = 0;
claimed     = 0;
act         = 0;
accepted    = 0;
warnings    = 0;
kicks_seen  = 0;
denied      = 0;
connects    = 0;
for_good    = 0;
last_reason = "";

name_of      = ds_map_create();  // socket on the server -> name
rivals       = ds_list_create(); // names, sorted
seen_kicks   = ds_list_create();
kick_reasons = ds_list_create();

cbuf = buffer_create(1024, buffer_vbuffer, true); // habit g, habit a

network_set_config(network_config_connect_timeout, "4000");        // habit h
network_set_config(network_config_use_non_blocking_socket, false); // habit a

join = function() {
    if (socket >= 0) network_destroy(socket); // the old one is dead anyway
    ds_map_clear(name_of);
    state     = "connecting";
    my_id     = -1;
    my_points = 0;
    claimed   = 0;
    act       = 0;
    connects++;

    buffer_seek(cbuf, buffer_seek_start, 0);
    buffer_write(cbuf, buffer_u8, 1);
    buffer_write(cbuf, buffer_string, my_name);

    socket = network_create_socket(network_socket_tcp);
    network_set_config(network_config_message_size_limit, socket, 65536);
    network_connect(socket, global.net_host, port_text);  // habit h
    network_send_packet(socket, cbuf, buffer_tell(cbuf)); // habit c
};

send_score = function(_total) {
    buffer_seek(cbuf, buffer_seek_start, 0);
    buffer_write(cbuf, buffer_u8, 3);
    buffer_write(cbuf, buffer_u8, my_id); // habit b
    buffer_write(cbuf, buffer_u32, _total);
    network_send_packet(socket, cbuf, buffer_tell(cbuf));
};

send_chat = function(_text) {
    buffer_seek(cbuf, buffer_seek_start, 0);
    buffer_write(cbuf, buffer_u8, 4);
    buffer_write(cbuf, buffer_string, _text);
    network_send_packet(socket, cbuf, buffer_tell(cbuf));
};

play_fair = function() {
    claimed += 10;
    send_score(claimed);
    if (claimed < 60) alarm[0] = 10;
};

play_foul = function() {
    if (kicks_seen == 0) {
        // first visit: one honest score, then a text far too long, then a lie
        switch (act) {
            case 0: send_score(10); break;
            case 1: send_chat(string_repeat("blah ", 150)); break;
            case 2: send_score(9999); break;
        }
        act++;
        if (act < 3) alarm[0] = 10;
    } else {
        // second visit: shout
        repeat (30) {
            send_chat("let me win");
        }
    }
};

join();

/// Alarm 0
switch (state)
{
    case "playing":
        if (play_style == "fair") play_fair();
        else play_foul();
        break;

    case "kicked":
        join();
        break;
}

/// Async - Networking
if (async_load[? "id"] != socket) exit; // could be late news for a socket we gave up
var _b = async_load[? "buffer"]; // habit d
buffer_seek(_b, buffer_seek_start, 0);

switch (buffer_read(_b, buffer_u8))
{
    case 11: // denied
        denied++;
        last_reason = buffer_read(_b, buffer_string);
        state = "banned";
        network_destroy(socket);
        socket = -1;
        break;

    case 12: // challenge
        my_id = buffer_read(_b, buffer_u8);
        var _token = buffer_read(_b, buffer_string);
        var _where = buffer_read(_b, buffer_u64);
        buffer_seek(cbuf, buffer_seek_start, 0);
        buffer_write(cbuf, buffer_u8, 2);
        buffer_write(cbuf, buffer_u8, my_id); // habit b
        buffer_write(cbuf, buffer_string, string_copy(_token, _where, 6)); // habit f
        network_send_packet(socket, cbuf, buffer_tell(cbuf));
        break;

    case 13: // welcome
        my_id = buffer_read(_b, buffer_u8);
        var _info = json_parse(buffer_read(_b, buffer_string)); // habit j
        for (var i = 0; i < array_length(_info.players); i++) {
            name_of[? _info.players[i].sock] = _info.players[i].name;
            ds_list_add(rivals, _info.players[i].name);
        }
        ds_list_sort(rivals, true); // habit i
        state = "welcome";
        break;

    case 14: // somebody joined
        var _jid = buffer_read(_b, buffer_u8);
        name_of[? _jid] = buffer_read(_b, buffer_string); // habit b
        ds_list_add(rivals, name_of[? _jid]);
        ds_list_sort(rivals, true); // habit i
        break;

    case 15: // go
        state = "playing";
        alarm[0] = 10;
        break;

    case 16: // accepted
        if (buffer_read(_b, buffer_u8) != my_id) exit;
        my_points = buffer_read(_b, buffer_u32);
        accepted++;
        if (my_points >= 60) state = "done";
        break;

    case 17: // warning
        warnings++;
        last_reason = buffer_read(_b, buffer_string);
        break;

    case 18: // kicked
        kicks_seen++;
        last_reason = buffer_read(_b, buffer_string);
        for_good = buffer_read(_b, buffer_u8);
        ds_list_add(kick_reasons, last_reason);
        state = "kicked";
        alarm[0] = 40; // try again, whatever they said
        break;

    case 19: // somebody was kicked
        var _kid = buffer_read(_b, buffer_u8);
        ds_list_add(seen_kicks, name_of[? _kid] + ": " + buffer_read(_b, buffer_string)); // habit b
        ds_map_delete(name_of, _kid);
        break;
}

/// Clean Up
if (socket >= 0) network_destroy(socket);
buffer_delete(cbuf);
ds_map_destroy(name_of);
ds_list_destroy(rivals);
ds_list_destroy(seen_kicks);
ds_list_destroy(kick_reasons);
