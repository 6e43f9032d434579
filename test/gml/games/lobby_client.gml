// obj_lobby_client  (one per running game: it does not filter the events of other sockets)
//
// set by the test before Create: global.net_host ("127.0.0.1"), global.net_port (number or text),
//                                global.player_name ("ann" in one game, "bob" in the other)
//
// after the script with two clients:
//   state == "results"        connection >= 0
//   my_id == the server's socket of this client     lobby_title == "Friday night"
//   names[| 0] == "ann", names[| 1] == "bob"        ds_map_size(roster) == 2
//   map_name == "harbour"     map_ok == true        hits_sent == 3
//   my_points == 30           points_of[? either id] == 30     times_hit == 3
//   winner_name == "bob"      board[0] == "0030|bob", board[1] == "0030|ann"
//
// habits in this file: a b c d f g h i j

/// Create
// the text box of the join menu holds "host:port"
address_text = global.net_host + ":" + string(global.net_port);
var _colon = string_pos(":", address_text);
join_host = string_copy(address_text, 1, _colon - 1);
join_port = string_delete(address_text, 1, _colon);   // stays a text

my_name     = global.player_name;
my_id       = -1;
my_points   = 0;
state       = "joining";
lobby_title = "";
map_name    = "";
map_ok      = false;
hits_max    = 0;
hits_sent   = 0;
times_hit   = 0;
winner_name = "";
board       = [];
maps        = ["dunes", "docks", "harbour", "mines"];

roster    = ds_map_create();   // socket on the server -> struct
points_of = ds_map_create();   // socket on the server -> points
names     = ds_list_create();  // for the menu, sorted

cbuf = buffer_create(256, buffer_vbuffer, 1); // habit g
buffer_seek(cbuf, buffer_seek_start, 0);
buffer_write(cbuf, buffer_u8, LOBBY.JOIN);
buffer_write(cbuf, buffer_string, my_name);

network_set_config(network_config_connect_timeout, 4000);
network_set_config(network_config_use_non_blocking_socket, false); // habit a
socket = network_create_socket(network_socket_tcp);
connection = network_connect(socket, join_host, join_port);        // habit h
network_send_packet(socket, cbuf, buffer_tell(cbuf));              // habit c
if (connection < 0) {
    show_debug_message("lobby: nobody listens at " + address_text);
    state = "offline";
}

send_ready = function(_ready) {
    buffer_seek(cbuf, buffer_seek_start, 0);
    buffer_write(cbuf, buffer_u8, LOBBY.READY);
    buffer_write(cbuf, buffer_u8, _ready); // habit a
    network_send_packet(socket, cbuf, buffer_tell(cbuf));
};

/// Alarm 0
// stands in for the player's hands
switch (state)
{
    case "lobby":
        send_ready(true);
        break;

    case "playing":
        // shoot at the first one who is not me
        var _target = ds_map_find_first(roster);
        while (!is_undefined(_target) && _target == my_id) {
            _target = ds_map_find_next(roster, _target);
        }
        if (is_undefined(_target)) exit;
        buffer_seek(cbuf, buffer_seek_start, 0);
        buffer_write(cbuf, buffer_u8, LOBBY.HIT);
        buffer_write(cbuf, buffer_u8, _target); // habit b
        network_send_packet(socket, cbuf, buffer_tell(cbuf));
        hits_sent++;
        if (hits_sent < hits_max) alarm[0] = 8;
        break;
}

/// Async - Networking
var _b = async_load[? "buffer"]; // habit d
buffer_seek(_b, buffer_seek_start, 0);

switch (buffer_read(_b, buffer_u8))
{
    case LOBBY.WELCOME:
        my_id = buffer_read(_b, buffer_u8);
        lobby_title = buffer_read(_b, buffer_string);
        state = "lobby";
        alarm[0] = 15;
        break;

    case LOBBY.ROSTER:
        ds_map_clear(roster);
        ds_list_clear(names);
        repeat (buffer_read(_b, buffer_u8)) {
            var _pid   = buffer_read(_b, buffer_u8);
            var _pname = buffer_read(_b, buffer_string);
            var _prdy  = buffer_read(_b, buffer_u8);
            roster[? _pid] = { name : _pname, ready : _prdy }; // habit b
            ds_list_add(names, _pname);
        }
        ds_list_sort(names, true); // habit i
        break;

    case LOBBY.START:
        var _seed = buffer_read(_b, buffer_u64);
        var _info = json_parse(buffer_read(_b, buffer_string)); // habit j
        map_name = maps[_seed & 3];                             // habit f
        map_ok   = (map_name == _info.map && array_length(_info.names) == ds_map_size(roster));
        hits_max = _info.hits;
        state = "loading";
        buffer_seek(cbuf, buffer_seek_start, 0);
        buffer_write(cbuf, buffer_u8, LOBBY.LOADED);
        buffer_write(cbuf, buffer_u64, _seed);
        buffer_write(cbuf, buffer_u8, map_ok); // habit a
        network_send_packet(socket, cbuf, buffer_tell(cbuf));
        break;

    case LOBBY.GO:
        state = "playing";
        alarm[0] = 8;
        break;

    case LOBBY.SCORE:
        var _shooter = buffer_read(_b, buffer_u8);
        var _victim  = buffer_read(_b, buffer_u8);
        points_of[? _shooter] = buffer_read(_b, buffer_u16); // habit b
        if (_shooter == my_id) my_points = points_of[? my_id];
        if (_victim == my_id) times_hit++;
        break;

    case LOBBY.RESULTS:
        board = [];
        repeat (buffer_read(_b, buffer_u8)) {
            array_push(board, buffer_read(_b, buffer_string));
        }
        winner_name = string_delete(board[0], 1, 5);
        state = "results";
        show_debug_message(my_name + ": " + winner_name + " wins");
        break;
}

/// Clean Up
network_destroy(socket);
buffer_delete(cbuf);
ds_map_destroy(roster);
ds_map_destroy(points_of);
ds_list_destroy(names);
