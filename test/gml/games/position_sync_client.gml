// obj_position_sync_client  (WebSocket)
//
// set by the test before Create: global.net_host, global.net_port (number or text),
//                                global.player_name ("ann" / "bob")
//
// after the script with two clients:
//   state == "finished"      moves_sent == 5      acked_seq == 5     corrections == 1
//   my_y == -35              my_angle == 112.5
//   my_x == 156 for the one who said hello first (spawn_x == 100), 356 for the other (spawn_x == 300)
//   others_seen == 5 (echoes of the other one's moves)
//   ds_map_size(pos) == 2    level_name == "meadow"      late_ticks == 0
//   final_pos[? my_id] and final_pos[? the other id] are structs with x, y, angle as on the server
//
// habits in this file: a b c d f g h i j

/// Create
my_name  = global.player_name;
my_id    = -1;
my_x     = 0;
my_y     = 0;
my_angle = 0;
spawn_x  = 0;
state    = "joining";
level_name  = "";
level       = undefined;
moves_sent  = 0;
acked_seq   = 0;
corrections = 0;
others_seen = 0;
late_ticks  = 0;
last_tick   = int64(0);

pos       = ds_map_create();  // socket on the server -> struct
final_pos = ds_map_create();
tags      = ds_list_create(); // name tags, sorted for the scoreboard

port_text = string(global.net_port); // as typed by the player

cbuf = buffer_create(128, buffer_vbuffer, true); // habit g, habit a
buffer_write(cbuf, buffer_u8, PS_HELLO);
buffer_write(cbuf, buffer_string, my_name);

network_set_config(network_config_use_non_blocking_socket, false); // habit a
socket = network_create_socket(network_socket_ws);
network_connect(socket, global.net_host, port_text);  // habit h
network_send_packet(socket, cbuf, buffer_tell(cbuf)); // habit c

send_move = function() {
    // the keys of this frame: always right and up
    var _right = true;
    var _left  = false;
    var _up    = true;
    var _down  = false;
    var _dx = (_right - _left) * 10; // habit a
    var _dy = (_down - _up) * 15;    // habit a

    moves_sent++;
    if (moves_sent == 4) _dx += 490; // speed hack, the server must not believe it

    buffer_seek(cbuf, buffer_seek_start, 0);
    buffer_write(cbuf, buffer_u8, PS_MOVE);
    buffer_write(cbuf, buffer_u8, moves_sent);
    buffer_write(cbuf, buffer_s16, my_x + _dx);
    buffer_write(cbuf, buffer_s16, my_y + _dy);
    buffer_write(cbuf, buffer_f32, 22.5 * moves_sent);
    buffer_write(cbuf, buffer_u8, _down); // habit a: jumping
    network_send_packet(socket, cbuf, buffer_tell(cbuf));
};

/// Alarm 0
send_move();

/// Async - Networking
if (async_load[? "id"] != socket) exit;
var _b = async_load[? "buffer"];                // habit d
var _kind = buffer_peek(_b, false, buffer_u8);  // habit a
buffer_seek(_b, buffer_seek_start, 1);

switch (_kind)
{
    case PS_WELCOME:
        my_id = buffer_read(_b, buffer_u8);
        my_x  = buffer_read(_b, buffer_s16);
        my_y  = buffer_read(_b, buffer_s16);
        spawn_x = my_x;
        level = json_parse(buffer_read(_b, buffer_string)); // habit j
        pos[? my_id] = { x : my_x, y : my_y, angle : 0, name : my_name };
        ds_list_add(tags, my_name);
        state = "waiting";
        break;

    case PS_JOIN:
        var _jid = buffer_read(_b, buffer_u8);
        var _jx  = buffer_read(_b, buffer_s16);
        var _jy  = buffer_read(_b, buffer_s16);
        var _ja  = buffer_read(_b, buffer_f32);
        var _jn  = buffer_read(_b, buffer_string);
        pos[? _jid] = { x : _jx, y : _jy, angle : _ja, name : _jn }; // habit b
        ds_list_add(tags, _jn);
        ds_list_sort(tags, true); // habit i
        break;

    case PS_GO:
        last_tick = buffer_read(_b, buffer_u64);
        state = "running";
        alarm[0] = 5;
        break;

    case PS_POS:
        var _pid = buffer_read(_b, buffer_u8);
        var _seq = buffer_read(_b, buffer_u8);
        var _who = pos[? _pid]; // habit b
        if (is_undefined(_who)) exit;
        _who.x = buffer_read(_b, buffer_s16);
        _who.y = buffer_read(_b, buffer_s16);
        _who.angle = buffer_read(_b, buffer_f32);
        var _corrected = buffer_read(_b, buffer_u8);
        var _tick = buffer_read(_b, buffer_u64);
        if (_tick < last_tick) late_ticks++;
        last_tick = _tick;

        if (_pid != my_id) {
            others_seen++;
            exit;
        }
        acked_seq = _seq;
        my_x = _who.x;
        my_y = _who.y;
        my_angle = _who.angle;
        corrections += _corrected;
        if (moves_sent < 5) {
            alarm[0] = 5;
        } else {
            buffer_seek(cbuf, buffer_seek_start, 0);
            buffer_write(cbuf, buffer_u8, PS_DONE);
            buffer_write(cbuf, buffer_u64, last_tick);
            network_send_packet(socket, cbuf, buffer_tell(cbuf));
        }
        break;

    case PS_SNAPSHOT:
        var _ofs = buffer_read(_b, buffer_u64);
        level_name = buffer_read(_b, buffer_string);
        var _count = buffer_peek(_b, _ofs, buffer_u8);   // habit f
        buffer_seek(_b, buffer_seek_start, _ofs + 1);    // habit f
        for (var i = 0; i < _count; i++) {
            var _fid = buffer_read(_b, buffer_u8);
            var _fx  = buffer_read(_b, buffer_s16);
            var _fy  = buffer_read(_b, buffer_s16);
            var _fa  = buffer_read(_b, buffer_f32);
            final_pos[? _fid] = { x : _fx, y : _fy, angle : _fa };
        }
        state = "finished";
        show_debug_message(my_name + " ended at " + string(my_x) + "," + string(my_y));
        break;

    case PS_LEFT:
        ds_map_delete(pos, buffer_read(_b, buffer_u8));
        break;
}

/// Clean Up
network_destroy(socket);
buffer_delete(cbuf);
ds_map_destroy(pos);
ds_map_destroy(final_pos);
ds_list_destroy(tags);
